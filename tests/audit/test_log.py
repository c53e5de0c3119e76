"""The log: what happened, who did it, what changed, and that nobody rewrites it."""

import psycopg
import pytest

from portal.access.commands import change_profile
from portal.access.forms import ProfileForm
from portal.orders import commands as orders
from portal.orders.events import OrderEdited
from portal.orders.forms import OrderEdit
from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.platform.work import changing, viewing
from tests.harness.invoices import billed, delivered_order, lines_of, submitted_invoice
from tests.harness.world import approved_order, draft_order, issued_order, trading_pair
from tests.promises.test_tables import tables


async def test_an_auditor_finds_every_step_of_an_order_with_who_and_what_changed(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    auditor = await client_of(company.auditor)

    page = (await auditor.get("/api/v1/audit-entries", params={"object": order.number})).json()

    told = [(entry["event"], entry["actor"]["name"]) for entry in reversed(page["items"])]
    assert told == [
        ("purchase-order.created", company.requester.name),
        ("purchase-order.submitted", company.requester.name),
        ("purchase-order.approved", company.approver.name),
        ("purchase-order.issued", company.buyer.name),
    ]
    approved = page["items"][1]["changes"][0]
    assert (approved["before"]["state"], approved["after"]["state"]) == ("in_approval", "approved")
    assert all(entry["intact"] for entry in page["items"])


async def test_the_supplier_reads_of_an_order_only_what_happened_since_it_was_issued(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, internal_note="we would pay more")
    theirs = await client_of(supplier.auditor)

    answer = await theirs.get("/api/v1/audit-entries", params={"object": str(order.id)})

    assert [entry["event"] for entry in answer.json()["items"]] == ["purchase-order.issued"]
    assert "we would pay more" not in answer.text


async def test_internal_fields_stay_on_the_owners_side_and_the_shared_entry_commits_to_them(superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    await orders.edit(company.requester, order.id, convert(OrderEdit, {"internal_note": "budget is nearly gone"}))

    shared = superuser.execute(
        "select body::text, id from audit_entry where subject_id = %s and event = 'purchase-order.edited'", [order.id]
    ).fetchone()
    private = superuser.execute(
        "select body::text, owner_id from audit_private where entry_id = %s", [shared[1]]
    ).fetchone()

    assert "budget" not in shared[0]
    assert f'"private":{{"{company.id}":"' in shared[0]
    assert "budget is nearly gone" in private[0]
    assert private[1] == company.id


async def test_what_a_supplier_writes_of_the_buyers_own_goes_to_the_buyers_side(superuser):
    company, supplier, order = await delivered_order(tolerances={"invoice_price": {"percent": "2"}})
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "14.00"))

    sides = (
        "select e.id, e.body::text as body from audit_entry e where e.event = 'invoice.submitted' and subject_id = $1"
    )
    private = "select string_agg(body::text, '') from audit_private where entry_id = $1"
    async with viewing(supplier.auditor) as view:
        [entry] = await view.fetch(sides, invoice.id)
        assert "tolerance" not in entry["body"]
        assert str(company.id) in entry["body"]
        assert await view.value(private, entry["id"]) is None
    async with viewing(company.auditor) as view:
        assert '"tolerance":{' in await view.value(private, entry["id"])


@pytest.mark.parametrize("first", ["shared", "own"])
async def test_whichever_event_is_recorded_first_nobody_reads_more_of_a_row_than_of_the_record(superuser, first):
    company, supplier = await trading_pair()
    issued, draft = await issued_order(company, supplier), await draft_order(company, supplier)
    async with changing(company.buyer, PurchaseOrder, issued.id) as (change, shared):
        own = await change.row(PurchaseOrder, draft.id)
        shared.internal_note, own.note = "pay late", "not sent yet"
        shared.reason = "for both"
        change.write_all([shared, own])
        for row in (shared, own) if first == "shared" else (own, shared):
            change.record(OrderEdited(row.id), row)

    log = "(select string_agg(body::text, '') from {})"
    sql = f"select {log.format('audit_entry')}, {log.format('audit_private')}"
    async with viewing(supplier.auditor) as view:
        [(entries, private)] = await view.fetch(sql)
    assert ("pay late" in entries, "not sent yet" in entries, private) == (False, False, None)
    async with viewing(company.auditor) as view:
        [(entries, private)] = await view.fetch(sql)
    assert "pay late" not in entries
    assert "pay late" in private
    assert all(text in entries + private for text in ("not sent yet", "for both"))


def test_every_kind_of_row_names_whose_it_is():
    for table in tables():
        assert not table.owner or table.owner in table.column_names(), table


async def test_only_auditors_read_the_log(client_of):
    company, _supplier = await trading_pair()
    for role in ("buyer", "approver", "administrator"):
        answer = await (await client_of(company.people[role])).get("/api/v1/audit-entries")
        assert answer.status_code == 403, role


async def test_another_companys_auditor_finds_nothing(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    other, _its_supplier = await trading_pair()

    stranger = await client_of(other.auditor)

    assert (await stranger.get("/api/v1/audit-entries", params={"object": order.number})).json()["items"] == []


async def test_what_a_person_is_called_is_sealed_with_their_own_key(superuser, client_of):
    company, _supplier = await trading_pair()
    form = convert(ProfileForm, {"full_name": "Rowan Example", "language": "en", "time_zone": "Europe/Berlin"})
    await change_profile(company.buyer, form)
    auditor = await client_of(company.auditor)
    person = str(company.buyer.person_id)

    entry = (await auditor.get("/api/v1/audit-entries", params={"object": person})).json()["items"][0]
    assert entry["changes"][0]["after"]["full_name"] == "Rowan Example"
    kept = superuser.execute(
        "select string_agg(body::text, '') from audit_entry where subject_id = %s", [person]
    ).fetchone()
    assert "Rowan Example" not in kept[0]

    superuser.execute("delete from person_key where person_id = %s", [person])
    erased = (await auditor.get("/api/v1/audit-entries", params={"object": person})).json()["items"][0]
    assert "Rowan Example" not in str(erased["changes"])
    assert erased["intact"]


async def test_a_single_changed_byte_is_found(superuser, client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    superuser.execute("set session_replication_role = replica")
    superuser.execute(
        "update audit_entry set body = replace(body::text, '12.50', '12.51')::json where subject_id = %s", [order.id]
    )
    superuser.execute("set session_replication_role = origin")
    auditor = await client_of(company.auditor)

    entry = (await auditor.get("/api/v1/audit-entries", params={"object": str(order.id)})).json()["items"][0]

    assert not entry["intact"]


@pytest.mark.parametrize(
    "act", ["update audit_entry set event = ''", "delete from audit_entry", "truncate audit_entry"]
)
def test_nobody_rewrites_the_log(superuser, act):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        superuser.execute(act)
