"""Rating an order: on its page, and on a page of its own where something is wrong with what was typed."""

from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.orders.queries import order_row
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.ratings import commands, queries
from portal.ratings.forms import RatingForm, RatingOut
from portal.ratings.rules import ASPECTS, STARS, is_finished
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

_FIELDS = ("stars", *ASPECTS, "comment")


class Rated(NamedTuple):
    """What colleagues say of an order, and the reader's own rating as a form where they may give or change it."""

    order: Any
    others: list[RatingOut]
    own: RatingOut | None
    form: Form | None
    aspects: Any = ASPECTS
    stars: Any = tuple(STARS.items())

    @property
    def told(self) -> list[RatingOut]:
        """What is read, the reader's own last word included where it cannot be changed any more."""
        return self.others if self.form or self.own is None else [self.own, *self.others]


@get("/orders/{order_id:uuid}/ratings", guards=[may("orders:rated")], include_in_schema=False)
async def show(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    return await _shown(actor, order_id)


@post("/orders/{order_id:uuid}/ratings", guards=[may("orders:rate")], include_in_schema=False)
async def rate(request: Request[Any, Any, Any], actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        rating = await commands.rate(as_seen(actor, typed), order_id, typed.convert(RatingForm, only=_FIELDS))
    except (Invalid, Conflict) as refusal:
        form = Form(typed.values, refusal.errors or [FieldError("", refusal.message)])
        return await _shown(actor, order_id, form, refusal.status)
    return go(f"/orders/{order_id}#ratings", _("Your rating of {number} is kept.", number=rating.order_number))


async def _shown(actor: Actor, order_id: UUID, form: Form | None = None, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        order = await order_row(view, order_id, queries.READ)
        rated = await _of_order(view, order)
    if rated is not None and form is not None:
        rated = rated._replace(form=form)
    return page("ratings/order.html", status=status, order=order, panel=rated)


async def _of_order(view: View, order: Any) -> Rated | None:
    """For the buyer's people alone, once the order is finished or somebody rated it."""
    if order.buyer_id != view.actor.organisation_id or not is_finished(order):
        return None
    given = await queries.ratings_of_order(view, order.id)
    own = next((each for each in given if each.own), None)
    rates = allowed(view.actor, "orders:rate", order) and (own is None or await queries.is_changeable(view, own))
    return Rated(order, [each for each in given if not each.own], own, _form(own) if rates else None)


def _form(own: RatingOut | None) -> Form:
    if own is None:
        return Form()
    known = {name: getattr(own, name) for name in (*_FIELDS, "version")}
    return Form({name: str(value) for name, value in known.items() if value is not None})


PANELS = {"purchase-order": [Panel(_of_order, "ratings/panel.html", 70, queries.READ)]}
HANDLERS: list[Any] = [show, rate]
