"""What a standing brings: a warning, no issue, no new orders; and exceptions that run out."""

from datetime import date, timedelta

import pytest

from portal.orders import commands as orders
from portal.organisations import commands as organisations
from portal.organisations.rules import CONSEQUENCES
from portal.platform.refusals import Conflict, Denied, Invalid
from portal.scorecards.rules import STANDINGS
from tests.harness.deliveries_facts import noon, on
from tests.harness.pages import Reader
from tests.harness.scores import bringing, excepted, standing
from tests.harness.world import approved_order, draft_order, trading_pair

TODAY = date(2030, 5, 2)
NOW = noon(TODAY)


async def poor_pair(**consequences: str):
    company, supplier = await trading_pair()
    await bringing(company, **consequences)
    await standing(company, supplier, "poor")
    return company, supplier


async def test_a_figure_warns_and_stops_nothing_until_the_buyer_says_so(connected):
    company, supplier = await trading_pair()
    await standing(company, supplier, "poor")
    order = await approved_order(company, supplier)
    assert (await orders.issue(company.buyer, order.id)).state == "issued"


async def test_no_new_orders_go_where_the_standing_prevents_them(connected):
    company, supplier = await trading_pair()
    entered = await approved_order(company, supplier)
    await bringing(company, poor="prevent_orders")
    await standing(company, supplier, "poor")
    with pytest.raises(Conflict, match="Choose another supplier, or ask the supplier manager"):
        await draft_order(company, supplier)
    with pytest.raises(Conflict, match="are not issued"):
        await orders.issue(company.buyer, entered.id)


async def test_orders_are_entered_and_not_issued_where_only_that_is_prevented(connected):
    company, supplier = await poor_pair(poor="prevent_issue")
    order = await approved_order(company, supplier)
    with pytest.raises(Conflict, match="Ask the supplier manager for an exception"):
        await orders.issue(company.buyer, order.id)
    await standing(company, supplier, "good", "90")
    assert (await orders.issue(company.buyer, order.id)).state == "issued"


async def test_an_exception_lets_orders_through_until_its_day_has_ended(connected):
    company, supplier = await poor_pair(poor="prevent_orders")
    with on(NOW):
        await excepted(company, supplier, TODAY + timedelta(days=1))
        await draft_order(company, supplier)
    with on(noon(TODAY + timedelta(days=1))):
        await draft_order(company, supplier)
    with on(noon(TODAY + timedelta(days=2))), pytest.raises(Conflict):
        await draft_order(company, supplier)


async def test_an_exception_is_ended_or_replaced_and_the_log_says_who_and_why(connected, superuser):
    company, supplier = await poor_pair(poor="prevent_orders")
    with on(NOW):
        first = await excepted(company, supplier, TODAY + timedelta(days=9))
        second = await excepted(company, supplier, TODAY + timedelta(days=3))
        with pytest.raises(Conflict):
            await organisations.end_override(company.supplier_manager, first.id, "Twice")
        await organisations.end_override(company.supplier_manager, second.id, "The tool has moved.")
        with pytest.raises(Conflict):
            await draft_order(company, supplier)
    told = superuser.execute(
        "select event, actor_id, shown_to from audit_entry where subject_kind = 'standing-override' and owner_id = %s "
        "order by id",
        [company.id],
    ).fetchall()
    assert (
        sorted(event for event, _who, _to in told)
        == ["standing-exception.ended"] * 2 + ["standing-exception.granted"] * 2
    )
    assert {who for _event, who, _to in told} == {company.supplier_manager.person_id}
    assert {to for _event, _who, to in told} == {None}


async def test_exceptions_are_a_managers_and_neither_past_nor_for_ever(connected):
    company, supplier = await poor_pair(poor="prevent_orders")
    with on(NOW):
        for days in (-1, 367):
            with pytest.raises(Invalid):
                await excepted(company, supplier, TODAY + timedelta(days=days))
        company.people["supplier_manager"] = company.buyer
        with pytest.raises(Denied):
            await excepted(company, supplier, TODAY)


async def test_pages_tell_what_the_standing_brings_and_what_to_do(client_of, clock):
    await clock(NOW)
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    await bringing(company, poor="prevent_issue")
    await standing(company, supplier, "poor")
    buyer, manager = Reader(await client_of(company.buyer)), Reader(await client_of(company.supplier_manager))
    terms = await buyer.open(f"/orders/new/terms?supplier_id={supplier.id}")
    shown = await buyer.open(f"/orders/{order.id}")
    for page in (terms, shown):
        assert "Ask the supplier manager for an exception" in page.text

    page = await manager.open(f"/suppliers/{supplier.id}")
    at = f"/suppliers/{supplier.id}/standing-overrides"
    assert (await manager.send(page, at, until="2020-01-01", reason="Late")).status == 422
    soon = (TODAY + timedelta(days=5)).isoformat()
    done = await manager.send(page, at, until=soon, reason="The only source.")
    assert "The only source." in done.text
    assert "as an exception: The only source." in (await buyer.open(f"/orders/{order.id}")).text
    assert (await (await client_of(supplier.order_desk)).get(f"/suppliers/{supplier.id}")).text.count(
        "only source"
    ) == 0


async def test_the_supplier_reads_nothing_of_exceptions(client_of):
    company, supplier = await poor_pair(poor="prevent_orders")
    with on(NOW):
        await excepted(company, supplier, TODAY)
    desk = await client_of(supplier.order_desk)
    assert (await desk.get(f"/api/v1/suppliers/{supplier.id}/standing-overrides")).status_code == 403
    own = await (await client_of(company.supplier_manager)).get(f"/api/v1/suppliers/{supplier.id}/standing-overrides")
    assert [each["reason"] for each in own.json()["items"]] == ["The only source."]


def test_every_standing_can_bring_every_consequence():
    assert {each.code for each in STANDINGS} == {"good", "warn", "poor"}
    assert set(CONSEQUENCES) == {"none", "warn", "prevent_issue", "prevent_orders"}
