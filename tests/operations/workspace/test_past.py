"""What a record was, and who could see it: rebuilt from the log, and honest about what nobody knows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.access import commands as access
from portal.access.forms import Rights
from portal.operations.workspace.members import members_at
from portal.operations.workspace.past import Past, as_of
from portal.operations.workspace.readers import Readers, readers
from portal.orders import commands as orders
from portal.orders.forms import OrderEdit
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import NotFound
from portal.platform.work import viewing
from tests.harness.deliveries import received_goods
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, draft_order, issued_order, line, trading_pair


async def past(actor: Actor, record_id: Any, moment: datetime) -> Past:
    async with viewing(actor) as view:
        return await as_of(view, record_id, moment)


async def seen(actor: Actor, record_id: Any, moment: datetime) -> Readers:
    async with viewing(actor) as view:
        return await readers(view, record_id, moment)


def now() -> datetime:
    return datetime.now(UTC)


def names(found: Readers) -> set[str]:
    return {role for seer in found.seers for role in seer.member.roles}


async def test_an_order_is_what_it_was_before_it_was_changed():
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, note="Ring twice", internal_note="pay late")
    before = now()
    await orders.edit(company.requester, order.id, convert(OrderEdit, {"note": "Do not ring"}))
    await orders.submit(company.requester, order.id)

    then = await past(company.auditor, order.id, before)
    today = await past(company.auditor, order.id, now())

    assert (then.rows[0].values["note"], then.rows[0].values["state"]) == ("Ring twice", "draft")
    assert then.rows[0].values["internal_note"] == "pay late"
    assert (today.rows[0].values["note"], today.rows[0].values["state"]) == ("Do not ring", "in_approval")
    assert [row.unknown for row in (*then.rows, *today.rows)] == [[]] * 6
    assert (then.complete, today.complete) == (True, True)
    assert (then.entries, then.later) == (1, 2)
    assert [row.table for row in then.rows] == ["purchase_order", "purchase_order_line", "schedule_line"]


async def test_quantities_that_another_document_booked_are_told_too():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    before = now()
    await received_goods(company, order, "6")

    then, today = await past(company.auditor, order.id, before), await past(company.auditor, order.id, now())

    line_then, line_today = (
        next(row for row in found.rows if row.table == "purchase_order_line") for found in (then, today)
    )
    assert line_then.values["received"] == "0"
    assert line_today.values["received"] == "6"


async def test_before_it_was_entered_there_was_no_order():
    company, supplier = await trading_pair()
    before = now() - timedelta(seconds=1)
    order = await draft_order(company, supplier)

    found = await past(company.auditor, order.id, before)

    assert not found.existed
    assert found.rows == []


async def test_what_was_written_beside_the_log_is_not_known(superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, note="Ring twice")
    superuser.execute("update purchase_order set note = 'rewritten' where id = %s", [order.id])

    found = await past(company.auditor, order.id, now())

    assert found.rows[0].unknown == ["note"]
    assert "note" not in found.rows[0].values
    assert not found.complete


async def test_a_stranger_learns_nothing_of_the_past():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    stranger, _other = await trading_pair()

    with pytest.raises(NotFound):
        await past(stranger.auditor, order.id, now())


async def test_the_supplier_reads_the_past_without_the_buyers_notes():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, internal_note="pay late", cost_centre="4711")

    found = await past(supplier.auditor, order.id, now())

    assert "pay late" not in str(found)
    assert "4711" not in str(found)
    assert found.rows[0].values["state"] == "issued"


async def test_who_could_see_an_order_follows_the_roles_of_then():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    before = now()
    buyer = company.buyer.person
    await access.change_rights(company.administrator, buyer, convert(Rights, {"roles": ["administrator"]}))

    then, today = await seen(company.auditor, order.id, before), await seen(company.auditor, order.id, now())

    assert {"buyer", "requester", "approver", "receiver", "payable", "auditor"} <= names(then)
    assert "administrator" not in names(then)
    assert buyer in {seer.member.person_id for seer in then.seers}
    assert buyer not in {seer.member.person_id for seer in today.seers}
    assert then.shared_with == supplier.name
    receiver = next(seer for seer in then.seers if seer.member.roles == ("receiver",))
    assert "prices:read" not in receiver.fields
    assert receiver.rules[0].startswith("receiver, buyer, orders, read")


async def test_a_scope_of_then_hides_what_lay_outside_it():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), purchasing_group="STEEL")
    before = now()
    rights = convert(Rights, {"roles": ["buyer"], "purchasing_groups": ["PAPER"]})
    await access.change_rights(company.administrator, company.buyer.person, rights)

    assert "buyer" in names(await seen(company.auditor, order.id, before))
    assert "buyer" not in names(await seen(company.auditor, order.id, now()))


async def test_the_supplier_could_not_see_a_draft():
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    drafted = now()
    await orders.submit(company.requester, order.id)
    await orders.approve(company.approver, order.id)
    await orders.issue(company.buyer, order.id)

    assert (await seen(company.auditor, order.id, drafted)).shared_with == ""
    found = await seen(supplier.auditor, order.id, drafted)
    assert not found.own_side
    assert found.seers == []
    assert "order_desk" in names(await seen(supplier.auditor, order.id, now()))


async def test_members_are_what_they_were():
    company, _supplier = await trading_pair()
    before = now()
    await access.remove_member(company.administrator, company.buyer.person)

    async with viewing(company.auditor) as view:
        then, today = await members_at(view, before), await members_at(view, now())

    assert [member.active for member in then if member.roles == ("buyer",)] == [True]
    assert [member.active for member in today if member.roles == ("buyer",)] == [False]
    assert all(member.known for member in then)
    assert next(member for member in then if member.roles == ("approver",)).limit == company.approver.limit


async def test_who_saw_the_bank_account_on_an_invoice_is_said_of_each():
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    found = await seen(company.auditor, invoice.id, now())
    saw = {seer.member.name: "bank-accounts:read" in seer.fields for seer in found.seers}
    assert (saw[company.payable.name], saw[company.buyer.name]) == (True, False)


async def test_an_auditor_opens_history_past_and_readers_in_a_browser(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    reader = Reader(await client_of(company.auditor))

    history = await reader.open(f"/audit/records/{order.id}")
    then = await reader.open(f"/audit/records/{order.id}/as-of", at="2020-01-01T10:00")
    seers = await reader.open(f"/audit/records/{order.id}/readers")

    assert "Issued" in history.text
    assert "State Approved Issued" in history.text
    assert "there was no such record" in then.text
    assert then.form("/as-of").values["at"] == "2020-01-01T10:00"
    assert company.buyer.name in seers.text
    assert "receiver, buyer, orders, read" in seers.text
    assert (await reader.open("/audit/members")).status == 200
    assert (await reader.open("/audit/policy")).status == 200
    assert (await reader.open(f"/audit/records/{order.id}/as-of", at="soon")).status == 400


async def test_the_history_of_an_order_goes_by_the_order_whatever_followed_from_it(client_of):
    company, supplier, order = await delivered_order()
    await submitted_invoice(supplier, order)
    page = await Reader(await client_of(company.auditor)).open(f"/audit/records/{order.id}")
    assert f"History of {order.number}" in page.text


async def test_a_program_asks_the_same(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(company.auditor)

    then = (await client.get(f"/api/v1/audit/records/{order.id}/as-of")).json()
    told = (await client.get(f"/api/v1/audit/records/{order.id}/readers")).json()

    assert then["complete"] is True
    assert {"buyer"} in [set(person["roles"]) for person in told["people"]]
    assert len((await client.get("/api/v1/audit/members")).json()) == 8
    assert len((await client.get("/api/v1/audit/policy")).json()["rules"]) > 100


async def test_of_what_the_other_side_drafted_the_log_tells_nothing_and_todays_values_are_named_so():
    company, supplier, order = await delivered_order(line(), accepted=(10,))
    invoice = await submitted_invoice(supplier, order)

    buyers, suppliers = [await past(actor, invoice.id, now()) for actor in (company.auditor, supplier.auditor)]

    assert buyers.rows[0].values["gross"] == suppliers.rows[0].values["gross"]
    assert "gross" in buyers.rows[0].assumed
    assert suppliers.rows[0].assumed == []
    assert buyers.rows[0].values["state"] == "submitted"
    assert "state" not in buyers.rows[0].assumed
