"""Ratings for programs: of an order, of a supplier, and whether suppliers see averages."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.platform.paging import clamp
from portal.platform.work import viewing
from portal.ratings import commands, queries
from portal.ratings.forms import RatingForm, RatingOut, RatingsShownProposal, SupplierRatingsOut
from portal.settings.forms import SettingVersionOut
from portal.settings.queries import version
from portal.web.answers import tagged


@get("/purchase-orders/{order_id:uuid}/ratings", guards=[may("orders:rated")], operation_id="listOrderRatings")
async def of_order(actor: Acting, order_id: FromPath[UUID]) -> list[RatingOut]:
    """What colleagues say of an order, newest first. A supplier reads none of it."""
    async with viewing(actor) as view:
        return await queries.ratings_of_order(view, order_id)


@put("/purchase-orders/{order_id:uuid}/ratings", guards=[may("orders:rate")], operation_id="ratePurchaseOrder")
async def rate(actor: Acting, order_id: FromPath[UUID], data: JSONBody[RatingForm]) -> Response[RatingOut]:
    """Say what you think of an order that was received or closed, or say it otherwise: that is possible for 30 days.
    There is one rating by you of an order; `If-Match` compares with its version."""
    await commands.rate(actor, order_id, data)
    async with viewing(actor) as view:
        rating = await queries.rated_by_reader(view, order_id)
    assert rating is not None, "it was written just now"
    return tagged(rating, 200)


@get("/suppliers/{supplier_id:uuid}/ratings", guards=[may("suppliers:read")], operation_id="listSupplierRatings")
async def of_supplier(
    actor: Acting,
    supplier_id: FromPath[UUID],
    buyer_id: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> SupplierRatingsOut:
    """What your people say of a supplier: averages over twelve months, and the ratings themselves for who may see how
    orders are rated. A supplier asks for its own, and gets what its customer opens to it: averages of ended months."""
    async with viewing(actor) as view:
        return await queries.supplier_ratings(view, supplier_id, buyer_id, cursor=cursor, limit=clamp(limit))


@post("/ratings/shown", guards=[may("settings:propose")], operation_id="proposeRatingsShown")
async def shown(actor: Acting, data: JSONBody[RatingsShownProposal]) -> Response[SettingVersionOut]:
    """Propose whether suppliers see the averages of what is said of them; a second person approves it."""
    made = await commands.propose_shown(actor, data)
    async with viewing(actor) as view:
        return tagged(await version(view, made.id), 201)


_HANDLERS: list[Any] = [of_order, rate, of_supplier, shown]
router = Router("/", route_handlers=_HANDLERS, tags=["Ratings"])
