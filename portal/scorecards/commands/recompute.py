"""What the facts come to, kept: by month and over twelve months, and each supplier's standing where orders read it.

`supplier_score` has this one writer for months that are open. It holds nothing that the facts do not say, so keeping
it is no event; a score or standing that moved on a trading relationship is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from portal.organisations.commands import set_standings
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.decimals import half_up, plain
from portal.platform.refusals import NotFound
from portal.platform.work import Change, changing, viewing
from portal.scorecards.commands.derive import derive_open
from portal.scorecards.events import ScoresRecomputed
from portal.scorecards.queries import Scoring as Rules
from portal.scorecards.queries import (
    Span,
    figures_by_month,
    figures_lately,
    kept_figures,
    kept_rows,
    latecomers,
    period_of,
    scoring_of,
    span_of_orders,
    with_history,
)
from portal.scorecards.rules import Bounds, Figure, Score, score_of, weights_of
from portal.scorecards.tables import Organisation

RECOMPUTE = "scorecards.recompute"
# Of a million facts, sums by supplier and month are made in memory, not sorted on disk.
_MUCH = "select set_config('work_mem', '64MB', true)"
_RELATIONS = """
select supplier_id, standing, score from trading_relationship where buyer_id = $1
  and ($2::uuid[] is null or supplier_id = any($2)) order by id for no key update
"""
_ORDER = "select buyer_id, supplier_id from purchase_order where id = $1"
# What waits to have the same supplier worked out for another order's sake is done with this one. Its facts are there:
# a job that is seen came with them. One that another process has taken is left to it.
_ALIKE = """
with alike as (
  select q.message_id, o.id, coalesce((q.message -> 'kwargs' ->> 'every_month')::bool, false) as every_month
  from dramatiq.queue q
  join purchase_order o on o.id = (q.message -> 'kwargs' ->> 'order_id')::uuid
  where q.state = 'queued' and q.available_at <= now() and q.message ->> 'actor_name' = $1
    and o.supplier_id = $2 and o.buyer_id = $3
  limit 200 for update of q skip locked),
done as (delete from dramatiq.queue q using alike a where q.message_id = a.message_id)
select id, bool_or(every_month) as every_month from alike group by id
"""
_KEEP = """
insert into supplier_score (buyer_id, supplier_id, shown_to, period, month, figures, weights, bounds, score,
  raw_score, coverage, facts, standing, missing, computed_at)
select $1, k.supplier_id, k.supplier_id, k.period, k.month, k.figures, k.weights, k.bounds, k.score, k.raw_score,
  k.coverage, k.facts, k.standing, k.missing, $3
from jsonb_to_recordset($2) as k (supplier_id uuid, period text, month date, figures jsonb, weights jsonb, bounds jsonb,
  score numeric, raw_score numeric, coverage numeric, facts int, standing text, missing text)
on conflict (buyer_id, supplier_id, period) do update set figures = excluded.figures, weights = excluded.weights,
  bounds = excluded.bounds,
  score = excluded.score, raw_score = excluded.raw_score, coverage = excluded.coverage, facts = excluded.facts,
  standing = excluded.standing, missing = excluded.missing, computed_at = excluded.computed_at
"""


class Place(NamedTuple):
    """Whose figures, and of which month; None stands for twelve months together."""

    supplier_id: UUID
    month: Month | None


async def recompute_standings(
    actor: Actor, suppliers: Sequence[UUID] | None = None, *, windows_moved: bool = False
) -> int:
    """Bring scores up to the facts, of all suppliers or of these; returns how many relationships changed.

    Safe to run twice and at once: relationships are locked in one order, and nothing is written that is so already.
    Where the early window moved, facts of open months are derived by it first.
    """
    async with changing(actor) as change:
        relations = await change.fetch(_RELATIONS, actor.organisation_id, suppliers)
        rules = await scoring_of(change)
        if windows_moved:
            await derive_open(change, rules.open_from, await latecomers(change, rules.open_from))
        return await _bring_up(change, relations, await keep_scores(change, rules, suppliers))


async def recompute_order(actor: Actor, order_id: UUID, *, every_month: bool = False) -> int:
    """The same for the supplier of an order, whichever side it was that did something: of the months that the order
    counts in, or of `every_month` where it may have counted in another one before. What waits for the same supplier's
    other orders is done at once."""
    async with viewing(actor) as view:
        order = await view.one(_ORDER, order_id)
    if order is None:
        raise NotFound()
    buyer, suppliers = Actor.system(order["buyer_id"], cause=actor.request.id), [order["supplier_id"]]
    async with changing(buyer) as change:
        relations = await change.fetch(_RELATIONS, buyer.organisation_id, suppliers)
        alike = await change.fetch(_ALIKE, RECOMPUTE, *suppliers, buyer.organisation_id)
        orders = list({order_id, *(row["id"] for row in alike)})
        whole = every_month or any(row["every_month"] for row in alike)
        span = None if whole else await span_of_orders(change, orders)
        rules = await scoring_of(change)
        return await _bring_up(change, relations, await keep_scores(change, rules, suppliers, span))


async def _bring_up(change: Change, relations: Sequence[asyncpg.Record], lately: Mapping[UUID, Score]) -> int:
    """Standings of relationships as their scores are now; the event is the buyer's alone, so that its entry tells every
    supplier's row."""
    moved = {
        row["supplier_id"]: new
        for row in relations
        if (new := _shown(lately.get(row["supplier_id"]))) != (row["standing"], row["score"])
    }
    if moved:
        buyer = await change.row(Organisation, change.actor.organisation_id, lock=False)
        change.record(ScoresRecomputed(len(moved)), buyer)
        await set_standings(change, moved)
    return len(moved)


