"""What becomes of a company once it is imported: its log, its documents, its suppliers, a second import, new orders."""

from typing import Any

import msgspec

from portal.access.commands import add_member
from portal.access.tables import Person
from portal.orders import commands as orders
from portal.orders.forms import OrderForm
from portal.orders.queries import revision_snapshot
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.work import viewing
from tests.harness.world import Organised, answer, buying_company
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


async def test_the_imported_company_orders_from_an_imported_supplier(imported):
    """The main job goes on from here: new orders get the portal's own numbers."""
    company = imported.company
    [price] = imported.ask(
        "select p.supplier_id, p.unit, p.unit_price, i.id as item_id, i.name, i.tax_category, i.tax_rate "
        "from supplier_price p join item i on i.id = p.item_id where p.buyer_id = %(buyer)s and i.number = 'AR-5381'"
    )
    line = {
        "item_id": str(price["item_id"]),
        "description": price["name"],
        "quantity": "5",
        "unit": price["unit"],
        "unit_price": str(price["unit_price"]),
        "requested_date": "2030-05-15",
        "tax_category": price["tax_category"],
        "tax_rate": str(price["tax_rate"]),
    }
    form = convert(OrderForm, {"supplier_id": str(price["supplier_id"]), "currency": "USD", "lines": [line]})
    order = await orders.create(company.requester, form)
    assert order.number.startswith("PO-")
    await orders.submit(company.requester, order.id)
    desk = await _order_desk(price["supplier_id"])
    await orders.approve(_approver(company), order.id)
    await orders.issue(company.buyer, order.id)
    assert (await orders.respond(desk, order.id, answer("AP"))).order.state == "accepted"


def _approver(company: Organised) -> Actor:
    """The approver, with a limit in the company's currency."""
    limit = company.approver.limit
    assert limit is not None
    return msgspec.structs.replace(company.approver, limit=msgspec.structs.replace(limit, currency="USD"))


async def _order_desk(supplier_id: Any) -> Actor:
    """The first person of an imported supplier."""
    person = Person(id=new_id(), full_name="Order desk", email=f"desk.{new_id().hex[-12:]}@example.test")
    await add_member(Actor.system(supplier_id), person, ["order_desk"])
    return Actor(
        organisation_id=supplier_id,
        organisation_kind="supplier",
        person_id=person.id,
        name=person.full_name,
        roles=frozenset({"order_desk", "anyone"}),
    )
