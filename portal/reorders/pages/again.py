"""A new draft from an order or from a template, and what differs in it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.orders.queries import order_row
from portal.platform.i18n import _
from portal.platform.ids import id_of
from portal.platform.refusals import NotFound
from portal.platform.work import View, viewing
from portal.reorders import commands, queries
from portal.reorders.commands import Again
from portal.reorders.queries import Anew
from portal.reorders.rules import CHANGED, NO_PRICE, NOT_OFFERED
from portal.web import page
from portal.web.flash import go
from portal.web.labels import FIELDS

WHY = {
    CHANGED: _("Changed"),
    NO_PRICE: _("No price of today: the former one stands"),
    NOT_OFFERED: _("Not ordered any more"),
}


@post("/orders/{order_id:uuid}/copy", guards=[may("orders:create")], include_in_schema=False)
async def copy(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    return _led_to(await commands.copy(actor, order_id), f"order={order_id}")


@post("/order-templates/{template_id:uuid}/apply", guards=[may("orders:create")], include_in_schema=False)
async def apply(actor: Acting, template_id: FromPath[UUID]) -> Response[Any]:
    return _led_to(await commands.apply(actor, template_id), f"template={template_id}")


@get("/orders/{order_id:uuid}/again", guards=[may("orders:create")], include_in_schema=False)
async def differences(request: Request[Any, Any, Any], actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """What differs in a draft from what it was made of: looked up as when it was made."""
    async with viewing(actor) as view:
        order = await order_row(view, order_id)
        anew = await _source(view, request.query_params.get("order", ""), request.query_params.get("template", ""))
    return page("reorders/again.html", order=order, differences=anew.differences, why=WHY, fields=FIELDS)


def _led_to(made: Again, source: str) -> Response[Any]:
    """Straight to the draft; past what differs in it, if anything does."""
    at, done = f"/orders/{made.order.id}", _("{number} is a new draft.", number=made.order.number)
    return go(f"{at}/again?{source}", done) if made.differences else go(at, done)


async def _source(view: View, order: str, template: str) -> Anew:
    if (order_id := id_of(order)) is not None:
        return await queries.anew(view, (await queries.recipe_of(view, order_id))[1])
    if (template_id := id_of(template)) is not None:
        return await queries.anew(view, queries.recipe_in(await queries.template_row(view, template_id)))
    raise NotFound()


HANDLERS = [copy, apply, differences]