async def recompute_history(actor: Actor) -> int:
    """The same of all suppliers with imported orders, and of every month of theirs that no scorecard tells."""
    async with viewing(actor) as view:
        suppliers = await with_history(view)
    return await recompute_standings(actor, suppliers)


async def keep_scores(
    change: Change, rules: Rules, suppliers: Sequence[UUID] | None, span: Span | None = None
) -> dict[UUID, Score]:
    """Keep what is known now of every open month (of those in the span), and of the last twelve months; gives the
    latter by supplier.

    The caller holds the relationships' locks. A month whose facts are gone stays, and says that there are none.
    """
    await change.fetch(_MUCH)
    first, until = span or Span(date.min, date.max)
    by = (weights_of(rules.weights), Bounds.of(rules.bounds))
    present = await kept_rows(change, first, until, suppliers)
    months = await _open_months(change, rules, Span(first, until), suppliers, present)
    found: dict[Place, Sequence[Figure]] = {Place(*place): figures for place, figures in months.items()}
    gone = {Place(supplier, Month.parse(period)) for supplier, period in present if period[:1].isdigit()} - found.keys()
    await _keep(change, found | dict.fromkeys(gone, ()), by, present)
    lately = await figures_lately(change, Month.of(rules.today), suppliers)
    old = {supplier for supplier, period in present if period == period_of(None)}
    places = {Place(supplier, None): lately.get(supplier, ()) for supplier in lately.keys() | old}
    scores = await _keep(change, places, by, present)
    return {place.supplier_id: score for place, score in scores.items()}


async def _open_months(
    change: Change,
    rules: Rules,
    span: Span,
    suppliers: Sequence[UUID] | None,
    present: Iterable[tuple[UUID, str]],
) -> Mapping[tuple[UUID, Month], Sequence[Figure]]:
    """The figures of all months without a scorecard. Of all suppliers, those before the open ones are only looked at
    where something is kept of them: whatever brings facts later has its supplier worked out."""
    if suppliers is not None:
        return await figures_by_month(change, *span, suppliers)
    found = await figures_by_month(change, max(span.first, rules.open_from), span.until, None)
    since = period_of(Month.of(rules.open_from))
    if late := [supplier for supplier, period in present if period < since]:
        found = found | await figures_by_month(change, span.first, min(span.until, rules.open_from), late)
    return found


def kept_as(place: Place, score: Score, figures: list[dict[str, Any]]) -> dict[str, Any]:
    """The row of a score: what people see of it has one decimal, its figures are exact."""
    judged = score.judged()
    raw = score.raw.value if score.excused else judged.value
    return {
        "supplier_id": place.supplier_id,
        "period": period_of(place.month),
        "month": None if place.month is None else place.month.first.isoformat(),
        "figures": figures,
        "weights": kept_weights(score.weights),
        "bounds": score.bounds.kept(),
        "score": _decimal(judged.value),
        "raw_score": _decimal(raw),
        "coverage": plain(judged.coverage),
        "facts": judged.count,
        "standing": judged.standing,
        "missing": judged.missing,
    }


def kept_weights(weights: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: plain(weight) for name, weight in weights.items()}


async def _keep(
    change: Change,
    places: Mapping[Place, Iterable[Figure]],
    by: tuple[Mapping[str, Decimal], Bounds],
    present: Mapping[tuple[UUID, str], tuple[Any, ...]],
) -> dict[Place, Score]:
    """Write what is not so already, in one statement; gives the scores of all."""
    scores = {place: score_of(figures, *by) for place, figures in places.items()}
    as_kept, rows = (kept_weights(by[0]), by[1].kept()), []
    for place, score in scores.items():
        figures = kept_figures(score)
        if present.get((place.supplier_id, period_of(place.month))) != (figures, *as_kept):
            rows.append(kept_as(place, score, figures))
    if rows:
        await change.fetch(_KEEP, change.actor.organisation_id, rows, change.now)
    return scores


def _shown(score: Score | None) -> tuple[str, Decimal | None]:
    if score is None:
        return "no_data", None
    judged = score.judged()
    return judged.standing or "no_data", None if judged.value is None else half_up(judged.value, 1)


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else plain(half_up(value, 1))
