"""The facts behind a figure, newest first: adding them up gives the figure.

Of a frozen month these are the facts as they were when it was frozen or restated, kept beside its scorecard.
"""

from datetime import date
from typing import NamedTuple

from portal.access.guards import allowed, scoped, sees_a_part
from portal.platform.actor import Actor
from portal.platform.guarded import FIELDS
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import Malformed
from portal.platform.scope import visible
from portal.platform.work import View
from portal.scorecards.forms import FactOut
from portal.scorecards.queries.definition import COLUMNS, FACTS, FACTS_OF_THEN, KEPT, month_of
from portal.scorecards.queries.parties import Pair
from portal.scorecards.queries.sources import with_sources
from portal.scorecards.rules import CRITERIA, Period

READ = "scorecards:read"
GUARDED = FIELDS["judged-line"]
SORTS = {"date": Sort("counts_on", date.fromisoformat, "date")}
_OWN = {"buyer_id", "supplier_id"}
_CARDS = """
select distinct on (c.month) c.id, c.month, exists (select from scorecard_fact k where k.scorecard_id = c.id) as kept
from scorecard c where c.buyer_id = $1 and c.supplier_id = $2 and c.month >= $3 and c.month < $4
  and ($5::int is null or c.revision = $5) order by c.month, c.revision desc
"""
_KEPT = f"""
select k.buyer_id, k.supplier_id, f.* from scorecard_fact k cross join lateral jsonb_to_recordset(k.facts) as f ({KEPT})
where k.scorecard_id = any({{cards}}::uuid[]) and k.criterion = {{criterion}}
"""


class Asked(NamedTuple):
    """Which facts: of a criterion; with `now`, of frozen months too what is known now; else of one `revision`, the
    latest if none is named."""

    criterion: str
    now: bool = False
    revision: int | None = None


async def facts(
    view: View, pair: Pair, period: Period, asked: Asked, *, cursor: str | None = None, limit: int = 50
) -> Page[FactOut]:
    """One page of the facts of one criterion in one period, of orders in the reader's scope."""
    if asked.criterion not in FACTS:
        raise Malformed(_("A criterion is one of: {names}.", names=", ".join(CRITERIA)))
    bind = Bind(pair.buyer_id, pair.supplier_id, period.first, period.until)
    order = order_of(SORTS, "-date", cursor)
    after, ending = order.sql("f", bind, limit)
    source = FACTS_OF_THEN[asked.criterion] if asked.now else await _as_frozen(view, pair, period, asked, bind)
    sql = (
        f"select {COLUMNS} from ({source}) f where buyer_id = $1 and supplier_id = $2 "
        f"and counts_on >= $3 and counts_on < $4 and {of_orders_seen(view.actor, 'f', bind)} and {after} {ending}"
    )
    records = await view.fetch(sql, *bind.values)
    rows = [FactOut(**{k: v for k, v in record.items() if k not in _OWN}) for record in records[:limit]]
    rows = await with_sources(view, asked.criterion, rows)
    if asked.criterion == "price":
        rows = visible(rows, GUARDED, lambda permission: allowed(view.actor, permission))
    return Page(rows, order.page(records, limit, lambda record: record["counts_on"]))


def of_orders_seen(actor: Actor, alias: str, bind: Bind) -> str:
    """A condition on rows that name an `order_id`: it lies in the part of the company that the reader looks after."""
    if not sees_a_part(actor, READ):
        return "true"
    scope = scoped(actor, READ, "o", bind)
    return f"exists (select from purchase_order o where o.id = {alias}.order_id and {scope})"


async def _as_frozen(view: View, pair: Pair, period: Period, asked: Asked, bind: Bind) -> str:
    """Open months by what is known now, frozen ones by what was kept of them.

    Of months that were frozen before facts were kept, what is known now is all there is.
    """
    live = FACTS[asked.criterion]
    if pair.frozen_until is None or period.first > pair.frozen_until:
        return live
    span = (pair.buyer_id, pair.supplier_id, period.first, period.until)
    cards = await view.fetch(_CARDS, *span, asked.revision)
    kept = _KEPT.format(cards=bind([each["id"] for each in cards if each["kept"]]), criterion=bind(asked.criterion))
    bare = bind([each["month"] for each in cards if not each["kept"]])
    known = f"counts_on > {bind(pair.frozen_until)}::date or {month_of('counts_on')} = any({bare}::date[])"
    return f"select {COLUMNS} from ({live}) l where {known} union all select {COLUMNS} from ({kept}) k"
