"""One order: as its reader may see it, as a row for a decision, and as the frozen snapshot documents are set from."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, require_seen
from portal.orders.forms import OrderLineOut, OrderOut, PartyOut, ResponseOut, TotalsOut
from portal.orders.queries.parts import LINES, RESPONSES
from portal.orders.rules import agreed_quantities, taken_off
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.decimals import ZERO
from portal.platform.guarded import FIELDS
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.scope import visible
from portal.platform.totals import Part, totals
from portal.platform.work import View

GUARDED = FIELDS["order"]
_DELIVERIES = """
select line_id, quantity, promised_date from schedule_line where order_id = $1 and quantity > 0
order by line_id, sequence
"""
_OWN = {"buyer", "supplier", "totals", "lines", "responses", "migrated", "lines_closed_short"}


class Delivery(NamedTuple):
    """One part of a line that comes in several."""

    quantity: Decimal
    promised_date: date | None


async def order_row(view: View, order_id: UUID, permission: str = "orders:read") -> PurchaseOrder:
    """The order's row for its reader; unseen or outside their scope is 404, not for their role 403."""
    order = await view.row(PurchaseOrder, order_id)
    require_seen(view.actor, permission, order)
    return order


async def number_of(view: View, order_id: UUID) -> str:
    """The number of another order that one refers to."""
    return await view.value("select number from purchase_order where id = $1", order_id) or ""


async def order_out(view: View, order_id: UUID) -> OrderOut:
    """The order with lines and responses, prices and internal notes hidden from who may not see them."""
    return await out_of(view, await order_row(view, order_id))


async def out_of(view: View, order: PurchaseOrder) -> OrderOut:
    """The same for an order whose row is at hand."""
    order_id = order.id
    lines = [_line(row) for row in await view.part(LINES, order_id)]
    responses = await view.part(RESPONSES, order_id)
    out = _out(order, lines, responses)
    amounts = {line.line for line in lines if line.guarded_here}
    if view.actor.organisation_id != order.buyer_id:
        for name in GUARDED["internal-notes:read"]:
            setattr(out, name, None)
    if amounts and not allowed(view.actor, "prices:read"):
        for answer in (line for response in responses for line in response.lines if line.line in amounts):
            answer.quantity = None
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))


async def deliveries(view: View, order_id: UUID) -> dict[UUID, list[Delivery]]:
    """The agreed deliveries of the lines that were split, by line."""
    records = await view.fetch(_DELIVERIES, order_id)
    split: dict[UUID, list[Delivery]] = {}
    for record in records:
        split.setdefault(record["line_id"], []).append(Delivery(record["quantity"], record["promised_date"]))
    return {line: parts for line, parts in split.items() if len(parts) > 1}


async def parties(view: View, order_id: UUID) -> dict[str, dict[str, Any]]:
    """Buyer and supplier as they stood on the newest issued revision; empty before the first."""
    sql = (
        "select snapshot -> 'buyer' as buyer, snapshot -> 'supplier' as supplier from order_revision "
        "where order_id = $1 order by revision desc limit 1"
    )
    record = await view.one(sql, order_id)
    return {} if record is None else dict(record)


async def revision_lines(view: View, order_id: UUID) -> dict[int, dict[int, dict[str, Any]]]:
    """The lines of every issued revision as they were then: revision → line number → what was printed of it."""
    sql = "select revision, snapshot -> 'lines' as lines from order_revision where order_id = $1"
    records = await view.fetch(sql, order_id)
    return {record["revision"]: {line["line"]: line for line in record["lines"]} for record in records}


def revision_snapshot(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    buyer: dict[str, Any],
    supplier: dict[str, Any],
    split: Mapping[UUID, Sequence[tuple[Decimal, date | None]]] | None = None,
) -> dict[str, Any]:
    """Everything a document says about this revision, and nothing else: the supplier has it for good.

    `split` are the deliveries of lines that come in several.
    """
    parts = split or {}
    sums = totals([Part(line.net, line.tax_category, line.tax_rate) for line in lines], order.currency)
    return {
        "order": {name: getattr(order, name) for name in _HEADER},
        "lines": [
            _printed(line, quantity) | {"deliveries": _deliveries(parts.get(line.id, ()))}
            for line, quantity in agreed_quantities(lines)
        ],
        "totals": msgspec.to_builtins(sums),
        "buyer": buyer,
        "supplier": supplier,
    }


async def snapshot_of_order(view: View, order_id: UUID) -> dict[str, Any]:
    """The snapshot of the newest issued revision; a draft has none. Lines that were closed short since say so."""
    await order_row(view, order_id)
    sql = "select snapshot from order_revision where order_id = $1 order by revision desc limit 1"
    snapshot = await view.value(sql, order_id)
    if snapshot is None:
        raise Conflict(_("This order was not issued yet, so there is no document of it."), subject_id=order_id)
    closed = {each["line"]: each for each in await view.fetch(_CLOSED_SHORT, order_id, _zone(snapshot))}
    for line in snapshot["lines"] if closed else ():
        if each := closed.get(line["line"]):
            line["closed_short"] = {name: each[name] for name in ("quantity", "day", "reason")}
    return snapshot


def _zone(snapshot: Mapping[str, Any]) -> str:
    return snapshot["buyer"].get("time_zone") or "UTC"


_CLOSED_SHORT = """
select line, closed_to as quantity, (short_closed_at at time zone $2)::date as day, short_close_reason as reason
from purchase_order_line where order_id = $1 and short_closed
"""


_HEADER = (
    "id", "number", "revision", "kind", "buyer_id", "supplier_id", "buyer_name", "supplier_name", "currency", "note",
    "ship_to", "payment_terms", "payment_days", "terms", "incoterm", "net", "tax", "gross", "requested_date",
    "response_due_at", "responded_at", "created_at", "issued_at",
)  # fmt: skip
_PRINTED = (
    "line", "item_number", "description", "quantity", "unit", "unit_price", "base_quantity", "price_unit", "discount",
    "price_factor", "net", "tax_category", "tax_rate", "requested_date", "promised_date", "ship_to", "substitute_item",
    "free_of_charge", "performed_from", "performed_until", "contact",
)  # fmt: skip


def _printed(line: PurchaseOrderLine, quantity: Decimal) -> dict[str, Any]:
    """A line that is not taken is printed with a quantity of 0: the supplier sees that nothing of it is wanted."""
    return {name: getattr(line, name) for name in _PRINTED} | {"quantity": ZERO if taken_off(line) else quantity}


def _deliveries(parts: Sequence[tuple[Decimal, date | None]]) -> list[dict[str, Any]]:
    """Only what a line's own quantity and date do not say."""
    return [{"quantity": quantity, "promised_date": day} for quantity, day in parts] if len(parts) > 1 else []


def _line(row: PurchaseOrderLine) -> OrderLineOut:
    known = row.__dict__
    return OrderLineOut(*[known[name] for name in OrderLineOut.__struct_fields__])


def _out(order: PurchaseOrder, lines: list[OrderLineOut], responses: list[ResponseOut]) -> OrderOut:
    own = {name: getattr(order, name) for name in OrderOut.__struct_fields__ if name not in _OWN}
    return OrderOut(
        **own,
        buyer=PartyOut(order.buyer_id, order.buyer_name),
        supplier=PartyOut(order.supplier_id, order.supplier_name),
        totals=TotalsOut(order.net, order.tax, order.gross),
        migrated=order.source is not None,
        lines_closed_short=sum(line.short_closed for line in lines),
        lines=lines,
        responses=responses,
    )
