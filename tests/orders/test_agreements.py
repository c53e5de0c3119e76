"""What both sides agree on is the order: in its quantities, its price, its papers, and in who had to approve it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from portal.orders import commands
from portal.platform.actor import ApprovalLimit
from portal.platform.refusals import Conflict, Denied
from tests.harness.deliveries import (
    ADVICES,
    RECEIPTS,
    body,
    despatched,
    despatched_goods,
    disagreements,
    figures,
    ledger,
    line_ids,
    received,
    received_goods,
)
from tests.harness.deliveries_facts import facts_of
from tests.harness.invoices import invoice_body
from tests.harness.pages import Reader
from tests.harness.world import Organised, answer, issued_order, line, trading_pair

ORDERS = "/api/v1/purchase-orders"
MORE = {"line": 1, "code": "3", "quantity": "12"}
CEILINGS = ("despatch_ceiling", "receive_ceiling", "invoice_ceiling")


async def offered(supplier: Organised, order_id: UUID, *lines: dict[str, Any]) -> UUID:
    return (await commands.respond(supplier.order_desk, order_id, answer("CA", *lines))).response.id


async def test_what_is_agreed_on_more_can_be_delivered_and_billed(client_of, superuser):
    company, supplier = await trading_pair(tolerances={"receive": {"percent": "10"}})
    order = await issued_order(company, supplier)
    offer = await offered(supplier, order.id, MORE)
    approver, shipping, receiver, billing = [
        await client_of(actor) for actor in (company.approver, supplier.shipping, company.receiver, supplier.billing)
    ]
    agreed = (await approver.post(f"{ORDERS}/{order.id}/responses/{offer}/accept")).json()
    assert (agreed["state"], agreed["revision"], agreed["totals"]["gross"]) == ("accepted", 2, "178.50")
    now = agreed["lines"][0]
    assert [now[name] for name in ("quantity", "confirmed", "ordered_quantity", "net")] == ["12", "12", "10", "150.00"]
    assert await figures(company, order, *CEILINGS) == [("12", "13.20", "12")]

    only = (await line_ids(company, order))[0]
    advice = (await shipping.post(ADVICES, json=body(despatched(only, "12")))).json()
    assert (await shipping.post(f"{ADVICES}/{advice['id']}/despatch")).status_code == 200
    came = body(received(only, "12"), despatch_advice_id=advice["id"])
    assert (await receiver.post(RECEIPTS, json=came)).status_code == 201
    invoice = (await billing.post("/api/v1/invoices", json=invoice_body(order))).json()
    sent = (await billing.post(f"/api/v1/invoices/{invoice['id']}/submit")).json()
    assert (sent["totals"]["gross"], sent["match_state"]) == ("178.50", "matched")
    now = (await approver.get(f"{ORDERS}/{order.id}")).json()
    assert {now[name] for name in ("despatch_status", "receipt_status", "invoice_status")} == {"complete"}
    assert disagreements(superuser, company) == []


async def test_what_is_agreed_on_less_is_complete_when_that_has_come(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(description="Nut"))
    offer = await offered(supplier, order.id, MORE | {"quantity": "8"}, {"line": 2, "code": "7", "reason": "No steel"})
    agreed = await commands.accept_counter_offer(company.buyer, order.id, offer)
    assert (agreed.revision, f"{agreed.gross:f}") == (2, "119.00")
    first, second = await ledger(company, order)
    assert [(each.quantity, each.confirmed, each.ordered_quantity, each.net) for each in (first, second)] == [
        (8, 8, 10, 100),
        (10, 0, None, 0),
    ]
    assert await figures(company, order, *CEILINGS) == [("8", "8", "8"), ("0", "0", "0")]
    page = await Reader(await client_of(company.buyer)).open(f"/orders/{order.id}")
    assert "ordered 10 pcs" in page.text
    assert "rejected by the supplier: No steel" in page.text

    advice = await despatched_goods(company, supplier, order, "8")
    await received_goods(company, order, "8", advice=advice)

    now = (await (await client_of(company.buyer)).get(f"{ORDERS}/{order.id}")).json()
    assert (now["despatch_status"], now["receipt_status"]) == ("complete", "complete")


async def test_the_papers_of_each_revision_say_what_it_is(superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(description="Nut"))
    offer = await offered(
        supplier,
        order.id,
        {"line": 1, "code": "3", "quantity": "6", "promised_date": "2030-06-01"},
        {"line": 2, "code": "7"},
    )
    await commands.accept_counter_offer(company.buyer, order.id, offer)

    kept = superuser.execute("select revision, snapshot from order_revision where order_id = %s order by 1", [order.id])

    told = [
        (number, said["totals"]["gross"], [(each["quantity"], each["promised_date"]) for each in said["lines"]])
        for number, said in kept.fetchall()
    ]
    assert told == [
        (1, "297.50", [("10", None), ("10", None)]),
        (2, "89.25", [("6", "2030-06-01"), ("0", None)]),
    ]


async def test_an_answer_as_ordered_makes_no_new_revision():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    same = {"line": 1, "code": "3", "quantity": "10", "unit_price": "12.50"}
    agreed = (await commands.respond(supplier.order_desk, order.id, answer("CA", same))).order
    assert (agreed.state, agreed.revision) == ("accepted", 1)


async def test_facts_keep_what_was_asked_for_first():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    offer = await offered(supplier, order.id, MORE | {"promised_date": "2030-06-01"})
    await commands.accept_counter_offer(company.approver, order.id, offer)

    fact = (await facts_of(company.buyer, order.id))[0]

    assert (fact["ordered_quantity"], str(fact["requested_date"])) == (10, "2030-05-15")
    assert (fact["last_quantity"], str(fact["last_date"])) == (12, "2030-06-01")


async def test_goods_that_left_meanwhile_cannot_be_agreed_away(superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    offer = await offered(supplier, order.id, MORE | {"quantity": "4"})
    await received_goods(company, order, "6")

    with pytest.raises(Conflict, match="6 left already, came or were invoiced, and 4 are offered"):
        await commands.accept_counter_offer(company.buyer, order.id, offer)
    await commands.decline_counter_offer(company.buyer, order.id, offer, "Six are here already")


async def test_a_counter_offer_takes_nobody_past_what_was_approved(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(quantity="1", unit_price="1000", tax_category="Z", tax_rate="0"))
    offer = await offered(supplier, order.id, MORE | {"quantity": "1", "unit_price": "11900000"})
    buyer, approver = await client_of(company.buyer), await client_of(company.approver)
    path = f"{ORDERS}/{order.id}/responses/{offer}/accept"

    refused = await buyer.post(path)
    assert refused.status_code == 403
    told = refused.json()["detail"]
    assert "comes to 11,900,000.00 EUR; 1,000.00 EUR are approved" in told
    assert "Somebody who may approve 11,900,000.00 EUR must accept them" in told
    too_much = await approver.post(path)
    assert (too_much.status_code, "above your approval limit" in too_much.json()["detail"]) == (403, True)
    assert (await buyer.get(f"{ORDERS}/{order.id}")).json()["totals"]["gross"] == "1000.00"


async def test_an_approver_accepts_what_a_buyer_may_not(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    offer = await offered(supplier, order.id, MORE)
    approver, buyer = Reader(await client_of(company.approver)), Reader(await client_of(company.buyer))

    seen = await buyer.open(f"/orders/{order.id}")
    assert (seen.offers("/accept"), seen.offers("/decline")) == (False, True)
    assert "Somebody who may approve 178.50 EUR must accept them" in seen.text
    home = await approver.open("/")
    assert "Counter-offers to approve" in home.text
    assert order.number in home.links
    done = await approver.send(await approver.open(f"/orders/{order.id}"), "/accept")
    assert "The changes are part of" in done.text
    assert order.number not in (await approver.open("/")).links

    row = superuser.execute(
        "select approved_gross, approved_ceiling, approved_by from purchase_order where id = %s", [order.id]
    ).fetchone()
    assert row == (Decimal("178.50"), Decimal("178.50"), company.approver.person_id)
    noted = superuser.execute("select permission from duty_taken where root_id = %s", [order.id]).fetchall()
    assert ("orders:approve",) in noted
    assert isinstance(offer, UUID)


async def test_what_an_approval_carries_waits_for_no_approver(client_of):
    company, supplier = await trading_pair(tolerances={"confirm_price": {"percent": "10"}})
    order = await issued_order(company, supplier)
    dearer_and_later = {"line": 1, "code": "3", "unit_price": "13.75", "promised_date": "2030-06-01"}
    offer = await offered(supplier, order.id, dearer_and_later)
    assert order.number not in (await Reader(await client_of(company.approver)).open("/")).links

    agreed = await commands.accept_counter_offer(company.buyer, order.id, offer)

    assert f"{agreed.gross:f}" == "163.63"


async def test_nobody_accepts_what_they_wrote_nor_beyond_their_thirty_days(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    offer = await offered(supplier, order.id, MORE)
    roles = frozenset({"buyer", "approver", "anyone"})
    author = msgspec.structs.replace(company.requester, roles=roles, limit=company.approver.limit)
    with pytest.raises(Denied, match="created or submitted this yourself"):
        await commands.accept_counter_offer(author, order.id, offer)

    tight = ApprovalLimit("EUR", None, Decimal(300))
    approver = msgspec.structs.replace(company.approver, limit=tight)
    other = await issued_order(company, supplier)  # approved by the same person: 148.75 of their 300
    with pytest.raises(Denied, match=r"you would have approved 327\.25 EUR"):
        await commands.accept_counter_offer(approver, order.id, offer)
    await commands.cancel(company.buyer, other.id, "Not needed")
    assert (await commands.accept_counter_offer(approver, order.id, offer)).state == "accepted"


async def test_tolerances_take_nothing_at_once_that_was_not_approved(superuser):
    company, supplier = await trading_pair(tolerances={"confirm_quantity": {"percent": "20"}})
    order = await issued_order(company, supplier)
    superuser.execute("update purchase_order set approved_ceiling = gross where id = %s", [order.id])

    given = await commands.respond(supplier.order_desk, order.id, answer("CA", MORE))

    assert (given.response.state, given.order.state) == ("pending", "conditionally_accepted")


async def test_the_database_lets_no_order_cost_more_than_its_approval_carries(superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)

    with pytest.raises(psycopg.errors.CheckViolation, match="within_approval"):
        dearer = "net = net + 1, gross = gross + 1, revision = revision + 1"
        superuser.execute(f"update purchase_order set {dearer} where id = %s".encode(), [order.id])


async def test_what_was_approved_is_not_the_suppliers_business(client_of, superuser):
    company, supplier = await trading_pair(tolerances={"confirm_price": {"percent": "7"}})
    order = await issued_order(company, supplier)
    offer = await offered(supplier, order.id, MORE)
    await commands.accept_counter_offer(company.approver, order.id, offer)

    desk = await client_of(supplier.order_desk)
    for path in (f"{ORDERS}/{order.id}", f"/orders/{order.id}"):
        assert "approved_" not in (await desk.get(path)).text
    shown = superuser.execute(
        "select string_agg(body::text, '') from audit_entry where root_id = %s and shown_to = %s",
        [order.id, supplier.id],
    ).fetchone()
    assert "approved_gross" not in shown[0]
    assert "approved_ceiling" not in shown[0]
