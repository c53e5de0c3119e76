"""One goods receipt, and the order lines that goods may be received on."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from portal.access.guards import require, require_seen, sees_a_part
from portal.orders.queries import GOODS, SERVICE
from portal.organisations.forms import PartyOut
from portal.platform.paging import Bind
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.platform.work.parts import json_part
from portal.receipts.forms import InspectionOut, ReceiptLineOut, ReceiptOut
from portal.receipts.queries.lists import READ, readable
from portal.receipts.states import S
from portal.receipts.tables import GoodsReceipt, GoodsReceiptLine
from portal.shipments.forms import OrderRef
from portal.shipments.queries import reads_as_buyer

_LINES = f"""
select {", ".join(f"r.{name}" for name in ReceiptLineOut.__struct_fields__ if name != "in_inspection")},
  case when g.state = 'booked' then r.to_inspect - coalesce((select sum(i.accepted + i.rejected) from goods_inspection i
    where i.receipt_line_id = r.id and i.state = 'booked'), 0) else 0 end as in_inspection
from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id where r.receipt_id = $1 order by r.position
"""
_INSPECTIONS = f"""
select {", ".join(InspectionOut.__struct_fields__)} from goods_inspection where receipt_id = $1 order by created_at, id
"""
_OWN = {"buyer", "supplier", "orders", "has_rejected", "lines", "inspections"}


class ReceivableLine(msgspec.Struct):
    """A line of one of the actor's orders, with what decides whether the actor may receive on it."""

    id: UUID
    order_id: UUID
    order_number: str
    line: int
    item_number: str
    description: str
    unit: str
    buyer_id: UUID
    buyer_name: str
    supplier_id: UUID
    supplier_name: str
    site_id: UUID | None
    purchasing_group: str
    cost_centre: str
    categories: list[str]
    created_by: UUID | None
    issued_at: datetime | None
    migrated: bool
    is_goods: bool
    is_service: bool


_RECEIVABLE = f"""
select l.id, l.order_id, o.number as order_number, l.line, l.item_number, l.description, l.unit, o.buyer_id,
  o.buyer_name, o.supplier_id, o.supplier_name, o.site_id, o.purchasing_group, o.cost_centre, o.categories,
  o.created_by, o.issued_at, o.source is not null as migrated,
  {GOODS} as is_goods, {SERVICE} as is_service
from purchase_order_line l join purchase_order o on o.id = l.order_id where l.id = any($1) and o.buyer_id = $2
"""


# Of lines by their ids, and the buyer whose they are.
RECEIVABLE = json_part(
    f"select coalesce(json_agg(found), '[]') from ({_RECEIVABLE}) found",
    list[ReceivableLine],
    ["purchase_order", "purchase_order_line"],
)
LINES = json_part(
    f"select coalesce(json_agg(found), '[]') from ({_LINES}) found",
    list[ReceiptLineOut],
    ["goods_receipt", "goods_receipt_line", "goods_inspection"],
)


def lines_told(rows: Iterable[GoodsReceiptLine]) -> list[ReceiptLineOut]:
    """Lines of a receipt that was just booked: nobody has inspected anything yet."""
    own = [name for name in ReceiptLineOut.__struct_fields__ if name != "in_inspection"]
    return [ReceiptLineOut(**{name: getattr(row, name) for name in own}, in_inspection=row.to_inspect) for row in rows]


async def receivable(view: View, line_ids: list[UUID]) -> dict[UUID, ReceivableLine]:
    """Those of the lines that the actor's organisation ordered, by id."""
    lines = await view.part(RECEIVABLE, line_ids, view.actor.organisation_id)
    return {line.id: line for line in lines}


async def receipt_row(view: View, receipt_id: UUID) -> GoodsReceipt:
    """The receipt's row for its reader; unseen or outside the reader's scope is 404, not for their role 403."""
    require(view.actor, READ)
    known = view.known.row(GoodsReceipt, receipt_id)
    if known is not None and not (reads_as_buyer(view.actor) and sees_a_part(view.actor, READ)):
        require_seen(view.actor, READ, known)
        return known
    bind = Bind(receipt_id)
    within = readable(view.actor, "g", bind)
    record = await view.one(f"select g.*, {within} as readable_ from goods_receipt g where id = $1", *bind.values)
    if record is None or not record["readable_"]:
        raise NotFound()
    return GoodsReceipt.of({name: value for name, value in record.items() if name != "readable_"})


async def receipt_out(view: View, receipt_id: UUID) -> ReceiptOut:
    return await out_of(view, await receipt_row(view, receipt_id))


async def out_of(view: View, receipt: GoodsReceipt) -> ReceiptOut:
    """The whole receipt behind its row."""
    lines = await view.part(LINES, receipt.id)
    waited = any(line.to_inspect for line in lines)
    inspections = await view.structs(InspectionOut, _INSPECTIONS, receipt.id) if waited else []
    orders = {line.order_id: line.order_number for line in lines}
    return ReceiptOut(
        **{name: getattr(receipt, name) for name in ReceiptOut.__struct_fields__ if name not in _OWN},
        buyer=PartyOut(receipt.buyer_id, receipt.buyer_name),
        supplier=PartyOut(receipt.supplier_id, receipt.supplier_name),
        orders=[OrderRef(order_id, number) for order_id, number in orders.items()],
        has_rejected=any(line.rejected for line in [*lines, *(i for i in inspections if i.state == S.BOOKED)]),
        lines=lines,
        inspections=inspections,
    )
