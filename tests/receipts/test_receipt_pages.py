"""Receiving goods in a browser, as the receiver at the gate does it; no script needed."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.orders import commands as orders
from portal.platform.work import viewing
from portal.receipts.pages.queues import EXPECTED, LATE
from tests.harness.deliveries import ADVICES, RECEIPTS, despatched_goods, figures, line_ids, received_goods
from tests.harness.deliveries_facts import noon, on
from tests.harness.world import accepted_order, buying_company, line, trading_pair

CAME = ("accepted", "rejected")


def sheet(*rows: tuple[str, str, str, str], **fields: str) -> dict[str, str]:
    """The form as a browser sends it: (order line, accepted, rejected, reason) for each row, blank ones too."""
    sent = {"delivered_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M}", "delivery_note": ""} | fields
    for number, (line_id, accepted, rejected, reason) in enumerate(rows):
        prefix = f"lines.{number}"
        sent |= {f"{prefix}.order_line_id": line_id, f"{prefix}.accepted": accepted}
        sent |= {f"{prefix}.rejected": rejected, f"{prefix}.reason": reason}
    return sent


def value_of(html: str, name: str) -> str | None:
    """What stands in a field of the page."""
    tag = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', html)
    value = tag and re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else None


async def test_a_receiver_books_a_delivery_that_waits_on_the_home_page(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="7"))
    advice = await despatched_goods(company, supplier, order, "6", "7", expected_date="2031-01-05")
    first, second = await line_ids(company, order)
    receiver, clerk = await client_of(company.receiver), await client_of(supplier.shipping)

    path = f"/despatch-advices/{advice.id}/receive"
    assert f'href="{path}"' in (await receiver.get("/")).text
    page = (await receiver.get(path)).text
    assert [value_of(page, f"lines.{n}.accepted") for n in (0, 1)] == ["6", "7"]
    batches = [value_of(page, f"lines.{n}.despatch_line_id") or "" for n in (0, 1)]

    typed = sheet((first, "5", "1", "Bent"), (second, "7", "", ""), delivery_note="LS-1")
    typed |= {f"lines.{n}.despatch_line_id": batch for n, batch in enumerate(batches)}
    booked = await receiver.post(path, data=typed)
    assert booked.status_code == 303, booked.text
    assert await figures(company, order, *CAME) == [("5", "1"), ("7", "0")]
    for client in (receiver, clerk):
        shown = (await client.get(booked.headers["location"])).text
        assert ("Bent" in shown, "LS-1" in shown) == (True, True)
        assert booked.headers["location"] in (await client.get(f"/orders/{order.id}")).text
        assert booked.headers["location"] in (await client.get(f"/despatch-advices/{advice.id}")).text
    assert f'href="{path}"' not in (await receiver.get("/")).text
    assert (await receiver.get(path)).status_code == 409


async def test_goods_that_nobody_announced_are_received_on_the_order_page(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    receiver = await client_of(company.receiver)
    path = f"/orders/{order.id}/receive"

    assert f'href="{path}"' in (await receiver.get(f"/orders/{order.id}")).text
    assert value_of((await receiver.get(path)).text, "lines.0.accepted") == "10"
    assert (await receiver.post(path, data=sheet((only, "10", "", "")))).status_code == 303
    assert await figures(company, order, *CAME) == [("10", "0")]
    assert f'href="{path}"' not in (await receiver.get(f"/orders/{order.id}")).text


async def test_the_time_of_delivery_is_typed_as_the_clock_on_the_wall_shows_it(client_of, superuser):
    company, supplier = await trading_pair()
    with on(noon(date(2026, 1, 1))):
        order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    superuser.execute("update person set time_zone = 'Asia/Shanghai' where id = %s", [company.receiver.person_id])
    receiver = await client_of(company.receiver)
    now = datetime.now(ZoneInfo("Asia/Shanghai"))

    page = (await receiver.get(f"/orders/{order.id}/receive")).text
    assert (value_of(page, "delivered_at") or "")[:13] == f"{now:%Y-%m-%dT%H}"
    typed = sheet((only, "1", "", ""), delivered_at="2026-01-31T07:30")
    booked = await receiver.post(f"/orders/{order.id}/receive", data=typed)
    receipt = (await receiver.get(RECEIPTS + "/" + booked.headers["location"].rpartition("/")[2])).json()
    assert receipt["delivered_at"] == "2026-01-30T23:30:00Z"


async def test_rejected_goods_need_a_reason_on_the_page(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    first, second = await line_ids(company, order)
    receiver = await client_of(company.receiver)

    typed = sheet((first, "", "", ""), (second, "8", "2", " "))
    refused = await receiver.post(f"/orders/{order.id}/receive", data=typed)
    assert refused.status_code == 422
    assert 'href="#f-lines-1-reason"' in refused.text
    assert [value_of(refused.text, f"lines.1.{name}") for name in ("accepted", "rejected")] == ["8", "2"]
    assert await figures(company, order, *CAME) == [("0", "0")] * 2


async def test_a_refused_sheet_keeps_everything_and_names_the_row(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    first, second = await line_ids(company, order)
    receiver = await client_of(company.receiver)
    path = f"/orders/{order.id}/receive"

    much = await receiver.post(path, data=sheet((first, "0", "", ""), (second, "11", "", ""), delivery_note="LS-2"))
    assert (much.status_code, 'href="#f-lines-1-accepted"' in much.text) == (409, True)
    assert (value_of(much.text, "delivery_note"), value_of(much.text, "lines.1.accepted")) == ("LS-2", "11")
    wrong = await receiver.post(path, data=sheet((first, "x", "", ""), (second, "", "", ""), delivered_at="noon"))
    assert wrong.status_code == 422
    assert ('href="#f-lines-0-accepted"' in wrong.text, 'href="#f-delivered_at"' in wrong.text) == (True, True)
    nothing = await receiver.post(path, data=sheet((first, "", "", ""), (second, "0", "", "")))
    assert (nothing.status_code, "Enter what came for at least one line." in nothing.text) == (422, True)


async def test_there_is_no_sheet_for_what_cannot_be_received(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    stranger, clerk = await client_of((await buying_company()).receiver), await client_of(supplier.shipping)
    receiver = await client_of(company.receiver)

    for path in (f"/orders/{order.id}/receive", f"/despatch-advices/{advice.id}/receive"):
        assert (await stranger.get(path)).status_code == 404
        assert (await clerk.get(path)).status_code == 403
    await orders.hold(company.buyer, order.id, "Under inquiry")
    held = await receiver.get(f"/orders/{order.id}/receive")
    assert (held.status_code, "Under inquiry" in held.text) == (409, True)


async def test_a_mistake_is_reversed_with_a_reason_that_both_sides_read(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(company, order, "3")
    receiver, clerk = await client_of(company.receiver), await client_of(supplier.shipping)
    path = f"/receipts/{receipt.id}"

    assert f'action="{path}/reverse"' in (await receiver.get(path)).text
    assert f'action="{path}/reverse"' not in (await clerk.get(path)).text
    assert (await receiver.post(f"{path}/reverse", data={"reason": " "})).status_code == 422
    assert (await receiver.post(f"{path}/reverse", data={"reason": "Counted twice"})).status_code == 303
    assert "Counted twice" in (await clerk.get(path)).text
    assert f'action="{path}/reverse"' not in (await receiver.get(path)).text
    assert await figures(company, order, *CAME) == [("0", "0")]


async def test_late_deliveries_stand_apart_from_the_expected(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    late = await despatched_goods(company, supplier, order, "1", despatch_date="2026-01-01", expected_date="2026-01-02")
    due = await despatched_goods(company, supplier, order, "1", expected_date="2031-01-02")

    async with viewing(company.receiver) as view:
        (one, [overdue]), (other, [expected]) = await LATE.load(view), await EXPECTED.load(view)
    assert (one, overdue.title, overdue.overdue) == (1, late.number, True)
    assert (other, expected.title, expected.overdue) == (1, due.number, False)


async def test_the_list_is_narrowed_by_tabs_and_words(client_of):
    company, supplier = await trading_pair()
    with on(noon(date(2026, 1, 1))):
        order = await accepted_order(company, supplier)
    kept = await received_goods(company, order, "1", delivery_note="LS-77", delivered_at="2026-02-01T08:00:00Z")
    undone = await received_goods(company, order, "1", delivered_at="2026-03-01T08:00:00Z")
    receiver, clerk = await client_of(company.receiver), await client_of(supplier.shipping)
    await receiver.post(f"/receipts/{undone.id}/reverse", data={"reason": "Mistake"})

    async def numbers(client, **asked: str) -> set[str]:
        html = (await client.get("/receipts", params=asked)).text
        return {number for number in (kept.number, undone.number) if f">{number}<" in html}

    assert await numbers(receiver) == await numbers(clerk) == {kept.number, undone.number}
    assert await numbers(clerk, state="reversed") == {undone.number}
    assert await numbers(receiver, query="LS-77") == {kept.number}
    assert await numbers(receiver, delivered_from="2026-02-02") == {undone.number}
    found = await receiver.get("/search", params={"query": kept.number.lower()})
    assert found.headers["location"] == f"/receipts/{kept.id}"


async def test_pages_ask_the_database_a_handful_of_questions(client_of, counted):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *[line() for _ in range(30)])
    receipt = await received_goods(company, order, *["1"] * 30)
    receiver = await client_of(company.receiver)
    await receiver.get("/profile")
    for path, most in (("/receipts", 4), (f"/receipts/{receipt.id}", 6), (f"/orders/{order.id}/receive", 6)):
        with counted() as statements:
            assert (await receiver.get(path)).status_code == 200
        assert len(statements) <= most, statements


async def test_goods_cannot_come_before_they_left(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10", carrier="Northern Freight", tracking_number="T-7")
    (line_id,) = await line_ids(company, order)
    receiver = await client_of(company.receiver)
    path = f"/despatch-advices/{advice.id}/receive"
    early = f"{datetime.now(UTC) - timedelta(hours=2):%Y-%m-%dT%H:%M}"

    page = await receiver.post(path, data=sheet((line_id, "10", "", ""), delivered_at=early))
    assert page.status_code == 422
    assert 'href="#f-delivered_at"' in page.text
    assert "before they left" in page.text
    assert value_of(page.text, "delivered_at") == early
    body = {"despatch_advice_id": str(advice.id), "lines": [{"order_line_id": line_id, "accepted": "10"}]}
    answer = await receiver.post(RECEIPTS, json=body | {"delivered_at": f"{early}:00Z"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["delivered_at"]

    assert (await receiver.post(path, data=sheet((line_id, "10", "", "")))).status_code == 303


async def test_the_sheet_of_a_delivery_tells_carrier_and_batches(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    (line_id,) = await line_ids(company, order)
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    lines = [{"order_line_id": line_id, "quantity": "10", "batch": "L-2211"}]
    made = await clerk.post(ADVICES, json={"lines": lines, "carrier": "Northern Freight", "tracking_number": "T-7"})
    await clerk.post(f"{ADVICES}/{made.json()['id']}/despatch")

    page = (await receiver.get(f"/despatch-advices/{made.json()['id']}/receive")).text

    assert [word for word in ("Northern Freight", "T-7", "L-2211") if word not in page] == []
