"""What the buyer's side says to itself never reaches the supplier: not by a page, a program, a document or the log."""

import json

from portal.orders import commands
from tests.harness.deliveries import received_goods
from tests.harness.pages import Page
from tests.harness.world import an_item, answer, issued_order, line, submitted_order, trading_pair

INSIDE = "Ask Bolt for 12 %, they always give in"


async def test_why_an_approver_sent_an_order_back_is_never_the_suppliers_to_read(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await commands.return_to_author(company.approver, order.id, INSIDE)
    requester, desk = await client_of(company.requester), await client_of(supplier.order_desk)
    returned = (await requester.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert (returned["return_reason"], returned["reason"]) == (INSIDE, "")
    assert INSIDE in Page(await requester.get(f"/orders/{order.id}")).text

    await commands.submit(company.requester, order.id)
    again = (await requester.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert again["return_reason"] == ""
    await commands.approve(company.approver, order.id)
    await commands.issue(company.buyer, order.id)

    for path in (f"/api/v1/purchase-orders/{order.id}", f"/orders/{order.id}", "/api/v1/purchase-orders"):
        assert INSIDE not in (await desk.get(path)).text
    snapshot = superuser.execute("select snapshot::text from order_revision where order_id = %s", [order.id]).fetchone()
    assert INSIDE not in snapshot[0]
    shown = superuser.execute(
        "select string_agg(body::text, '') from audit_entry where root_id = %s and shown_to = %s",
        [order.id, supplier.id],
    ).fetchone()
    assert INSIDE not in shown[0]


async def test_a_reason_for_return_is_kept_from_who_may_not_read_internal_notes(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await commands.return_to_author(company.approver, order.id, INSIDE)

    seen = await (await client_of(company.receiver)).get(f"/api/v1/purchase-orders/{order.id}")

    assert seen.json()["return_reason"] is None


async def test_a_snapshot_says_what_the_document_says_and_nothing_more(superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, internal_note=INSIDE, cost_centre="CC-1", note="Ring twice")

    snapshot = superuser.execute("select snapshot -> 'order' from order_revision where order_id = %s", [order.id])
    header = snapshot.fetchone()[0]

    assert header["note"] == "Ring twice"
    assert set(header) == {
        *("id", "number", "revision", "kind", "buyer_id", "supplier_id", "buyer_name", "supplier_name", "currency"),
        *(
            "note",
            "ship_to",
            "payment_terms",
            "payment_days",
            "terms",
            "incoterm",
            "net",
            "tax",
            "gross",
            "requested_date",
        ),
        *("response_due_at", "responded_at", "created_at", "issued_at"),
    }


async def test_the_suppliers_log_tells_none_of_the_buyers_tolerances(superuser):
    company, supplier = await trading_pair(
        tolerances={"receive": {"percent": "7.5"}, "confirm_quantity": {"percent": "50"}}
    )
    order = await issued_order(company, supplier)
    await commands.respond(supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "quantity": "8"}))
    await received_goods(company, order, "8")

    rows = superuser.execute(
        "select e.body, p.body from audit_entry e left join audit_private p on p.entry_id = e.id "
        "where root_id = %s and shown_to = %s",
        [order.id, supplier.id],
    ).fetchall()

    assert len(rows) >= 3
    assert all("ceiling" not in json.dumps(shared) for shared, _private in rows)
    assert any("receive_ceiling" in json.dumps(private) for _shared, private in rows)


async def test_a_supplier_does_not_learn_how_the_buyer_sorts_its_items(client_of, superuser):
    company, supplier = await trading_pair()
    item = await an_item(company, category="Steel of the second quarter")
    order = await issued_order(company, supplier, line(item_id=str(item.id)))
    desk = await client_of(supplier.order_desk)

    assert "second quarter" not in (await desk.get(f"/api/v1/purchase-orders/{order.id}")).text
    shown = superuser.execute(
        "select string_agg(body::text, '') from audit_entry where root_id = %s and shown_to = %s",
        [order.id, supplier.id],
    ).fetchone()
    assert "second quarter" not in shown[0]
