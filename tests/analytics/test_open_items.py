"""What is open as of a day, and the statement that both sides keep of it."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
import python_calamine as calamine

from portal.invoicing import commands
from portal.invoicing.forms import Settlement
from portal.platform.convert import convert
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm
from tests.harness.deliveries import body, despatched, line_ids, received_goods
from tests.harness.invoices import approved_invoice, billed, submitted_invoice
from tests.harness.world import a_colleague, accepted_order, line, trading_pair

OPEN = "/api/v1/open-items"


@pytest.fixture
async def history(clock):
    """1 March: 10 × 12.50 ordered. 5 March: 6 come. 10 March: 4 of them invoiced. 20 March: that is paid."""
    company, supplier = await trading_pair()
    await clock(datetime(2026, 3, 1, 9, tzinfo=UTC))
    order = await accepted_order(company, supplier, line(quantity="10", unit_price="12.50", tax_rate="19"))
    await clock(datetime(2026, 3, 5, 9, tzinfo=UTC))
    await received_goods(company, order, "6")
    await clock(datetime(2026, 3, 10, 9, tzinfo=UTC))
    lines = await _billed(company, order, "4")
    invoice = await approved_invoice(company, supplier, order, *lines, issue_date="2026-03-10")
    await clock(datetime(2026, 3, 20, 9, tzinfo=UTC))
    await _paid(company, invoice, date(2026, 3, 20))
    await clock(datetime(2026, 4, 1, 9, tzinfo=UTC))
    return company, supplier, order, invoice


async def _billed(company, order, quantity):
    return [billed(each, quantity) for each in await line_ids(company, order)]


async def _paid(company, invoice, day):
    await commands.settle(company.payable, invoice.id, convert(Settlement, {"date": str(day), "reference": "PAY-1"}))


async def sums(client, **asked):
    found = (await client.get(OPEN, params=asked)).json()
    return [(p["not_received"], p["not_invoiced"], p["not_settled"], p["overdue"]) for p in found["pairs"]]


async def test_every_day_has_its_own_open_items(history, client_of):
    company, supplier, _order, _invoice = history
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)

    for day, expected in (
        ("2026-02-28", []),
        ("2026-03-01", [("125.00", "0.00", "0.00", "0.00")]),
        ("2026-03-05", [("50.00", "75.00", "0.00", "0.00")]),
        ("2026-03-10", [("50.00", "25.00", "59.50", "0.00")]),
        ("2026-03-19", [("50.00", "25.00", "59.50", "0.00")]),
        ("2026-03-20", [("50.00", "25.00", "0.00", "0.00")]),
    ):
        assert await sums(payable, as_of=day) == expected, day
        assert await sums(billing, as_of=day) == expected, day


async def test_what_is_over_is_open_no_more_but_was(history, client_of, clock):
    company, _supplier, order, _invoice = history
    payable = await client_of(company.payable)
    buyer = await client_of(company.buyer)
    await clock(datetime(2026, 4, 2, 9, tzinfo=UTC))
    closed = await buyer.post(f"/api/v1/purchase-orders/{order.id}/close")
    assert closed.status_code == 200, closed.text

    assert await sums(payable, as_of="2026-04-02") == [("0.00", "25.00", "0.00", "0.00")]
    assert await sums(payable, as_of="2026-04-01") == [("50.00", "25.00", "0.00", "0.00")]


async def test_a_bill_past_its_day_is_overdue(history, client_of, clock):
    company, supplier, order, _invoice = history
    await submitted_invoice(supplier, order, *await _billed(company, order, "2"), issue_date="2026-04-01")
    await clock(datetime(2026, 6, 1, 9, tzinfo=UTC))

    assert await sums(await client_of(company.payable)) == [("50.00", "0.00", "29.75", "29.75")]


async def test_the_files_hold_every_item_and_no_formula(history, client_of):
    company, _supplier, order, _invoice = history
    payable = await client_of(company.payable)

    text = (await payable.get("/open-items.csv?as_of=2026-03-10")).text
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert [(row[0], row[3], row[8]) for row in rows[1:3]] == [
        ("Ordered, not received (net)", order.number, "50.00"),
        ("Received, not invoiced (net)", order.number, "25.00"),
    ]
    content = (await payable.get("/open-items.xlsx?as_of=2026-03-10")).content
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_name("Sums").to_python()[1][3:] == [50, 25, 59.5, 0]
    assert len(book.get_sheet_by_name("Open items").to_python()) == 4
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())


async def test_a_statement_is_sent_answered_and_stays_as_it_was(history, client_of, superuser, clock):
    company, supplier, _order, _invoice = history
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    form = {"supplier_id": str(supplier.id), "currency": "EUR", "as_of": "2026-03-31"}

    sent = await payable.post("/api/v1/statements", json=form)
    assert sent.status_code == 201, sent.text
    at = f"/api/v1/statements/{sent.json()['id']}"
    assert sent.json()["sums"]["not_received"] == "50.00"
    assert (await payable.post(f"{at}/agree")).status_code == 403
    objected = await billing.post(f"{at}/object", json={"reason": "We delivered 7."})
    assert (objected.json()["state"], objected.json()["reason"]) == ("objected", "We delivered 7.")
    assert (await billing.post(f"{at}/object", json={"reason": "Again"})).status_code == 409
    assert (await billing.post(f"{at}/agree")).json()["state"] == "agreed"
    assert [item["kind"] for item in (await payable.get(at)).json()["items"]] == ["not_received", "not_invoiced"]
    events = superuser.execute(
        "select event from audit_entry where root_id = %s order by id", [sent.json()["id"]]
    ).fetchall()
    assert [event for (event,) in events] == ["statement.sent", "statement.objected", "statement.agreed"]


async def test_strangers_and_those_without_the_right_get_nothing(history, client_of):
    company, supplier, _order, _invoice = history
    sent = await (await client_of(company.payable)).post(
        "/api/v1/statements", json={"supplier_id": str(supplier.id), "currency": "EUR"}
    )
    other, rival = await trading_pair()
    for actor in (other.payable, rival.billing):
        client = await client_of(actor)
        assert (await client.get(f"/api/v1/statements/{sent.json()['id']}")).status_code == 404
        assert (await client.get(OPEN)).json()["pairs"] == []
    assert (await (await client_of(company.receiver)).get(OPEN)).status_code == 403
    tomorrow = {"supplier_id": str(supplier.id), "currency": "EUR", "as_of": "2099-01-01"}
    assert (await (await client_of(company.payable)).post("/api/v1/statements", json=tomorrow)).status_code == 422


async def test_the_pages_show_what_the_files_hold(history, client_of):
    company, supplier, order, _invoice = history
    payable = await client_of(company.payable)
    shown = await payable.get(f"/open-items?as_of=2026-03-10&supplier_id={supplier.id}")
    assert shown.status_code == 200
    assert order.number in shown.text
    sent = await payable.post(
        "/statements",
        data={
            "supplier_id": str(supplier.id),
            "currency": "EUR",
            "as_of": "2026-03-10",
        },
    )
    assert sent.status_code == 303, sent.text
    page = await payable.get(sent.headers["location"])
    assert "59.50" in page.text
    assert "ST-2026-00001" in (await payable.get("/statements")).text
    refused = await payable.get("/open-items?as_of=yesterday")
    assert refused.status_code == 422


async def test_a_day_that_no_calendar_of_ours_has_is_refused(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.payable)
    for day in ("9999-12-31", "0001-01-01", "soon"):
        assert (await client.get("/api/v1/open-items", params={"as_of": day})).status_code == 400, day
    for path in ("/api/v1/open-items", "/open-items", "/open-items.csv", "/open-items.xlsx"):
        to_come = await client.get(path, params={"as_of": "2199-12-31"})
        assert (to_come.status_code, "nobody knows" in to_come.text) == (422, True), path


async def of_a_part(company, superuser, **scope):
    """A payable who looks after a part of the company."""
    narrow = await a_colleague(company, "payable")
    superuser.execute("update membership set scope = %s where person_id = %s", [json.dumps(scope), narrow.person_id])
    return narrow


async def test_who_looks_after_a_part_sees_no_statement_of_the_whole(history, client_of, superuser):
    company, supplier, _order, _invoice = history
    payable = await client_of(company.payable)
    sent = await payable.post("/api/v1/statements", json={"supplier_id": str(supplier.id), "currency": "EUR"})
    at = f"/api/v1/statements/{sent.json()['id']}"
    assert (await payable.get(f"{at}/document.pdf")).status_code in (200, 202)
    narrow = await client_of(await of_a_part(company, superuser, cost_centres=["CC-2"]))

    for path in (at, f"{at}/document.pdf", "/api/v1/statements", "/statements", f"/statements/{sent.json()['id']}"):
        assert (await narrow.get(path)).status_code == 403, path
    shown = await narrow.get(f"/open-items?supplier_id={supplier.id}")
    assert (shown.status_code, "/statements" in shown.text) == (200, False)
    auditor = await client_of(company.auditor)
    assert (await auditor.get(at)).status_code == 200


async def test_an_invoice_of_several_orders_is_open_for_whoever_looks_after_one_of_them(client_of, superuser):
    company, supplier = await trading_pair()
    first, second = [await accepted_order(company, supplier, line(), cost_centre=centre) for centre in ("CC-1", "CC-2")]
    lines = [despatched(line_id) for order in (first, second) for line_id in await line_ids(company, order)]
    advice = await shipments.create(supplier.shipping, convert(DespatchForm, body(*lines)))
    await shipments.despatch(supplier.shipping, advice.id)
    for order in (first, second):
        await received_goods(company, order, "10")
    await submitted_invoice(supplier, first, order_id=None, despatch_advice_id=str(advice.id))
    for centre in ("CC-1", "CC-2", "CC-3"):
        narrow = await client_of(await of_a_part(company, superuser, cost_centres=[centre]))
        open_then = [pair[2] for pair in await sums(narrow)]
        assert open_then == ([] if centre == "CC-3" else ["297.50"]), centre


async def test_who_buys_and_sells_sees_both_sides_and_its_statements_as_a_supplier(client_of, superuser):
    company, supplier = await trading_pair()
    superuser.execute("update organisation set kind = 'both' where id = %s", [supplier.id])
    await accepted_order(company, supplier, line(quantity="10", unit_price="12.50"))
    sent = await (await client_of(company.payable)).post(
        "/api/v1/statements", json={"supplier_id": str(supplier.id), "currency": "EUR"}
    )
    assert sent.status_code == 201, sent.text
    billing = await client_of(supplier.billing)
    assert await sums(billing) == [("125.00", "0.00", "0.00", "0.00")]
    listed = await billing.get("/api/v1/statements", params={"supplier_id": str(supplier.id)})
    assert [each["number"] for each in listed.json()["items"]] == ["ST-2026-00001"]
    assert (await billing.get("/api/v1/statements")).json()["items"] == []


async def test_today_only_orders_that_can_be_open_are_read(history, client_of, counted):
    """The orders of years are not read again for what is open today; another day asks for all of them."""
    company, _supplier, _order, _invoice = history
    payable = await client_of(company.payable)
    with counted() as statements:
        assert await sums(payable) == [("50.00", "25.00", "0.00", "0.00")]
    assert any("l.received - l.rejected > l.invoiced - l.credited" in each for each in statements)
    assert not any("buyer_id = $1 or" in each for each in statements)
