"""What becomes of a company once it is imported: its log, its documents, its suppliers, a second import, new orders."""

from uuid import UUID

import msgspec

from portal.access.commands import add_member
from portal.access.tables import Person
from portal.invoicing.commands import approve
from portal.orders.queries import revision_snapshot
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import viewing
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.world import Organised, accepted_order, buying_company, line
from tests.operations.adventureworks import FILES, Imported, needs_data

pytestmark = needs_data


def test_the_log_has_one_entry_for_a_run(imported):
    found = imported.ask(
        "select subject, actor_kind, body->'data'->'counts' as counts from audit_entry "
        "where owner_id = %(buyer)s and event = 'import.completed' order by id"
    )
    assert [row["subject"].partition(":")[0] for row in found] == ["suppliers", "items", "prices", "orders"]
    assert {row["actor_kind"] for row in found} == {"system"}
    assert found[3]["counts"]["lines"]["created"] == 8845


def test_documents_are_frozen_as_issuing_would_have_frozen_them(imported):
    [row] = imported.ask(
        "select o.*, r.snapshot as frozen, r.issued_at = o.issued_at as then from purchase_order o "
        "join order_revision r on r.order_id = o.id where o.buyer_id = %(buyer)s and o.number = 'AW-4'"
    )
    frozen, then = row.pop("frozen"), row.pop("then")
    lines = imported.ask(f"select * from purchase_order_line where order_id = '{row['id']}' order by line")
    again = revision_snapshot(PurchaseOrder.of(row), [PurchaseOrderLine.of(line) for line in lines], {}, {})
    assert then
    assert frozen.keys() == again.keys()
    assert frozen["order"].keys() == again["order"].keys()
    assert [line.keys() for line in frozen["lines"]] == [line.keys() for line in again["lines"]]
    assert frozen["totals"]["gross"] == str(row["gross"])
    assert frozen["supplier"]["name"] == row["supplier_name"]
    assert imported.ask("select count(*) from order_revision where buyer_id = %(buyer)s") == [{"count": 4012}]


async def test_a_supplier_sees_its_own_history_and_nobody_elses(imported):
    [busiest] = imported.ask(
        "select supplier_id, count(*) from purchase_order where buyer_id = %(buyer)s group by 1 order by 2 desc limit 1"
    )
    async with viewing(Actor.system(busiest["supplier_id"])) as view:
        seen = await view.fetch("select distinct supplier_id from purchase_order")
        prices = await view.fetch("select distinct supplier_id from supplier_price")
        assert await view.value("select count(*) from purchase_order") == busiest["count"]
    assert [row["supplier_id"] for row in (*seen, *prices)] == [busiest["supplier_id"]] * 2


async def test_a_second_import_of_the_same_files_changes_nothing_and_says_so(imported):
    before = imported.fingerprint()
    for kind in FILES:
        report = await imported.again(kind)
        assert report["outcome"] == "unchanged"
        assert all(found["created"] + found["updated"] == 0 for found in report["kinds"].values())
    assert imported.fingerprint() == before


async def test_a_trial_changes_nothing_and_says_what_would_come(imported, database, tmp_path):
    world = Imported(await buying_company(), database, str(tmp_path))
    before = world.fingerprint()
    report = await world.again("suppliers", dry_run=True)
    assert (report["outcome"], report["kinds"]["suppliers"]["created"]) == ("dry_run", 104)
    assert world.fingerprint() == before


async def test_the_main_job_runs_on_an_imported_company(imported):
    """Order, answer, despatch, receipt, invoice, match: history is in nobody's way."""
    company = _in_dollars(imported.company)
    [price] = imported.ask(
        "select p.supplier_id, p.unit, p.unit_price::text, i.id as item_id, i.name, i.tax_category, i.tax_rate::text "
        "from supplier_price p join item i on i.id = p.item_id where p.buyer_id = %(buyer)s and i.number = 'AR-5381'"
    )
    supplier = await _staffed(price["supplier_id"])
    wanted = line(
        description=price["name"],
        **{name: price[name] for name in ("unit", "unit_price", "tax_category", "tax_rate")},
        item_id=str(price["item_id"]),
    )
    order = await accepted_order(company, supplier, wanted, currency="USD")
    assert (order.number[:3], order.state) == ("PO-", "accepted")
    advice = await despatched_goods(company, supplier, order)
    await received_goods(company, order, "10", advice=advice)
    invoice = await submitted_invoice(supplier, order)
    assert (invoice.match_state, invoice.net) == ("matched", order.net)
    assert (await approve(company.payable, invoice.id)).state == "approved"


def _in_dollars(company: Organised) -> Organised:
    """The company with an approver whose limit is in its currency."""
    limit = company.approver.limit
    assert limit is not None
    approver = msgspec.structs.replace(company.approver, limit=msgspec.structs.replace(limit, currency="USD"))
    return msgspec.structs.replace(company, people=company.people | {"approver": approver})


async def _staffed(supplier_id: UUID) -> Organised:
    """An imported supplier with its first people."""
    people = {}
    for role in ("order_desk", "shipping", "billing"):
        person = Person(id=new_id(), full_name=role, email=f"{role}.{new_id().hex[-12:]}@example.test")
        await add_member(Actor.system(supplier_id), person, [role])
        people[role] = Actor(
            organisation_id=supplier_id,
            organisation_kind="supplier",
            person_id=person.id,
            name=person.full_name,
            roles=frozenset({role, "anyone"}),
        )
    return Organised(supplier_id, "", "supplier", people)
