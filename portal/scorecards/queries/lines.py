"""The facts behind a figure, newest first: adding them up gives the figure."""

from datetime import date

from portal.access.guards import allowed
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import Malformed
from portal.platform.scope import visible
from portal.platform.work import View
from portal.scorecards.forms import FactOut
from portal.scorecards.queries.definition import COLUMNS, FACTS
from portal.scorecards.queries.parties import Pair
from portal.scorecards.rules import CRITERIA, Period

GUARDED = {"prices:read": frozenset({"expected", "actual"})}
SORTS = {"date": Sort("counts_on", date.fromisoformat, "date")}
_OWN = {"buyer_id", "supplier_id"}


async def facts(
    view: View, pair: Pair, period: Period, criterion: str, *, cursor: str | None = None, limit: int = 50
) -> Page[FactOut]:
    """One page of the facts of one criterion in one period."""
    if criterion not in FACTS:
        raise Malformed(_("A criterion is one of: {names}.", names=", ".join(CRITERIA)))
    bind = Bind(pair.buyer_id, pair.supplier_id, period.first, period.until)
    order = order_of(SORTS, "-date", cursor)
    after, ending = order.sql("f", bind, limit)
    sql = (
        f"select {COLUMNS} from ({FACTS[criterion]}) f where buyer_id = $1 and supplier_id = $2 "
        f"and counts_on >= $3 and counts_on < $4 and {after} {ending}"
    )
    records = await view.fetch(sql, *bind.values)
    rows = [FactOut(**{k: v for k, v in record.items() if k not in _OWN}) for record in records[:limit]]
    if criterion == "price":
        rows = visible(rows, GUARDED, lambda permission: allowed(view.actor, permission))
    return Page(rows, order.page(records, limit, lambda record: record["counts_on"]))
