"""Situations of services: ordered by the hour or up to a limit, entered by the supplier, accepted or not."""

from datetime import date
from typing import Any
from uuid import UUID

from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.services import commands as services
from portal.services.forms import ServiceEntryForm
from portal.services.tables import ServiceEntry
from tests.harness.deliveries import line_ids
from tests.harness.world import Organised, accepted_order, line

ENTRIES = "/api/v1/service-entries"
DONE = date(2026, 11, 1)
SINCE = {"performed_from": str(DONE)}  # asked for from that day on, whenever the order was issued


def hours(quantity: str = "10", **changes: Any) -> dict[str, Any]:
    """A service by the hour, as an order's line."""
    service = {"kind": "service", "description": "Maintenance of the press", "unit": "HUR", "unit_price": "80"} | SINCE
    return line(quantity=quantity, **(service | changes))


def a_limit(amount: str = "5000", **changes: Any) -> dict[str, Any]:
    """A service up to an amount, as an order's line."""
    service = {"kind": "limit", "description": "Repairs on call", "unit": "C62", "unit_price": "1"} | SINCE
    return line(quantity=amount, **(service | changes))


async def service_order(
    company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any
) -> PurchaseOrder:
    """An agreed order of services; of ten hours if nothing is said."""
    return await accepted_order(company, supplier, *(lines or (hours(),)), **changes)


def entered(line_id: str | UUID, quantity: str | None = "10", **changes: Any) -> dict[str, Any]:
    """A line of a service entry as a client sends it."""
    return {"order_line_id": str(line_id)} | ({"quantity": quantity} if quantity else {}) | changes


def entry_body(order: PurchaseOrder, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of createServiceEntry."""
    period = {"performed_from": str(DONE), "performed_until": str(DONE)}
    return {"order_id": str(order.id), "lines": list(lines), **period} | changes


async def drafted_entry(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, submits: bool = False, **more: Any
) -> ServiceEntry:
    """A draft over the order's first lines, a quantity for each."""
    wanted = quantities or ("10",)
    lines = [entered(of, quantity) for of, quantity in zip(await line_ids(company, order), wanted, strict=False)]
    form = convert(ServiceEntryForm, entry_body(order, *lines, **more))
    return await services.create(supplier.order_desk, form, submits=submits)


async def submitted_entry(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, **more: Any
) -> ServiceEntry:
    """What the supplier says it performed, waiting for the buyer."""
    return await drafted_entry(company, supplier, order, *quantities, submits=True, **more)


async def accepted_services(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, **more: Any
) -> ServiceEntry:
    entry = await submitted_entry(company, supplier, order, *quantities, **more)
    return await services.accept(company.receiver, entry.id)
