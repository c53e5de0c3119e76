"""All suppliers by their scores of a period: read from what is kept, one statement a page."""

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from portal.platform.decimals import half_up
from portal.platform.i18n import _
from portal.platform.paging import Bind, Order, Sort, codes, order_of
from portal.platform.refusals import Malformed
from portal.platform.work import View
from portal.scorecards.forms import RankedOut
from portal.scorecards.queries.kept import told
from portal.scorecards.rules import CRITERIA, LATELY, STANDINGS, Score, points, share

SORTS = {
    "score": Sort("points", int, "int"),
    "name": Sort("supplier_name", str, "text"),
    "count": Sort("facts", int, "int"),
    "coverage": Sort("covered", int, "int"),
}
USUAL = "-score"
MOST_FOUND = 1000
NO_STANDING = "no_data"
_RANKED = """
select r.supplier_id as id, r.supplier_name, r.supplier_number, s.figures, s.weights, s.bounds, s.score, s.raw_score,
  s.standing, s.missing, coalesce(s.coverage, 0) as coverage, coalesce(s.facts, 0) as facts,
  case when s.missing is null and s.points >= 0 then s.points when s.points >= 0 then {little} + s.points
    else {nothing} end as points,
  coalesce(round(s.coverage * 10)::int, 0) as covered, coalesce(s.revision, 0) as revision, s.computed_at,
  (select v.until from standing_override v where v.buyer_id = r.buyer_id and v.supplier_id = r.supplier_id
    and v.ended_at is null and v.until >= (portal.now() at time zone b.time_zone)::date) as exception_until,
  case when s.missing is null and s.points >= 0
    then rank() over (order by s.missing is null and s.points >= 0 desc nulls last, s.points desc) end as rank
from trading_relationship r join organisation b on b.id = r.buyer_id
left join supplier_score s on s.buyer_id = r.buyer_id and s.supplier_id = r.supplier_id and s.period = $2
where r.buyer_id = $1 and r.state <> 'ended'
"""
# What there is too little of to judge by stands below all that is judged, whichever way the list is turned; what has no
# data below that. Scores are told in tenths, from 0 to 1000.
_BELOW = {True: {"little": -2000, "nothing": -3000}, False: {"little": 2000, "nothing": 4000}}
_ORDERED = """exists (select from purchase_order o where o.buyer_id = $1 and o.supplier_id = t.id
  and o.categories @> array[{}]::text[])"""
_CATEGORIES = "select distinct category from item where organisation_id = $1 and category <> '' order by 1 limit 200"


class Asked(NamedTuple):
    """By what the ranking is narrowed: `standing` may be several codes; `category` is one that was ordered there."""

    period: str = LATELY
    standing: str | None = None
    category: str | None = None
    min_count: int | None = None
    sort: str = USUAL


class Ranking(NamedTuple):
    """One page; `found` counts all pages, up to a cap."""

    rows: list[RankedOut]
    newer: str | None
    older: str | None
    found: int


async def ranking(view: View, asked: Asked, *, cursor: str | None = None, limit: int = 50) -> Ranking:
    """One page of the reader's suppliers. The rank is among all that are judged, whatever the list is narrowed to."""
    order = _order(asked, cursor)
    bind, source = _source(view, asked, order)
    after, ending = order.sql("t", bind, limit)
    found = f"(select count(*) from (select from ranked t limit {MOST_FOUND + 1}) c)"
    sql = f"{source} select t.*, {found} as found from ranked t where {after} {ending}"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    return Ranking([_ranked(record) for record in page.rows], page.newer, page.older, _count(records))


async def every_rank(view: View, asked: Asked) -> AsyncIterator[RankedOut]:
    """The whole ranking by the same filters, in the same order."""
    order = _order(asked, None)
    bind, source = _source(view, asked, order)
    falling = "desc" if order.descending else "asc"
    sql = f"{source} select * from ranked t order by t.{order.sort.column} {falling}, t.id {falling}"
    async for record in view.connection.cursor(sql, *bind.values, prefetch=500):
        yield _ranked(record)


def require_readable(view: View, asked: Asked) -> None:
    """Raise `Malformed` where the list would, for who must know before the first row is read."""
    _source(view, asked, _order(asked, None))


async def categories(view: View) -> list[str]:
    """The categories of the reader's items."""
    return [row["category"] for row in await view.fetch(_CATEGORIES, view.actor.organisation_id)]


def shares(score: Score | None) -> dict[str, Decimal | None]:
    """Each criterion's share, from 0 to 1; None without data."""
    figures: Mapping[str, Any] = score.figures if score else {}
    return {name: share(figures[name].value) if name in figures else None for name in CRITERIA}


def _order(asked: Asked, cursor: str | None) -> Order:
    return order_of(SORTS, asked.sort or USUAL, cursor)


def _source(view: View, asked: Asked, order: Order) -> tuple[Bind, str]:
    bind = Bind(view.actor.organisation_id, asked.period)
    parts = ["true"]
    if chosen := codes("standing", asked.standing, [*(each.code for each in STANDINGS), NO_STANDING]):
        parts.append(f"coalesce(t.standing, '{NO_STANDING}') = any({bind(chosen)}::text[])")
    if asked.category:
        parts.append(_ORDERED.format(bind(asked.category)))
    if asked.min_count is not None:
        if asked.min_count < 0:
            raise Malformed(_("The least number of facts is 0 or more."))
        parts.append(f"t.facts >= {bind(min(asked.min_count, 2**31 - 1))}::int")
    ranked = _RANKED.format(**_BELOW[order.descending])
    return bind, f"with ranked as (select * from ({ranked}) t where {' and '.join(parts)})"


def _count(records: list[Any]) -> int:
    return records[0]["found"] if records else 0


def _ranked(record: Any) -> RankedOut:
    score = None if record["figures"] is None else told(record["figures"], record["weights"], record["bounds"])
    plain = ("supplier_name", "supplier_number", "standing", "rank", "revision")
    return RankedOut(
        supplier_id=record["id"],
        score=points(record["score"]),
        raw_score=points(record["raw_score"]),
        coverage=half_up(record["coverage"], 1),
        no_standing_because=record["missing"] if score else "no_data",
        count=record["facts"],
        excused=score.excused if score else 0,
        criteria=shares(score),
        exception_until=record["exception_until"],
        computed_at=record["computed_at"],
        **{name: record[name] for name in plain},
    )
