"""The part of the company that somebody looks after: no order is entered, moved, read or received outside it."""

from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.types.json import Jsonb

from portal.orders import commands
from portal.orders.forms import OrderEdit, OrderForm
from portal.orders.queries import OrderFilter, order_row, orders
from portal.platform.actor import Actor, Scope
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.refusals import Denied, Invalid, NotFound
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from tests.harness.changes import changed, to
from tests.harness.deliveries import body, line_ids, received
from tests.harness.world import Organised, accepted_order, an_item, draft_order, line, order_body, trading_pair

OUTSIDE = "outside the part of the company"


def within(actor: Actor, **scope: Any) -> Actor:
    return msgspec.structs.replace(actor, scope=Scope(**scope))


def another_site(superuser: psycopg.Connection, company: Organised) -> UUID:
    site = new_id()
    told = [site, company.id, "Annex", Jsonb({"city": "Kiel", "country": "DE"})]
    superuser.execute("insert into site (id, organisation_id, name, address) values (%s, %s, %s, %s)", told)
    return site


async def test_without_a_site_an_order_is_not_entered_at_the_default_one_from_outside(connected, superuser):
    company, supplier = await trading_pair()
    annex = another_site(superuser, company)
    requester = within(company.requester, sites=(annex,))
    with pytest.raises(Denied, match=OUTSIDE):
        await commands.create(requester, convert(OrderForm, order_body(supplier)))
    entered = await commands.create(requester, convert(OrderForm, order_body(supplier, site_id=str(annex))))
    assert entered.site_id == annex


async def test_a_draft_is_not_moved_out_of_ones_own_part(connected, superuser):
    company, supplier = await trading_pair()
    annex = another_site(superuser, company)
    order = await draft_order(company, supplier, cost_centre="CC-1")
    requester = within(company.requester, cost_centres=("CC-1",), sites=(order.site_id,))
    for elsewhere in ({"cost_centre": "CC-2"}, {"site_id": str(annex)}):
        with pytest.raises(Denied, match=OUTSIDE):
            await commands.edit(requester, order.id, convert(OrderEdit, elsewhere))
    assert (await commands.edit(requester, order.id, convert(OrderEdit, {"note": "Ring"}))).note == "Ring"


async def test_a_scope_of_categories_holds_for_orders_and_whatever_follows_from_them(connected):
    company, supplier = await trading_pair()
    steel, paper = [await an_item(company, category=name) for name in ("Steel", "Paper")]

    def of(*items: Any) -> list[dict[str, Any]]:
        return [line(item_id=str(item.id)) for item in items]

    requester = within(company.requester, categories=("Steel",))
    for items in ((paper,), (steel, paper)):
        with pytest.raises(Denied, match=OUTSIDE):
            await commands.create(requester, convert(OrderForm, order_body(supplier, of(*items))))
    own = await commands.create(requester, convert(OrderForm, order_body(supplier, [*of(steel), line()])))
    with pytest.raises(Denied, match=OUTSIDE):
        await commands.edit(requester, own.id, convert(OrderEdit, {"lines": of(steel, paper)}))

    others = await accepted_order(company, supplier, *of(steel, paper))
    reader, receiver = within(company.buyer, categories=("Steel",)), within(company.receiver, categories=("Steel",))
    async with viewing(reader) as view:
        assert [row.id for row in (await orders(view, OrderFilter())).items] == [own.id]
        with pytest.raises(NotFound):
            await order_row(view, others.id)
    came = convert(ReceiptForm, body(received((await line_ids(company, others))[0], "1")))
    with pytest.raises(Invalid):
        await receipts.create(receiver, came)


async def test_an_act_on_what_lies_outside_ones_scope_finds_nothing_as_a_reading_does(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, cost_centre="CC-B")
    outside = within(company.buyer, cost_centres=("CC-A",))
    with pytest.raises(NotFound):
        await commands.hold(outside, order.id, "Wait")
    with pytest.raises(NotFound):
        await commands.propose(outside, order.id, changed(to(quantity="8")))
    assert (await commands.hold(within(company.buyer, cost_centres=("CC-B",)), order.id, "Wait")).on_hold
