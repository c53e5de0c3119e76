"""Order, item, supplier, company: the nearest level that says anything of a step says it alone."""

import json
from contextlib import contextmanager
from decimal import Decimal

import pytest

from portal.cli.figures import disagreements
from portal.orders import commands as orders
from portal.orders.commands.ledger import OverTolerance
from portal.platform.settings import settings
from tests.harness.deliveries import received_goods
from tests.harness.settings import set_tolerances
from tests.harness.world import accepted_order, an_item, answer, approved_order, issued_order, line, trading_pair


def percent(figure):
    return {"receive": {"percent": figure}}


async def levelled(*, order=None, item=None, supplier=None, company=None):
    """A pair with tolerances for receipts at these levels, and an issued order of 100 of the item."""
    buyer, seller = await trading_pair()
    good = await an_item(buyer)
    if company is not None:
        await set_tolerances(buyer, percent(company))
    if supplier is not None:
        await set_tolerances(buyer, percent(supplier), kind="supplier-tolerances", of=seller.id)
    if item is not None:
        await set_tolerances(buyer, percent(item), kind="item-tolerances", of=good.id)
    told = {} if order is None else {"tolerances": percent(order)}
    return buyer, seller, await issued_order(buyer, seller, line(quantity="100", item_id=str(good.id)), **told)


def ceiling(superuser, order):
    return superuser.execute(
        "select receive_ceiling from purchase_order_line where order_id = %s", [order.id]
    ).fetchone()[0]


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ({}, 100),
        ({"company": "1"}, 101),
        ({"company": "1", "supplier": "2"}, 102),
        ({"company": "1", "supplier": "2", "item": "3"}, 103),
        ({"company": "1", "supplier": "2", "item": "3", "order": "4"}, 104),
        ({"company": "1", "supplier": "2", "item": "3", "order": "0"}, 100),
        ({"company": "9", "item": "0"}, 100),
    ],
)
async def test_the_nearest_level_that_says_anything_decides_and_0_is_none(connected, superuser, said, most):
    _company, _supplier, order = await levelled(**said)
    assert ceiling(superuser, order) == most


async def test_steps_are_told_apart_and_unlimited_is_said(connected, superuser):
    company, supplier = await trading_pair()
    await set_tolerances(company, {"despatch": {"unlimited": True}, "receive": {"absolute": "5", "percent": "10"}})
    await set_tolerances(company, percent("1"), kind="supplier-tolerances", of=supplier.id)
    order = await issued_order(company, supplier, line(quantity="100"))
    sql = "select despatch_ceiling, receive_ceiling, invoice_ceiling from purchase_order_line where order_id = %s"
    assert superuser.execute(sql, [order.id]).fetchone() == (None, Decimal(101), Decimal(100))


@pytest.mark.parametrize(("combine", "most"), [("any", 110), ("all", 105)])
async def test_both_figures_go_together_as_said(connected, superuser, combine, most):
    company, supplier = await trading_pair()
    await set_tolerances(company, {"receive": {"absolute": "5", "percent": "10", "combine": combine}})
    assert ceiling(superuser, await issued_order(company, supplier, line(quantity="100"))) == most


async def test_an_answer_is_judged_by_the_item_though_the_supplier_never_reads_it(connected):
    company, supplier = await trading_pair()
    good = await an_item(company)
    await set_tolerances(company, {"confirm_quantity": {"percent": "20"}}, kind="item-tolerances", of=good.id)
    for item, state in ((str(good.id), "accepted"), (None, "conditionally_accepted")):
        order = await issued_order(company, supplier, line(quantity="100", item_id=item))
        offer = answer("CA", {"line": 1, "code": "3", "quantity": "85"})
        assert (await orders.respond(supplier.order_desk, order.id, offer)).order.state == state


async def test_what_is_set_later_leaves_issued_orders_as_they_are(connected, superuser):
    company, supplier, order = await levelled(item="3")
    await set_tolerances(company, percent("50"))
    assert ceiling(superuser, order) == 103
    later = await issued_order(company, supplier, line(quantity="100"))
    assert ceiling(superuser, later) == 150


async def test_a_receipt_stops_at_the_items_tolerance(connected):
    company, supplier = await trading_pair()
    good = await an_item(company)
    await set_tolerances(company, percent("3"), kind="item-tolerances", of=good.id)
    order = await accepted_order(company, supplier, line(quantity="100", item_id=str(good.id)))
    await received_goods(company, order, "103")
    with pytest.raises(OverTolerance):
        await received_goods(company, order, "0.000001")


async def test_an_invoice_is_matched_by_the_tolerance_of_its_order(connected, superuser):
    from tests.harness.invoices import billed, submitted_invoice

    company, supplier = await trading_pair()
    for told, state in (({"tolerances": {"invoice_price": {"percent": "10"}}}, "matched"), ({}, "exceptions")):
        order = await accepted_order(company, supplier, **told)
        await received_goods(company, order, "10")
        [line_id] = superuser.execute("select id from purchase_order_line where order_id = %s", [order.id]).fetchone()
        invoice = await submitted_invoice(supplier, order, billed(line_id, "10", "13.50"))
        assert invoice.match_state == state


async def test_nobody_widens_an_order_that_was_submitted(connected, superuser):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    with pytest.raises(Exception, match="keeps its tolerances"):
        superuser.execute("update purchase_order set tolerances = '{\"receive\": {}}' where id = %s", [order.id])


async def test_a_supplier_reads_nothing_of_an_orders_tolerances(client_of):
    company, supplier, order = await levelled(order="4")
    at = f"/api/v1/purchase-orders/{order.id}"
    own, theirs = await client_of(company.buyer), await client_of(supplier.order_desk)
    assert (await own.get(at)).json()["tolerances"] == percent("4")
    assert (await theirs.get(at)).json()["tolerances"] is None


async def test_what_a_customer_allows_is_no_disagreement_of_the_supplier(connected, superuser):
    company, supplier = await trading_pair()
    await set_tolerances(company, percent("1"), kind="supplier-tolerances", of=supplier.id)

    told = disagreements(str(settings().database_url), str(settings().owner_url))

    assert not {company.name, supplier.name} & {name for names in told.values() for name in names}

    with past_all_triggers(superuser):
        kept = superuser.execute(_CHANGE, ["{}", company.id]).fetchone()
        told = disagreements(str(settings().database_url), str(settings().owner_url))
        superuser.execute(_CHANGE, [json.dumps(kept[0]), company.id])

    assert company.name in told["setting_mismatch"]
    assert supplier.name not in told["setting_mismatch"]


_CHANGE = """
update trading_relationship r set tolerances = %s from trading_relationship o where o.id = r.id and r.buyer_id = %s
returning o.tolerances
"""


@contextmanager
def past_all_triggers(superuser):
    superuser.execute("set session_replication_role = replica")
    try:
        yield
    finally:
        superuser.execute("reset session_replication_role")
