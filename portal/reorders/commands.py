"""Ordering again, and keeping templates: each verb is one function; what makes a draft goes through `orders.create`."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.orders import commands as orders
from portal.orders.forms import OrderForm
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing, viewing
from portal.reorders import queries
from portal.reorders.events import TemplateChanged, TemplateDeleted, TemplateSaved
from portal.reorders.forms import TemplateEdit, TemplateForm
from portal.reorders.queries import Anew
from portal.reorders.rules import Difference
from portal.reorders.tables import OrderTemplate


class Again(NamedTuple):
    """A new draft, and what differs in it from what it was made of."""

    order: Any
    differences: list[Difference]


class NotAgain(Conflict):
    """What was ordered then cannot be ordered like that today; `errors` names each line and field of it."""

    title = _("This cannot be ordered again as it was")

    def __init__(self, errors: Sequence[FieldError], subject_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=subject_id)
        self.errors = tuple(errors)


async def copy(actor: Actor, order_id: UUID) -> Again:
    """Enter a new draft for what one of the organisation's orders says, at today's prices."""
    async with viewing(actor) as view:
        _order, recipe = await queries.recipe_of(view, order_id)
        anew = await queries.anew(view, recipe)
    return await _entered(actor, anew, order_id, copy_of=order_id)


async def apply(actor: Actor, template_id: UUID) -> Again:
    """Enter a new draft for what a template says, at today's prices."""
    async with viewing(actor) as view:
        template = await queries.template_row(view, template_id)
        anew = await queries.anew(view, queries.recipe_in(template))
    return await _entered(actor, anew, template_id)


async def save(actor: Actor, form: TemplateForm) -> OrderTemplate:
    """Keep what an order says as a template."""
    async with changing(actor) as change:
        order, recipe = await queries.recipe_of(change, form.order_id)
        content: Any = msgspec.to_builtins(recipe)
        template = OrderTemplate(
            id=new_id(),
            buyer_id=order.buyer_id,
            name=form.name,
            shared=form.shared,
            supplier_id=order.supplier_id,
            supplier_name=order.supplier_name,
            currency=order.currency,
            content=content,
            purchasing_group=order.purchasing_group,
            cost_centre=order.cost_centre,
            categories=order.categories,
            site_id=order.site_id,
            created_by=actor.person_id,
            created_at=change.now,
        )
        change.require("order-templates:create", template)
        await _require_new_name(change, form.name)
        change.add(template)
        change.record(TemplateSaved(template.id, order.id), template)
    return template


async def edit(actor: Actor, template_id: UUID, form: TemplateEdit) -> OrderTemplate:
    """Rename a template of one's own, or share it, or share it no longer."""
    async with changing(actor, OrderTemplate, template_id) as (change, template):
        change.require("order-templates:edit", template)
        if form.name is not None and form.name != template.name:
            await _require_new_name(change, form.name)
            template.name = form.name
        if form.shared is not None:
            template.shared = form.shared
        template.edited_at = change.now
        change.write(template)
        change.record(TemplateChanged(template.id), template)
    return template


async def delete(actor: Actor, template_id: UUID) -> OrderTemplate:
    """Delete a template of one's own; orders that were made from it stay."""
    async with changing(actor, OrderTemplate, template_id) as (change, template):
        change.require("order-templates:delete", template)
        change.remove_all([template])
        change.record(TemplateDeleted(template.id), template)
    return template


async def _entered(actor: Actor, anew: Anew, subject_id: UUID, copy_of: UUID | None = None) -> Again:
    try:
        order = await orders.create(actor, convert(OrderForm, anew.body), copy_of=copy_of)
    except (Invalid, Problems) as refusal:
        raise NotAgain(refusal.errors, subject_id) from refusal
    return Again(order, anew.differences)


async def _require_new_name(change: Change, name: str) -> None:
    if await queries.named_so(change, name):
        raise Conflict(_("You have a template of this name already. Choose another one."))
