"""Several suppliers side by side, and what a ranking may be asked for."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from portal.organisations.forms import PartyOut
from portal.platform.calendar import Month
from portal.platform.decimals import half_up
from portal.platform.i18n import _
from portal.platform.refusals import Malformed, NotFound
from portal.platform.work import View
from portal.scorecards.forms import ComparedOut
from portal.scorecards.queries.kept import compared
from portal.scorecards.queries.ranking import Asked, require_readable, shares
from portal.scorecards.rules import LATELY, MONTHS, Score, points, score_of

FEWEST, MOST = 2, 5
_NAMED = """
select supplier_id, supplier_name from trading_relationship where buyer_id = $1 and supplier_id = any($2::uuid[])
"""


class Beside(NamedTuple):
    """One of the suppliers compared: its score of the period, and of each of twelve months, the oldest first."""

    supplier_id: UUID
    name: str
    score: Score
    months: list[tuple[Month, Score | None]]


def asked_by(view: View, asked: Asked) -> Asked:
    """What a buyer asks of the ranking; raises `NotFound` for whoever has no suppliers, `Malformed` for
    what no list is asked for."""
    if not view.actor.is_buyer:
        raise NotFound()
    named = asked._replace(period=period_named(asked.period))
    require_readable(view, named)
    return named


def period_named(code: str) -> str:
    """What lists are kept of: a month, or twelve together."""
    if code == LATELY:
        return code
    try:
        return str(Month.parse(code))
    except ValueError as error:
        told = _("A list is of a month such as {month}, or of last-12-months.", month="2026-10")
        raise Malformed(told) from error


async def side_by_side(view: View, suppliers: Sequence[UUID], period: str = LATELY) -> list[Beside]:
    """In the order asked for; a supplier that is named twice stands once."""
    wanted = list(dict.fromkeys(suppliers))
    if not view.actor.is_buyer:
        raise NotFound()
    if not FEWEST <= len(wanted) <= MOST:
        raise Malformed(_("Choose {fewest} to {most} suppliers to compare.", fewest=FEWEST, most=MOST))
    chosen = period_named(period or LATELY)
    rows = await view.fetch(_NAMED, view.actor.organisation_id, wanted)
    names = {row["supplier_id"]: row["supplier_name"] for row in rows}
    if len(names) < len(wanted):
        raise NotFound()
    today = await view.value(_TODAY, view.actor.organisation_id)
    last = Month.of(today) if chosen == LATELY else Month.parse(chosen)
    kept = await compared(view, wanted, last, MONTHS)
    months = [last.plus(back + 1 - MONTHS) for back in range(MONTHS)]
    return [
        Beside(
            supplier,
            names[supplier],
            kept[supplier].get(chosen) or score_of(()),
            [(month, kept[supplier].get(str(month))) for month in months],
        )
        for supplier in wanted
    ]


_TODAY = "select (portal.now() at time zone time_zone)::date from organisation where id = $1"


def compared_out(beside: Beside) -> ComparedOut:
    judged, raw = beside.score.judged(), beside.score.raw.value
    return ComparedOut(
        supplier=PartyOut(beside.supplier_id, beside.name),
        score=points(judged.value),
        raw_score=points(raw),
        standing=judged.standing,
        coverage=half_up(judged.coverage, 1),
        count=judged.count,
        criteria=shares(beside.score),
        months={str(month): None if score is None else points(score.firm) for month, score in beside.months},
    )
