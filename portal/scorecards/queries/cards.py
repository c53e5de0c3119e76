"""Frozen scorecards: what a month said when it was frozen, what it was restated to, and what its document says."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.guards import require
from portal.organisations.forms import PartyOut
from portal.platform.calendar import Month
from portal.platform.decimals import half_up
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.scorecards.forms import KeptScorecard
from portal.scorecards.queries.kept import seen_figures, told
from portal.scorecards.queries.parties import Pair
from portal.scorecards.rules import CRITERIA, MONTHS, Bounds, Figure, points
from portal.scorecards.tables import Scorecard

# What was known of earlier months when the card was written: a document never says what came later.
_MONTHS = """
select distinct on (c.month) c.month, c.score, c.standing from scorecard c
where c.buyer_id = $1 and c.supplier_id = $2 and c.month > $3 and c.month <= $4 and c.created_at <= $5
order by c.month, c.revision desc
"""


async def card_row(view: View, scorecard_id: UUID) -> Scorecard:
    """The card for its reader; unseen is 404, seen but not for this role 403."""
    record = await view.one("select * from scorecard where id = $1", scorecard_id)
    if record is None:
        raise NotFound()
    require(view.actor, "scorecards:read")
    return Scorecard.of(record)


async def cards_of(view: View, pair: Pair, month: Month | None = None) -> list[Scorecard]:
    """The frozen scorecards of a pair, or of one month, newest month and revision first."""
    sql = """select * from scorecard where buyer_id = $1 and supplier_id = $2 and ($3::date is null or month = $3)
      order by month desc, revision desc limit 200"""
    rows = await view.fetch(sql, pair.buyer_id, pair.supplier_id, None if month is None else month.first)
    return [Scorecard.of(row) for row in rows]


async def months_before(view: View, card: Scorecard) -> dict[date, tuple[Decimal | None, str | None]]:
    """Scores and standings of the twelve months up to the card's, as they were frozen when it was written."""
    first = Month.of(card.month).plus(-MONTHS).first
    rows = await view.fetch(_MONTHS, card.buyer_id, card.supplier_id, first, card.month, card.created_at)
    return {row["month"]: (row["score"], row["standing"]) for row in rows}


def card_out(card: Scorecard) -> KeptScorecard:
    return KeptScorecard(
        id=card.id,
        version=card.version,
        month=card.number,
        revision=card.revision,
        buyer=PartyOut(card.buyer_id, card.buyer_name),
        supplier=PartyOut(card.supplier_id, card.supplier_name),
        score=points(card.score),
        raw_score=points(card.raw_score),
        standing=card.standing,
        no_standing_because=card.missing,
        coverage=half_up(card.coverage, 1),
        count=card.facts,
        figures=seen_figures(card.figures),
        weights={name: Decimal(weight) for name, weight in card.weights.items()},
        reason=card.reason,
        digest=card.digest,
        frozen_at=card.created_at,
    )


async def snapshot_of_scorecard(view: View, scorecard_id: UUID) -> dict[str, Any]:
    """What the scorecard's document says: only what was known when it was written."""
    card = await card_row(view, scorecard_id)
    known = await months_before(view, card)
    score = told(card.figures, card.weights, card.rules.get("bounds"))
    header = {name: getattr(card, name) for name in _HEADER} | {"number": f"{card.supplier_name} {card.number}"}
    lines = [_line(name, score.figures.get(name), card.weights) for name in CRITERIA]
    last = Month.of(card.month)
    months = [last.plus(back + 1 - MONTHS) for back in range(MONTHS)]
    return {
        "header": header,
        "lines": lines,
        "months": [
            {"month": str(month)} | dict(zip(("score", "standing"), known.get(month.first, (None, None)), strict=True))
            for month in months
        ],
        "standings": [{"code": each.code, "least": each.least} for each in score.bounds.standings],
        "rules": card.rules,
        "least": _least(score.bounds),
        "buyer": card.parties["buyer"],
        "supplier": card.parties["supplier"],
    }


def _least(bounds: Bounds) -> dict[str, Any]:
    """What a standing took, in the words of the rules' edition."""
    told: dict[str, Any] = {"count": bounds.least_count, "coverage": bounds.least_coverage}
    return told if bounds.edition == 1 else told | {"edition": bounds.edition}


_HEADER = (
    "month", "revision", "score", "raw_score", "coverage", "facts", "standing", "missing", "reason", "digest",
    "created_at",
)  # fmt: skip


def _line(name: str, figure: Figure | None, weights: Mapping[str, str]) -> dict[str, Any]:
    shown = figure or Figure(name, 0, Decimal(0), Decimal(0))
    return {
        "criterion": name,
        "weight": weights.get(name, "0"),
        "count": shown.count,
        "share": _share(shown),
        "raw_share": _share(shown.raw),
        "excused": shown.excused.count,
    }


def _share(figure: Figure) -> str | None:
    """To six places: a document's bytes depend on nothing finer."""
    return None if figure.value is None else f"{figure.value:.6f}"
