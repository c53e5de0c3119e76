"""A despatch advice as UBL, and the order lines that one from outside names."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.calendar import local_date
from portal.platform.einvoice.syntax import write
from portal.platform.work import View
from portal.shipments.queries.one import snapshot_of_advice
from portal.shipments.rules.ubl import DESPATCH_ADVICE, advice_of

_NAMED = """
select l.id, o.number, l.line, l.unit, l.item_number, r.snapshot -> 'buyer' as buyer
from purchase_order o join purchase_order_line l on l.order_id = o.id
left join order_revision r on r.order_id = o.id and r.revision = o.revision
where o.shown_to = $1 and o.supplier_id = $1 and o.number = any($2) order by l.id
"""


class Written(NamedTuple):
    """A document, and what a disk calls it."""

    name: str
    xml: bytes


class NamedLine(msgspec.Struct):
    """An order line that a document names by the numbers of order and line, and whose order it is."""

    id: UUID
    number: str
    line: int
    unit: str
    item_number: str
    buyer: dict[str, Any] | None


async def advice_document(view: View, advice_id: UUID) -> Written:
    """A despatch advice that was sent as a UBL DespatchAdvice; a draft has none (409)."""
    said = msgspec.to_builtins(await snapshot_of_advice(view, advice_id))
    at = datetime.fromisoformat(said["advice"]["despatched_at"])
    document = advice_of(said, local_date(at, said["supplier"].get("time_zone") or "UTC"))
    return Written(f"{document.number}.xml", await asyncio.to_thread(write, DESPATCH_ADVICE, document))


async def named_lines(view: View, numbers: Sequence[str]) -> dict[tuple[str, str], list[NamedLine]]:
    """The supplier's own order lines of these orders, by order number and line number as documents write them."""
    found: dict[tuple[str, str], list[NamedLine]] = {}
    for line in await view.structs(NamedLine, _NAMED, view.actor.organisation_id, list(numbers)):
        found.setdefault((line.number, str(line.line)), []).append(line)
    return found
