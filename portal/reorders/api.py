"""Ordering again, for programs: copies of orders, and templates."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.orders.queries import order_out
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.reorders import commands, queries
from portal.reorders.commands import Again
from portal.reorders.forms import AgainOut, TemplateEdit, TemplateForm, TemplateOut, TemplateRow
from portal.web.answers import tagged


async def _again(actor: Actor, made: Again) -> Response[AgainOut]:
    async with viewing(actor) as view:
        return Response(AgainOut(await order_out(view, made.order.id), made.differences), status_code=201)


async def _tagged(actor: Actor, template_id: UUID, status: int = 200) -> Response[TemplateOut]:
    async with viewing(actor) as view:
        return tagged(queries.template_out(view, await queries.template_row(view, template_id)), status)


@post("/purchase-orders/{order_id:uuid}/copy", guards=[may("orders:create")], operation_id="copyPurchaseOrder")
async def copy(actor: Acting, order_id: FromPath[UUID]) -> Response[AgainOut]:
    """A new draft for what an order says, at today's prices; what differs is told."""
    return await _again(actor, await commands.copy(actor, order_id))


@get("/order-templates", guards=[may("order-templates:read")], operation_id="listOrderTemplates")
async def list_templates(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[TemplateRow]:
    """Your own templates and those that colleagues share, by name."""
    async with viewing(actor) as view:
        return await queries.templates(view, cursor=cursor, limit=clamp(limit))


@post("/order-templates", guards=[may("order-templates:create")], operation_id="createOrderTemplate")
async def create(actor: Acting, data: JSONBody[TemplateForm]) -> Response[TemplateOut]:
    """Keep what an order says as a template."""
    template = await commands.save(actor, data)
    return await _tagged(actor, template.id, 201)


@get("/order-templates/{template_id:uuid}", guards=[may("order-templates:read")], operation_id="getOrderTemplate")
async def show(actor: Acting, template_id: FromPath[UUID]) -> Response[TemplateOut]:
    """One template with its lines, at the prices of then."""
    return await _tagged(actor, template_id)


@patch("/order-templates/{template_id:uuid}", guards=[may("order-templates:edit")], operation_id="editOrderTemplate")
async def edit(actor: Acting, template_id: FromPath[UUID], data: JSONBody[TemplateEdit]) -> Response[TemplateOut]:
    """Rename a template of your own, or share it."""
    await commands.edit(actor, template_id, data)
    return await _tagged(actor, template_id)


@delete(
    "/order-templates/{template_id:uuid}", guards=[may("order-templates:delete")], operation_id="deleteOrderTemplate"
)
async def remove(actor: Acting, template_id: FromPath[UUID]) -> None:
    """Delete a template of your own; orders made from it stay."""
    await commands.delete(actor, template_id)


@post("/order-templates/{template_id:uuid}/apply", guards=[may("orders:create")], operation_id="applyOrderTemplate")
async def apply(actor: Acting, template_id: FromPath[UUID]) -> Response[AgainOut]:
    """A new draft for what a template says, at today's prices; what differs is told."""
    return await _again(actor, await commands.apply(actor, template_id))


_HANDLERS: list[Any] = [copy, list_templates, create, show, edit, remove, apply]
router = Router("/", route_handlers=_HANDLERS, tags=["Ordering again"])
