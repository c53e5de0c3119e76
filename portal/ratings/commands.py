"""Rating an order, and whether suppliers see what comes of it."""

from uuid import UUID

import asyncpg

from portal.orders.queries import order_row
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version
from portal.ratings.events import OrderRated, RatingChanged
from portal.ratings.forms import RatingForm, RatingsShownProposal
from portal.ratings.rules import against_changing, against_rating
from portal.ratings.tables import OrderRating, PurchaseOrder, SettingVersion
from portal.settings.commands import propose

SHOWN = "ratings-shown"


async def rate(actor: Actor, order_id: UUID, form: RatingForm) -> OrderRating:
    """Say what one thinks of a finished order, or say it otherwise within thirty days of the first time."""
    try:
        async with changing(actor) as change:
            order = await _rated_order(change, order_id)
            rating = await _own(change, order)
            if rating is None:
                rating = _first(change, order)
                _say(rating, form)
                change.add(rating)
                change.record(OrderRated(rating.id, order.id, rating.stars), rating, root_id=order.id)
            else:
                _say_otherwise(change, rating, form)
                change.record(RatingChanged(rating.id, order.id, rating.stars), rating, root_id=order.id)
        return rating
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", "") != "order_rating_own":
            raise
        raise Conflict(_("You rated this order a moment ago. Open it again to change what you said.")) from error


async def propose_shown(actor: Actor, form: RatingsShownProposal) -> SettingVersion:
    """Propose whether suppliers see the averages of their ratings; a second person approves it."""
    value = {"ratings_shown": form.shown}
    return await propose(actor, SHOWN, actor.organisation_id, value, from_day=form.from_day, reason=form.reason)


async def _rated_order(change: Change, order_id: UUID) -> PurchaseOrder:
    """The order, if it is the actor's company that bought by it; a supplier's people never rate."""
    order = await order_row(change, order_id)
    if order.buyer_id != change.actor.organisation_id:
        raise NotFound()
    change.require("orders:rate", order)
    if (why := against_rating(order)) is not None:
        raise Conflict(why)
    return order


async def _own(change: Change, order: PurchaseOrder) -> OrderRating | None:
    found = await change.rows(
        OrderRating, "order_id = $1 and created_by = $2 for no key update", order.id, change.actor.person_id
    )
    return found[0] if found else None


def _first(change: Change, order: PurchaseOrder) -> OrderRating:
    return OrderRating(
        id=new_id(),
        order_id=order.id,
        order_number=order.number,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        created_by=change.actor.person_id,
        created_at=change.now,
    )


def _say_otherwise(change: Change, rating: OrderRating, form: RatingForm) -> None:
    expect_version(change.actor, rating)
    if (why := against_changing(rating.created_at, change.now)) is not None:
        raise Conflict(why)
    _say(rating, form)
    rating.changed_at = change.now
    change.write(rating)


def _say(rating: OrderRating, form: RatingForm) -> None:
    rating.stars, rating.comment = form.stars, form.comment or ""
    rating.as_agreed, rating.communication, rating.handling = form.as_agreed, form.communication, form.handling
