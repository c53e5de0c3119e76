"""Holds of a supplier act at once and apart: orders, invoices, payments; the supplier reads until when, never why."""

from datetime import date, timedelta

import pytest

from portal.orders import commands as orders
from portal.organisations import commands
from portal.organisations.forms import SupplierHoldForm
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid
from tests.harness.days import today
from tests.harness.deliveries import received_goods
from tests.harness.deliveries_facts import noon, on
from tests.harness.invoices import submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, approved_order, trading_pair

TODAY = date(2030, 5, 2)
WHY = "They owe us a certificate since March."


async def held(company, supplier, what, days=3, by=None):
    form = convert(SupplierHoldForm, {"until": (TODAY + timedelta(days=days)).isoformat(), "reason": WHY})
    return await commands.hold_supplier(by or company.supplier_manager, supplier.id, what, form)


async def test_held_orders_are_not_issued_until_the_day_has_ended(connected):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    with on(noon(TODAY)):
        await held(company, supplier, "orders")
        with pytest.raises(Conflict, match="held until"):
            await orders.issue(company.buyer, order.id)
    with on(noon(TODAY + timedelta(days=4))):
        assert (await orders.issue(company.buyer, order.id)).state == "issued"


async def test_holds_are_apart_and_released_at_once(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await received_goods(company, order, "10")
    day = today()
    form = convert(SupplierHoldForm, {"until": day.isoformat(), "reason": WHY})
    await commands.hold_supplier(company.supplier_manager, supplier.id, "invoices", form)
    assert (await orders.issue(company.buyer, (await approved_order(company, supplier)).id)).state == "issued"
    with pytest.raises(Conflict, match="takes no invoices"):
        await submitted_invoice(supplier, order)
    await commands.release_supplier(company.supplier_manager, supplier.id, "invoices")
    with pytest.raises(Conflict, match="not held"):
        await commands.release_supplier(company.supplier_manager, supplier.id, "invoices")
    assert (await submitted_invoice(supplier, order)).state == "submitted"


async def test_holding_is_a_supplier_managers_and_never_in_the_past(connected):
    company, supplier = await trading_pair()
    with on(noon(TODAY)):
        with pytest.raises(Invalid):
            await held(company, supplier, "orders", days=-1)
        for role in ("buyer", "payable", "administrator"):
            with pytest.raises(Denied):
                await held(company, supplier, "orders", by=company.people[role])


async def test_the_supplier_is_told_until_when_and_never_why(client_of, superuser):
    company, supplier = await trading_pair()
    manager = await client_of(company.supplier_manager)
    day = str(today() + timedelta(days=5))
    at = f"/api/v1/suppliers/{supplier.id}/holds"
    for what in ("orders", "invoices", "payments"):
        done = await manager.put(f"{at}/{what}", json={"until": day, "reason": WHY})
        assert done.status_code == 200, done.text
    assert [each["what"] for each in done.json()] == ["orders", "invoices", "payments"]
    theirs = await client_of(supplier.auditor)
    told = (await theirs.get("/api/v1/audit-entries", params={"limit": 50})).text
    assert "supplier.orders-held" in told
    assert WHY not in told
    assert WHY in (await (await client_of(company.auditor)).get("/api/v1/audit-entries", params={"limit": 50})).text


async def test_the_page_holds_and_releases_and_keeps_what_was_typed(client_of):
    company, supplier = await trading_pair()
    manager = Reader(await client_of(company.supplier_manager))
    at = f"/suppliers/{supplier.id}/holds/orders"
    page = await manager.open(f"/suppliers/{supplier.id}")
    wrong = await manager.send(page, at, until="2020-01-01", reason=WHY)
    assert (wrong.status, wrong.form(at).values["reason"]) == (422, WHY)
    kept = await manager.send(wrong, at, until=str(today() + timedelta(days=9)))
    assert "are held until" in kept.text
    done = await manager.send(kept, f"{at}/release")
    assert "are not held any more" in done.text
    desk = Reader(await client_of(supplier.order_desk))
    assert WHY not in (await desk.open(f"/suppliers/{supplier.id}")).text
