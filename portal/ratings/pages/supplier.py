"""What people say of a supplier, on its page and beside its score: under a heading of its own, a part of neither."""

from typing import Any, NamedTuple

from portal.access.guards import allowed
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.ratings import queries
from portal.ratings.forms import RatedOut
from portal.ratings.rules import ASPECTS


class Said(NamedTuple):
    """The averages, and where the ratings behind them are for who may read those; `own` for the supplier itself."""

    rated: RatedOut
    own: bool
    href: str
    aspects: Any = ASPECTS


async def _said(view: View, pair: Any) -> Said | None:
    """For a buyer always; for a supplier only what its customer opens to it."""
    rated = await queries.rated(view, pair.supplier_id, pair.buyer_id)
    own = pair.supplier_id == view.actor.organisation_id
    if own and rated.average is None:
        return None
    href = f"/ratings?supplier_id={pair.supplier_id}" if not own and allowed(view.actor, queries.READ) else ""
    return Said(rated, own, href)


PANELS = {
    "supplier": [Panel(_said, "ratings/supplier.html", 12, "suppliers:read")],
    "supplier-score": [Panel(_said, "ratings/supplier.html", 50, "suppliers:read")],
}
