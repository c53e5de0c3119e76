"""Preparing and sending goods in a browser, as the shipping clerk does it; no script needed."""

import re

import pytest

from portal.orders import commands as orders
from tests.harness.deliveries import ADVICES, despatched_goods, drafted_advice, figures, line_ids
from tests.harness.world import accepted_order, answer, issued_order, line, selling_company, trading_pair


def sheet(*rows: tuple[str, str], act: str = "save", **fields: str) -> dict[str, str]:
    """The form as a browser sends it: (order line, quantity) for each row, blank ones too."""
    sent = {"act": act, "rest": "follows", "carrier": "", "despatch_date": "", "packages.0.sscc": ""} | fields
    for number, (line_id, quantity) in enumerate(rows):
        sent |= {f"lines.{number}.order_line_id": line_id, f"lines.{number}.quantity": quantity}
        sent[f"lines.{number}.batch"] = ""
    return sent


def value_of(html: str, name: str) -> str | None:
    """What stands in a field of the page."""
    tag = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', html)
    value = tag and re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else None


async def test_a_clerk_despatches_what_is_open_with_two_clicks(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="7"))
    await despatched_goods(company, supplier, order, "4")
    first, second = await line_ids(company, order)
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)

    home = (await clerk.get("/")).text
    assert f'href="/orders/{order.id}/despatch"' in home
    page = (await clerk.get(f"/orders/{order.id}/despatch")).text
    assert [value_of(page, f"lines.{n}.quantity") for n in (0, 1)] == ["6", "7"]

    sent = await clerk.post(f"/orders/{order.id}/despatch", data=sheet((first, "6"), (second, "7"), act="despatch"))
    assert sent.status_code == 303, sent.text
    assert await figures(company, order, "despatched") == [("10",), ("7",)]
    shown = (await clerk.get(sent.headers["location"])).text
    assert "is on its way" in shown
    assert "On the way" in (await receiver.get(sent.headers["location"])).text
    assert sent.headers["location"] in (await receiver.get(f"/orders/{order.id}")).text
    assert f'href="/orders/{order.id}/despatch"' not in (await clerk.get("/")).text


async def test_a_draft_is_saved_changed_and_sent_later(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="7"))
    first, second = await line_ids(company, order)
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)

    saved = await clerk.post(f"/orders/{order.id}/despatch", data=sheet((first, "3"), (second, "")))
    path = saved.headers["location"]
    assert "Only you see this draft" in (await clerk.get(path)).text
    assert (await receiver.get(path)).status_code == 404
    assert path in (await clerk.get("/")).text

    form = (await clerk.get(f"{path}/edit")).text
    assert [value_of(form, f"lines.{n}.quantity") for n in (0, 1)] == ["3", ""]
    version = value_of(form, "version") or ""
    changed = sheet((first, "4"), (second, "7"), tracking_number="T-99", version=version)
    assert (await clerk.post(f"{path}/edit", data=changed)).status_code == 303
    assert (await clerk.post(f"{path}/edit", data=changed)).status_code == 412
    assert value_of((await clerk.get(f"{path}/edit")).text, "tracking_number") == "T-99"

    assert (await clerk.post(f"{path}/despatch")).status_code == 303
    assert await figures(company, order, "despatched") == [("4",), ("7",)]
    assert (await clerk.get(f"{path}/edit")).status_code == 409


async def test_a_draft_that_is_not_wanted_is_dropped_from_its_page(client_of):
    company, supplier = await trading_pair()
    draft = await drafted_advice(company, supplier, await accepted_order(company, supplier))
    clerk = await client_of(supplier.shipping)

    assert f'action="/despatch-advices/{draft.id}/cancel"' in (await clerk.get(f"/despatch-advices/{draft.id}")).text
    dropped = await clerk.post(f"/despatch-advices/{draft.id}/cancel", data={"reason": "Counted wrongly"})
    assert dropped.status_code == 303
    assert "Counted wrongly" in (await clerk.get(f"/despatch-advices/{draft.id}")).text


@pytest.mark.parametrize(("rest", "declared"), [("follows", "6"), ("never", "0"), ("", None)])
async def test_the_clerk_says_whether_the_rest_follows(client_of, rest, declared):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    clerk = await client_of(supplier.shipping)

    saved = await clerk.post(f"/orders/{order.id}/despatch", data=sheet((only, "4"), rest=rest))
    advice = (await clerk.get(ADVICES + "/" + saved.headers["location"].rpartition("/")[2])).json()
    assert advice["lines"][0]["outstanding_quantity"] == declared


