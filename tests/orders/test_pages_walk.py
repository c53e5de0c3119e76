"""The main job by plain forms, as six people without scripts would do it."""

from portal.orders.tables import PurchaseOrder
from portal.organisations.commands import approve_supplier
from tests.harness.pages import Page, Reader
from tests.harness.world import (
    accepted_order,
    an_item,
    approved_order,
    buying_company,
    issued_order,
    line,
    submitted_order,
    trading_pair,
)

LINES = {
    "lines__0__description": "Hex bolt M8 × 40",
    "lines__0__quantity": "1200",
    "lines__0__unit": "C62",
    "lines__0__unit_price": "0.0825",
    "lines__0__tax_category": "S",
    "lines__0__tax_rate": "19",
    "lines__0__requested_date": "2030-05-15",
}


async def reader(client_of, actor) -> Reader:
    return Reader(await client_of(actor))


async def entered(requester: Reader, supplier, then: str = "save", **changes: str) -> Page:
    form = await requester.open("/orders/new")
    return await requester.send(form, "/orders/new", supplier_id=str(supplier.id), then=then, **(LINES | changes))


async def test_an_order_goes_from_entry_to_the_suppliers_confirmation(client_of):
    company, supplier = await trading_pair()
    requester, approver, buyer = [
        await reader(client_of, company.people[role]) for role in ("requester", "approver", "buyer")
    ]
    desk = await reader(client_of, supplier.order_desk)

    page = await entered(requester, supplier, then="submit", note="Ring twice.")
    assert "was submitted for approval" in page.text
    assert "99.00 EUR" in page.text
    number, path = page.text.split(" was submitted")[0].split()[-1], page.form("/preferences").values["next"]
    assert not page.offers("/approve")

    home = await approver.open("/")
    assert number in home.links
    page = await approver.send(await approver.open(path), "/approve")
    assert f"{number} is approved" in page.text
    page = await buyer.send(await buyer.open(path), "/issue")
    assert f"{number} was issued" in page.text

    waiting = await desk.open("/")
    assert number in waiting.text
    page = await desk.send(waiting, "/responses")
    assert f"{number} is confirmed as ordered" in page.text
    assert number not in page.links
    page = await desk.open(path)
    assert "Accepted" in page.text
    assert "Ring twice." in page.text


async def test_what_was_done_is_said_once(client_of):
    company, supplier = await trading_pair()
    requester = await reader(client_of, company.requester)
    page = await entered(requester, supplier)
    assert "is saved as a draft" in page.text
    again = await requester.open(page.form("/preferences").values["next"])
    assert "is saved as a draft" not in again.text


