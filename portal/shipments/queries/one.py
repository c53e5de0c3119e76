"""One despatch advice: as a row for a decision, as its reader sees it, and as documents are set from it."""

from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import require
from portal.orders.forms import PartyOut
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.work import View
from portal.shipments.forms import AdviceOut, DespatchLineOut, OrderRef, PackageOut
from portal.shipments.queries.side import READ, readable
from portal.shipments.states import S
from portal.shipments.tables import DespatchAdvice

LINES = f"""
select {", ".join(DespatchLineOut.__struct_fields__)} from despatch_line where advice_id = $1 order by position
"""
_OWN = {"supplier", "buyer", "orders", "packages", "lines"}
_PRINTED = (
    "id", "number", "despatch_date", "expected_date", "carrier", "tracking_number", "packages", "ship_to", "supplier",
    "buyer", "despatched_at",
)  # fmt: skip


async def advice_row(view: View, advice_id: UUID) -> DespatchAdvice:
    """The advice's row for its reader; unseen is 404, seen but outside the reader's role or scope 403."""
    require(view.actor, READ)
    bind = Bind(advice_id)
    within = readable(view.actor, "d", bind)
    record = await view.one(f"select d.*, {within} as readable_ from despatch_advice d where id = $1", *bind.values)
    if record is None:
        raise NotFound()
    if not record["readable_"]:
        raise Denied(_("This lies outside the part of the company that you look after."))
    return DespatchAdvice.of({name: value for name, value in record.items() if name != "readable_"})


async def advice_out(view: View, advice_id: UUID) -> AdviceOut:
    advice = await advice_row(view, advice_id)
    lines = await view.structs(DespatchLineOut, LINES, advice_id)
    plain = {name: getattr(advice, name) for name in AdviceOut.__struct_fields__ if name not in _OWN}
    return AdviceOut(
        **plain,
        supplier=PartyOut(advice.supplier_id, advice.supplier_name),
        buyer=PartyOut(advice.buyer_id, advice.buyer_name),
        orders=_orders(lines),
        packages=msgspec.convert(advice.packages, list[PackageOut]),
        lines=lines,
    )


async def snapshot_of_advice(view: View, advice_id: UUID) -> dict[str, Any]:
    """What the document says: parties and place as they were when the goods left. A draft has none."""
    advice = await advice_row(view, advice_id)
    if advice.state != S.DESPATCHED:
        raise Conflict(_("These goods were not despatched, so there is no document of it."), subject_id=advice_id)
    lines = await view.structs(DespatchLineOut, LINES, advice_id)
    return {
        "advice": {name: getattr(advice, name) for name in _PRINTED},
        "orders": [msgspec.structs.asdict(order) for order in _orders(lines)],
        "lines": [_printed(line) for line in lines],
    }


def _printed(line: DespatchLineOut) -> dict[str, Any]:
    """What has arrived is no part of the document."""
    return {name: value for name, value in msgspec.structs.asdict(line).items() if name != "received"}


def _orders(lines: list[DespatchLineOut]) -> list[OrderRef]:
    return [
        OrderRef(order_id, number) for order_id, number in {line.order_id: line.order_number for line in lines}.items()
    ]
