"""A supplier's whole history as sums: what a test adds up by itself and compares."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.platform.work import View
from portal.scorecards import queries


class Totals(NamedTuple):
    """Quantities that came and were rejected; quality weighs lines by what of them came, the fill rate is the mean of
    that: `filled` ÷ `lines`."""

    received: Decimal
    rejected: Decimal
    lines: Decimal
    filled: Decimal
    quality: Decimal | None
    fill_rate: Decimal | None


async def history_of(view: View, supplier_id: UUID) -> Totals | None:
    """Of all that the buyer ever issued to the supplier, frozen or not; None if that says nothing."""
    pair = await queries.pair_of(view, supplier_id)
    figures = (await queries.score_now(view, pair, pair.period("all"), frozen=False)).raw.figures
    if not figures:
        return None
    nothing = Decimal(0)
    units = await queries.by_unit(view, pair, pair.period("all"), queries.AskedFacts("quality", now=True))
    quality, filled = figures.get("quality"), figures.get("fill_rate")
    return Totals(
        received=sum((each.expected for each in units), nothing),
        rejected=sum((each.expected - each.actual for each in units), nothing),
        lines=filled.base if filled else nothing,
        filled=filled.achieved if filled else nothing,
        quality=quality.value if quality else None,
        fill_rate=filled.value if filled else None,
    )
