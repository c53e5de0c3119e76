"""All suppliers of a buyer, ranked; some of them side by side."""

from typing import Any
from uuid import UUID

from litestar import get
from litestar.params import FromQuery

from portal.access.guards import Acting, may
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.scorecards import queries
from portal.scorecards.forms import ComparedOut, RankedOut
from portal.scorecards.queries import Asked
from portal.scorecards.rules import LATELY


@get("/", guards=[may("scorecards:read")], operation_id="listScorecards")
async def ranking(
    actor: Acting,
    period: FromQuery[str] = LATELY,
    standing: FromQuery[str | None] = None,
    category: FromQuery[str | None] = None,
    min_count: FromQuery[int | None] = None,
    sort: FromQuery[str] = queries.USUAL,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[RankedOut]:
    """A buyer's suppliers by their scores of a month such as `2026-10`, or of `last-12-months`.

    `standing` is one of good, warn, poor, no_data, or several; `category` one that was ordered there; `sort` is score,
    name, count or coverage, with `-` before it from the other end.
    """
    async with viewing(actor) as view:
        asked = queries.asked_by(view, Asked(period or LATELY, standing, category, min_count, sort))
        found = await queries.ranking(view, asked, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/comparison", guards=[may("scorecards:read")], operation_id="compareScorecards")
async def comparison(
    actor: Acting, supplier_id: FromQuery[list[UUID] | None] = None, period: FromQuery[str] = LATELY
) -> list[ComparedOut]:
    """Two to five suppliers side by side: name each by `supplier_id`."""
    async with viewing(actor) as view:
        return [queries.compared_out(each) for each in await queries.side_by_side(view, supplier_id or [], period)]


HANDLERS: list[Any] = [ranking, comparison]
