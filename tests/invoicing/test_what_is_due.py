"""What is due where it differs from the total: lists and pages say it, and what is credited comes to it to the cent."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations

import httpx
import pytest

from portal.documents import pressroom
from portal.invoicing import commands
from portal.platform.einvoice import checking
from tests.harness.invoices import TODAY, delivered, delivered_order, invoice_body, submitted_invoice
from tests.harness.pages import Page
from tests.harness.received import INVOICES, brought, e_traders, edited
from tests.harness.world import accepted_order

PAID = {"prepaid": "100.00", "prepaid_reference": "2026-11-03, TRF-4711", "rounding": "0.25"}
CREDITS = "/api/v1/credit-notes"


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()
    pressroom.close()


async def test_lists_say_what_is_due_where_it_is_not_the_total(client_of):
    company, supplier, order = await delivered_order()
    await submitted_invoice(supplier, order, number="R-1", **PAID)
    for client in (await client_of(company.payable), await client_of(supplier.billing)):
        for path in ("/invoices", f"/orders/{order.id}"):
            assert "148.75 EURTo be paid: 49.00 EUR" in Page(await client.get(path)).text


async def test_lists_are_calm_where_the_total_is_due(client_of):
    company, supplier, order = await delivered_order()
    await submitted_invoice(supplier, order)
    text = Page(await (await client_of(company.payable)).get("/invoices")).text
    assert ("148.75 EUR" in text, "To be paid:" in text) == (True, False)


async def test_lists_say_what_a_credit_note_gives_back(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, rounding="0.25")
    billing = await client_of(supplier.billing)
    await credited(billing, invoice.id, "C-1", kind="whole")
    for path in ("/credit-notes", f"/invoices/{invoice.id}"):
        assert "148.75 EURGiven back: 149.00 EUR" in Page(await billing.get(path)).text
    assert "Given back: 149.00 EUR" in Page(await (await client_of(company.payable)).get("/credit-notes")).text


async def test_where_nothing_was_due_nothing_is_said_to_be_paid_or_due(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, number="R-1", **PAID | {"prepaid": "148.75", "rounding": "0"})
    payable = await client_of(company.payable)
    at = f"/invoices/{invoice.id}"
    assert "Settled once approved: nothing of it is left to be paid" in Page(await payable.get(at)).text
    page = await payable.post(f"{at}/approve", data={"reason": "We paid it."}, follow_redirects=True)
    text = Page(page).text
    assert "Invoice R-1 is approved and settled: nothing of it is left to be paid." in text
    assert ("Nothing was left to be paid" in text, "Settled on" in text, "Paid on" in text) == (True, True, False)


async def test_where_credit_notes_settled_it_nobody_is_said_to_have_paid(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    note = await credited(billing, invoice.id, "C-1", kind="whole")
    await payable.post(f"{CREDITS}/{note['id']}/approve")
    said = await payable.post(f"/invoices/{invoice.id}/approve", data={"reason": "-"}, follow_redirects=True)
    text = Page(said).text
    assert ("By its credit notes" in text, "Paid on" in text) == (True, False)


async def test_of_an_advance_and_a_rounding_only_the_one_that_does_not_fit_is_left_out(client_of):
    company, supplier = await e_traders()
    billing = await client_of(supplier.billing)
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    invoice = await submitted_invoice(supplier, order, **PAID)
    file = (await billing.get(f"{INVOICES}/{invoice.id}/document.xml")).content
    await commands.reject(company.payable, invoice.id, "Send it by your own system.")

    async def became(*changes: tuple[str, str]) -> tuple[dict[str, str], dict[str, str], str]:
        told = (await brought(billing, edited(file, *changes))).json()
        assert told.get("state") == "draft", told
        kept = (await billing.get(f"{INVOICES}/{told['id']}/received")).json()
        page = Page(await billing.get(f"/invoices/{told['id']}")).text
        await billing.delete(f"{INVOICES}/{told['id']}")
        return told["totals"], {each["term"]: each["why"] for each in kept["differences"] if each["why"]}, page

    totals, why, page = await became((">100.00<", ">200.00<"), (">49.00<", ">-51.00<"))
    assert (totals["prepaid"], totals["rounding"]) == ("0.00", "0.25")
    assert why == {"BT-113": "The invoice comes to 148.75 EUR: no more was paid of it."}
    assert "Paid before (200.00 in the file) is left out: The invoice comes to 148.75 EUR" in page
    totals, why, _page = await became((">0.25<", ">3.25<"), (">49.00<", ">52.00<"))
    assert (totals["prepaid"], totals["rounding"]) == ("100.00", "0.00")
    assert why == {"BT-114": "A rounding is less than one unit of the currency."}
    totals, why, _page = await became((">100.00<", ">148.75<"), (">0.25<", ">-0.25<"), (">49.00<", ">-0.25<"))
    assert (totals["prepaid"], totals["rounding"], totals["due"]) == ("148.75", "0.00", "0.00")
    assert why == {"BT-114": "With this rounding less than nothing would be due."}


async def test_a_reason_and_a_day_that_were_given_can_be_taken_back(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    said = {"exemption_reason": "§ 4 No. 1 UStG", "due_date": "2027-06-30"}
    draft = (await billing.post(INVOICES, json=invoice_body(order, **said))).json()
    at = f"{INVOICES}/{draft['id']}"
    kept = (await billing.patch(at, json={"number": "R-2"})).json()
    assert {name: kept[name] for name in said} == said
    bare = (await billing.patch(at, json=dict.fromkeys(said))).json()
    assert (bare["exemption_reason"], bare["due_date"] == said["due_date"]) == ("", False)
    assert (await billing.patch(at, json=said)).json()["exemption_reason"] == said["exemption_reason"]
    assert (await billing.patch(at, json={"exemption_reason": ""})).json()["exemption_reason"] == ""

    await billing.patch(at, json=said)
    path = f"/invoices/{draft['id']}/edit"
    form = Page(await billing.get(path)).form("/edit").values
    assert form["exemption_reason"] == said["exemption_reason"]
    await billing.post(path, data=form | {"act": "draft", **dict.fromkeys(said, "")})
    emptied = (await billing.get(at)).json()
    assert (emptied["exemption_reason"], emptied["due_date"]) == ("", bare["due_date"])


async def credited(client: httpx.AsyncClient, invoice_id: object, number: str, **said: object) -> dict:
    """A credit note that its supplier sent."""
    told = {"invoice_id": str(invoice_id), "issue_date": TODAY, "reason": "Came too late.", "number": number}
    note = await client.post(CREDITS, json=told | said)
    assert note.status_code == 201, note.text
    return (await client.post(f"{CREDITS}/{note.json()['id']}/submit")).json()


@pytest.mark.parametrize("parts", [*permutations(("0.02", "0.03", "9.95")), ("10",)])
async def test_of_an_invoice_that_was_rounded_down_no_more_is_given_back_than_it_asked_for(client_of, superuser, parts):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, rounding="-0.75")
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    await commands.approve(company.payable, invoice.id)
    [line] = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["lines"]
    given = []
    for number, quantity in enumerate(parts):
        goods = [{"invoice_line_id": line["id"], "quantity": quantity}]
        note = await credited(billing, invoice.id, f"C-{number}", kind="goods", lines=goods)
        given.append(Decimal(note["totals"]["due"]))
        assert (await payable.post(f"{CREDITS}/{note['id']}/approve")).status_code == 200
    assert (sum(given), min(given) >= 0) == (Decimal("148.00"), True)
    assert (await payable.get(f"{INVOICES}/{invoice.id}")).json()["state"] == "settled"
    pairs = (await payable.get("/api/v1/open-items")).json()["pairs"]
    assert all(Decimal(pair["not_settled"]) == 0 for pair in pairs)
    wrong = "select (select count(*) from portal.settled_otherwise) + (select count(*) from portal.credited_otherwise)"
    assert superuser.execute(wrong).fetchone() == (0,)


async def test_a_last_credit_note_that_is_smaller_than_the_rounding_gives_back_nothing_and_says_so(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, rounding="-0.75")
    billing = await client_of(supplier.billing)
    await commands.approve(company.payable, invoice.id)
    [line] = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["lines"]
    goods = [{"invoice_line_id": line["id"], "quantity": "9.98"}]
    first = await credited(billing, invoice.id, "C-1", kind="goods", lines=goods)
    last = await credited(billing, invoice.id, "C-2", kind="whole")
    sums = [[each["totals"][name] for name in ("gross", "rounding", "due")] for each in (first, last)]
    assert sums == [["148.45", "-0.45", "148.00"], ["0.30", "-0.30", "0.00"]]
    for syntax in ("ubl", "cii"):
        assert (await billing.get(f"{CREDITS}/{last['id']}/document.xml", params={"syntax": syntax})).status_code == 200
    text = Page(await billing.get(f"/credit-notes/{last['id']}")).text
    assert "Given back0.00 EUR" in text


async def test_every_rule_of_a_released_table_is_looked_at_in_the_end(superuser):
    names = ["invoice_prepaid", "invoice_rounding", "invoice_due", "credit_note_rounding", "credit_note_due"]
    sql = "select count(*) from pg_constraint where convalidated and conname = any(%s)"
    assert superuser.execute(sql, [[*names, "set_off_within", "match_exception_kind_check"]]).fetchone() == (7,)
