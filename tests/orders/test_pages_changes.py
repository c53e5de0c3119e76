"""Changing an order by plain forms: proposing, approving, answering, comparing revisions."""

from tests.harness.pages import Reader
from tests.harness.world import accepted_order, line, trading_pair

LINES = (line(), line(description="Washer", quantity="100", unit_price="0.10"))


async def test_a_buyer_changes_an_order_and_the_supplier_sees_what_differs(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *LINES)
    buyer, desk = Reader(await client_of(company.buyer)), Reader(await client_of(supplier.order_desk))

    form = await buyer.open(f"/orders/{order.id}/change")
    done = await buyer.send(form, "/change", lines__0__quantity="8", lines__1__off="on", reason="Fewer are needed")
    assert "was issued again as revision 2" in done.text, done.text
    form = await buyer.open(f"/orders/{order.id}/change")
    done = await buyer.send(form, "/change", ship_to__street="Gate 4")
    assert "was issued again as revision 3" in done.text, done.text

    assert order.number in (await desk.open("/")).links
    assert "New in revision 3" in (await desk.open(f"/orders/{order.id}")).text
    assert "Gate 4" in (await desk.open(f"/orders/{order.id}/revisions")).text
    seen = await desk.open(f"/orders/{order.id}/revisions?from=1&to=2")
    assert "Fewer are needed" in seen.text
    assert "Taken off" in seen.text
    page = await desk.open(f"/orders/{order.id}")
    assert "is confirmed as ordered" in (await desk.send(page, "/responses", code="AP")).text


async def test_an_approver_compares_and_approves_what_goes_beyond(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *LINES)
    buyer, approver = Reader(await client_of(company.buyer)), Reader(await client_of(company.approver))

    form = await buyer.open(f"/orders/{order.id}/change")
    added = {"added__description": "Nut M8", "added__quantity": "40", "added__unit_price": "0.20"}
    done = await buyer.send(form, "/change", lines__0__quantity="20", **added, added__requested_date="2031-02-03")
    assert "waits for approval" in done.text, done.text
    assert not done.offers("/approve")

    assert order.number in (await approver.open("/")).links
    seen = await approver.open(f"/orders/{order.id}")
    for told in ("Nut M8", "20 pcs", "Total with the change: 318.92 EUR", "It goes beyond what was approved"):
        assert told in seen.text, told
    assert "issued as its next revision" in (await approver.send(seen, "/approve")).text


async def test_a_supplier_proposes_and_the_buyer_declines_with_a_reason(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *LINES)
    buyer, desk = Reader(await client_of(company.buyer)), Reader(await client_of(supplier.order_desk))

    form = await desk.open(f"/orders/{order.id}/change")
    assert "is with the buyer" in (await desk.send(form, "/change", lines__0__promised_date="2031-04-05")).text
    assert order.number in (await buyer.open("/")).links
    seen = await buyer.open(f"/orders/{order.id}")
    assert "5 Apr 2031" in seen.text
    asked = await buyer.send(seen, "/decline")
    assert asked.status == 422
    assert "is declined" in (await buyer.send(asked, "/decline", reason="The site opens in March")).text
    assert "The site opens in March" in (await desk.open(f"/orders/{order.id}")).text


async def test_what_is_wrong_is_said_beside_its_row_and_nothing_typed_is_lost(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *LINES)
    buyer = Reader(await client_of(company.buyer))
    form = await buyer.open(f"/orders/{order.id}/change")

    again = await buyer.send(form, "/change", lines__1__quantity="many", added__description="Nut", reason="Because")
    assert again.status == 422
    assert "Line 2, Quantity:" in again.text
    assert again.form("/change").values["lines.1.quantity"] == "many"
    assert again.form("/change").values["reason"] == "Because"
    again = await buyer.send(form, "/change")
    assert "Nothing would be different" in again.text


async def test_what_changed_meanwhile_is_not_overwritten(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *LINES)
    buyer = Reader(await client_of(company.buyer))
    form = await buyer.open(f"/orders/{order.id}/change")
    await buyer.send(form, "/change", lines__0__quantity="8")
    late = await buyer.send(form, "/change", lines__0__quantity="9")
    assert late.status == 412