async def test_a_refused_sheet_keeps_everything_and_names_the_row(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(), line())
    first, second, third = await line_ids(company, order)
    clerk = await client_of(supplier.shipping)
    typed = sheet((first, ""), (second, "11"), (third, "2"), act="despatch", carrier="Northern Freight")

    refused = await clerk.post(f"/orders/{order.id}/despatch", data=typed)
    assert refused.status_code == 409
    assert "more is too much" in refused.text
    assert 'href="#f-lines-1-quantity"' in refused.text
    assert value_of(refused.text, "carrier") == "Northern Freight"
    assert [value_of(refused.text, f"lines.{n}.quantity") for n in range(3)] == ["", "11", "2"]

    typed |= {"lines.1.quantity": "1", "lines.2.quantity": "two", "tracking_number": " T", "packages.0.sscc": "123"}
    refused = await clerk.post(f"/orders/{order.id}/despatch", data=typed)
    assert refused.status_code == 422
    for field in ("lines-2-quantity", "tracking_number", "packages-0-sscc"):
        assert f'href="#f-{field}"' in refused.text
    assert await figures(company, order, "despatched") == [("0",)] * 3


async def test_an_empty_sheet_despatches_nothing(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    clerk = await client_of(supplier.shipping)
    refused = await clerk.post(f"/orders/{order.id}/despatch", data=sheet((only, "0"), act="despatch"))
    assert refused.status_code == 422
    assert "Enter a quantity for at least one line." in refused.text


async def test_packages_are_added_without_a_script(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    clerk = await client_of(supplier.shipping)
    sscc = {"packages.0.sscc": "340123450000000017", "packages.0.type": "Pallet", "packages.0.weight": "12.5"}

    longer = await clerk.post(f"/orders/{order.id}/despatch", data=sheet((only, "4"), add_line="packages", **sscc))
    assert longer.status_code == 200
    assert 'name="packages.1.sscc"' in longer.text
    assert value_of(longer.text, "lines.0.quantity") == "4"
    saved = await clerk.post(f"/orders/{order.id}/despatch", data=sheet((only, "4"), **sscc))
    assert "340123450000000017" in (await clerk.get(saved.headers["location"])).text


async def test_there_is_no_sheet_for_what_cannot_leave(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    clerk, rival = await client_of(supplier.shipping), await client_of((await selling_company()).shipping)
    receiver = await client_of(company.receiver)

    assert (await rival.get(f"/orders/{order.id}/despatch")).status_code == 404
    assert (await receiver.get(f"/orders/{order.id}/despatch")).status_code == 403
    await orders.hold(company.buyer, order.id, "Wrong alloy")
    held = await clerk.get(f"/orders/{order.id}/despatch")
    assert (held.status_code, "Wrong alloy" in held.text) == (409, True)
    assert f'href="/orders/{order.id}/despatch"' not in (await clerk.get(f"/orders/{order.id}")).text


async def test_an_order_that_waits_for_its_answer_is_not_offered_for_despatch(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    home = (await (await client_of(supplier.shipping)).get("/")).text
    assert str(order.id) not in home


async def test_what_a_supplier_rejected_of_a_line_is_not_awaited_from_it(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(quantity="7"))
    countered = await orders.respond(supplier.order_desk, order.id, answer("CA", {"line": 2, "code": "7"}))
    await orders.accept_counter_offer(company.buyer, order.id, countered.response.id)
    clerk = await client_of(supplier.shipping)

    page = (await clerk.get(f"/orders/{order.id}/despatch")).text
    assert [value_of(page, f"lines.{n}.quantity") for n in (0, 1)] == ["10", ""]
    await despatched_goods(company, supplier, order, "10")
    assert f"/orders/{order.id}/despatch" not in (await clerk.get("/")).text


async def test_the_list_is_narrowed_by_tabs_and_words(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(quantity="50"))
    draft = await drafted_advice(company, supplier, order, "1")
    sent = await despatched_goods(
        company, supplier, order, "1", tracking_number="T-7", expected_date="2026-01-02", despatch_date="2026-01-01"
    )
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)

    async def numbers(client, **asked: str) -> set[str]:
        html = (await client.get("/despatch-advices", params=asked)).text
        return {number for number in (draft.number, sent.number) if f">{number}<" in html}

    assert await numbers(clerk) == {draft.number, sent.number}
    assert await numbers(clerk, state="draft") == {draft.number}
    assert await numbers(receiver) == {sent.number}
    assert await numbers(receiver, query="T-7") == {sent.number}
    assert await numbers(receiver, query=sent.number.lower()) == {sent.number}
    assert await numbers(receiver, late="1") == {sent.number}
    assert await numbers(receiver, receipt_status="complete") == set()
    assert (await receiver.get("/despatch-advices", params={"order_id": "x"})).status_code == 422
    assert sent.number in (await receiver.get("/search", params={"query": "T-7"})).text


async def test_pages_ask_the_database_a_handful_of_questions(client_of, counted):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *[line() for _ in range(30)])
    advice = await despatched_goods(company, supplier, order)
    clerk = await client_of(supplier.shipping)
    await clerk.get("/profile")
    for path, most in (("/despatch-advices", 4), (f"/despatch-advices/{advice.id}", 9)):
        with counted() as statements:
            assert (await clerk.get(path)).status_code == 200
        assert len(statements) <= most, statements
