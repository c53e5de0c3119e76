"""What receipts tell the despatch advice that they are booked against."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.platform.decimals import ZERO, total
from portal.platform.refusals import NotFound
from portal.platform.work import Change, require_within_scope
from portal.shipments.queries.parts import GOODS
from portal.shipments.rules import arrival
from portal.shipments.tables import DespatchAdvice, DespatchLine


class Delivery(NamedTuple):
    """A despatch advice that no other receipt can touch meanwhile, with all its lines."""

    advice: DespatchAdvice
    lines: list[DespatchLine]


async def delivery(change: Change, advice_id: UUID) -> Delivery:
    """Lock an advice that was sent to the actor's organisation; any other is `NotFound`.

    Take it before the orders' ledgers: despatching locks in this sequence too.
    """
    advice = await change.row(DespatchAdvice, advice_id)
    if advice.shown_to != change.actor.organisation_id:
        raise NotFound()
    await require_within_scope(change, DespatchAdvice, advice_id)
    return Delivery(advice, await change.part(GOODS, advice_id))


def left_at(advice: DespatchAdvice) -> datetime | None:
    """When the goods left: when that was told, or, told on a later day, the beginning of the day that it names."""
    told, day = advice.despatched_at, advice.despatch_date
    sender: Any = advice.supplier or {}
    zone = ZoneInfo(sender.get("time_zone") or "UTC")
    if told is None or day is None or day >= told.astimezone(zone).date():
        return told
    return datetime.combine(day, time(), zone)


def note_arrival(change: Change, arriving: Delivery, arrived: Mapping[UUID, Decimal]) -> None:
    """Keep how much of each line came (negative where a receipt is undone) and how far the advice is.

    The receipt records the event.
    """
    for line in arriving.lines:
        line.received = total((line.received, arrived.get(line.id, ZERO)))
    change.write_all(arriving.lines)
    arriving.advice.receipt_status = arrival(arriving.lines)
    change.write(arriving.advice)