async def test_a_form_without_our_token_is_refused_and_changes_nothing(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    client = await client_of(company.approver)
    client.headers.pop("x-csrf-token")
    answer = await client.post(f"/orders/{order.id}/approve", data={})
    assert answer.status_code == 403
    answer = await client.post(f"/orders/{order.id}/approve", data={"_csrf": "of another page"})
    assert answer.status_code == 403
    state = superuser.execute("select state from purchase_order where id = %s", (order.id,)).fetchone()
    assert state == ("in_approval",)


async def test_who_was_too_late_reads_who_was_faster(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    approver = await reader(client_of, company.approver)
    seen = await approver.open(f"/orders/{order.id}")
    await approver.send(seen, "/approve")
    late = await approver.send(seen, "/return", reason="Too dear")
    assert late.status == 409
    assert "What happened meanwhile" in late.text
    assert "Approved the order" in late.text
    assert company.approver.name in late.text


async def test_who_approves_has_seen_what_they_approve(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    approver, requester = await reader(client_of, company.approver), await reader(client_of, company.requester)
    seen = await approver.open(f"/orders/{order.id}")
    returned = await approver.send(seen, "/return", reason="Ask for less")
    draft = await requester.open(f"/orders/{order.id}/edit")
    assert "Ask for less" in returned.text
    await requester.send(draft, "/edit", then="submit", lines__0__quantity="9000")
    late = await approver.send(seen, "/approve")
    assert late.status == 412
    assert "Somebody changed this while you were looking at it" in late.text
    assert "Changed the draft" in late.text


async def test_an_order_of_another_company_is_not_there(client_of):
    company, supplier = await trading_pair()
    other, _their_supplier = await trading_pair()
    order = await issued_order(company, supplier)
    for actor in (other.buyer, other.auditor, _their_supplier.order_desk):
        client = await client_of(actor)
        for path in ("", "/edit", "/respond"):
            answer = await client.get(f"/orders/{order.id}{path}")
            assert answer.status_code in (403, 404), (actor.roles, path)
            assert order.number not in answer.text
        assert (await client.get(f"/orders/{order.id}")).status_code == 404


async def test_an_item_fills_what_the_line_leaves_blank(client_of, superuser):
    company, supplier = await trading_pair()
    item = await an_item(company, tax_rate=19)
    requester = await reader(client_of, company.requester)
    page = await entered(
        requester,
        supplier,
        lines__0__item=item.number,
        lines__0__description="",
        lines__0__unit="",
        lines__0__tax_rate="",
    )
    assert "is saved as a draft" in page.text, page.text
    assert item.number in page.links
    sql = "select l.item_id, l.description, l.unit from purchase_order_line l where buyer_id = %s"
    assert superuser.execute(sql, (company.id,)).fetchone() == (item.id, "Hex bolt M8", "C62")


async def test_the_supplier_opening_the_order_is_noted_once(client_of, superuser):
    company, supplier = await trading_pair()
    order: PurchaseOrder = await issued_order(company, supplier, line())
    for actor in (supplier.auditor, supplier.order_desk, supplier.order_desk):
        await (await reader(client_of, actor)).open(f"/orders/{order.id}")
    seen = superuser.execute(
        "select actor_id from audit_entry where root_id = %s and event = 'purchase-order.viewed'", (order.id,)
    ).fetchall()
    assert seen == [(supplier.order_desk.person_id,)]


async def test_who_sends_an_order_back_or_ends_it_says_why(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    approver, buyer = await reader(client_of, company.approver), await reader(client_of, company.buyer)
    seen = await approver.open(f"/orders/{order.id}")
    silent = await approver.send(seen, "/return", reason="  ")
    assert silent.status == 422
    assert "Say why" in silent.text
    assert (await buyer.send(await buyer.open(f"/orders/{order.id}"), "/cancel", reason="")).status == 422
    state = superuser.execute("select state from purchase_order where id = %s", (order.id,)).fetchone()
    assert state == ("in_approval",)
    ended = await buyer.send(await buyer.open(f"/orders/{order.id}"), "/cancel", reason="Not needed")
    assert "is cancelled" in ended.text
    assert "Not needed" in ended.text


async def test_an_approver_reads_why_an_order_is_beyond_them(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    superuser.execute("update membership set limit_gross = 1 where person_id = %s", (company.approver.person_id,))
    page = await (await reader(client_of, company.approver)).open(f"/orders/{order.id}")
    assert "This is above your approval limit." in page.text
    assert not page.offers("/approve")


async def test_a_refused_form_leads_back_to_its_page(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    client = await client_of(company.approver)
    path, stale = f"/orders/{order.id}", {"version": "1"}
    page = Page(await client.post(f"{path}/approve", data=stale, headers={"referer": f"http://portal.test{path}"}))
    assert page.links["Back"] == path
    page = Page(await client.post(f"{path}/approve", data=stale, headers={"referer": f"http://elsewhere.test{path}"}))
    assert "Back" not in page.links


async def test_who_buys_and_sells_keeps_both_apart(client_of):
    company, supplier = await trading_pair()
    both = await buying_company(kind="both")
    await approve_supplier(company.supplier_manager, both.id)
    await approve_supplier(both.supplier_manager, supplier.id)
    sold = await issued_order(company, both)
    bought = await issued_order(both, supplier)
    client = await client_of(both.auditor)
    purchases, sales = (
        Page(await client.get("/orders")),
        Page(await client.get(f"/orders?supplier_id={both.id}")),
    )
    assert purchases.links[bought.number] == f"/orders/{bought.id}"
    assert supplier.name in purchases.text
    assert company.name not in purchases.text
    assert sales.links[sold.number] == f"/orders/{sold.id}"
    assert company.name in sales.text


async def test_what_the_reader_does_next_stands_at_the_head_of_the_page(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    for person, act in ((supplier.shipping, "Despatch goods"), (company.receiver, "Receive goods")):
        page = await Reader(await client_of(person)).open(f"/orders/{order.id}")
        assert page.text.index(act) < page.text.index("First delivery")
        assert 'class="btn btn-primary"' in page.html
