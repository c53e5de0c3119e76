"""One despatch advice: as a row for a decision, as its reader sees it, and as documents are set from it."""

from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import require, require_seen, sees_a_part
from portal.organisations.forms import PartyOut
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import View
from portal.shipments.forms import AdviceOut, DespatchLineOut, OrderRef, PackageOut
from portal.shipments.queries.parts import GOODS
from portal.shipments.queries.side import READ, readable, reads_as_buyer
from portal.shipments.states import S
from portal.shipments.tables import DespatchAdvice, DespatchLine

LINES = f"""
select {", ".join(DespatchLineOut.__struct_fields__)} from despatch_line where advice_id = $1 order by position
"""
_OWN = {"supplier", "buyer", "orders", "packages", "lines"}
_PRINTED = (
    "number", "despatch_date", "expected_date", "carrier", "tracking_number", "ship_to", "despatched_at",
)  # fmt: skip
_PRINTED_OF_LINE = (
    "order_number", "item_number", "description", "quantity", "unit", "batch", "outstanding_quantity", "ship_to",
)  # fmt: skip


async def advice_row(view: View, advice_id: UUID) -> DespatchAdvice:
    """The advice's row for its reader; unseen or outside the reader's scope is 404, not for their role 403."""
    require(view.actor, READ)
    known = view.known.row(DespatchAdvice, advice_id)
    if known is not None and not (reads_as_buyer(view.actor) and sees_a_part(view.actor, READ)):
        require_seen(view.actor, READ, known)
        return known
    bind = Bind(advice_id)
    within = readable(view.actor, "d", bind)
    record = await view.one(f"select d.*, {within} as readable_ from despatch_advice d where id = $1", *bind.values)
    if record is None or not record["readable_"]:
        raise NotFound()
    return DespatchAdvice.of({name: value for name, value in record.items() if name != "readable_"})


async def advice_out(view: View, advice_id: UUID) -> AdviceOut:
    return await out_of(view, await advice_row(view, advice_id))


async def out_of(view: View, advice: DespatchAdvice) -> AdviceOut:
    """The whole advice behind its row."""
    lines = [_line(row) for row in await view.part(GOODS, advice.id)]
    plain = {name: getattr(advice, name) for name in AdviceOut.__struct_fields__ if name not in _OWN}
    return AdviceOut(
        **plain,
        supplier=PartyOut(advice.supplier_id, advice.supplier_name),
        buyer=PartyOut(advice.buyer_id, advice.buyer_name),
        orders=_orders(lines),
        packages=msgspec.convert(advice.packages, list[PackageOut]),
        lines=lines,
    )


def _line(row: DespatchLine) -> DespatchLineOut:
    known = row.__dict__
    return DespatchLineOut(*[known[name] for name in DespatchLineOut.__struct_fields__])


async def snapshot_of_advice(view: View, advice_id: UUID) -> dict[str, Any]:
    """What the document says: parties and place as they were when the goods left, nothing of what arrived since."""
    advice = await advice_row(view, advice_id)
    if advice.state != S.DESPATCHED:
        raise Conflict(_("These goods have not left, so there is no document of it."), subject_id=advice_id)
    lines = await view.structs(DespatchLineOut, LINES, advice_id)
    packages = msgspec.convert(advice.packages, list[PackageOut])
    header = {name: getattr(advice, name) for name in _PRINTED} | {
        "order_number": ", ".join(order.number for order in _orders(lines)),
        "packages": [{"kind": each.type, "sscc": each.sscc, "weight": each.weight} for each in packages],
    }
    printed = [_printed(position, line) for position, line in enumerate(lines, start=1)]
    return {"advice": header, "lines": printed, "supplier": advice.supplier, "buyer": advice.buyer}


def _printed(position: int, line: DespatchLineOut) -> dict[str, Any]:
    own = {name: getattr(line, name) for name in _PRINTED_OF_LINE}
    return {"line": position, "order_line": line.line} | own


def _orders(lines: list[DespatchLineOut]) -> list[OrderRef]:
    numbers = {line.order_id: line.order_number for line in lines}
    return [OrderRef(order_id, number) for order_id, number in numbers.items()]
