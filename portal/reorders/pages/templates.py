"""Order templates on screen: the list, one of them, keeping an order as one."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import viewing
from portal.reorders import commands, queries
from portal.reorders.forms import TemplateEdit, TemplateForm
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form
from portal.web.parts import Action

AnyRequest = Request[Any, Any, Any]
_FIELDS = ("name", "shared")


@get("/order-templates", guards=[may("order-templates:read")], include_in_schema=False)
async def list_templates(request: AnyRequest, actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.templates(view, cursor=request.query_params.get("cursor"))
    return page("reorders/list.html", found=found, applies=allowed(actor, "orders:create"))


@get("/order-templates/{template_id:uuid}", guards=[may("order-templates:read")], include_in_schema=False)
async def show(actor: Acting, template_id: FromPath[UUID]) -> Response[Any]:
    return await _shown(actor, template_id)


@post("/order-templates/{template_id:uuid}/edit", guards=[may("order-templates:edit")], include_in_schema=False)
async def edit(request: AnyRequest, actor: Acting, template_id: FromPath[UUID]) -> Response[Any]:
    """Another name; shared if that is ticked, and not if it is not."""
    typed = await read_form(request)
    try:
        form = typed.convert(TemplateEdit, only=_FIELDS, shared=False)
        template = await commands.edit(as_seen(actor, typed), template_id, form)
    except (Invalid, Conflict) as refusal:
        return await _shown(actor, template_id, _again(typed, refusal), refusal.status)
    return go(f"/order-templates/{template_id}", _("“{name}” is saved.", name=template.name))


@post("/order-templates/{template_id:uuid}/delete", guards=[may("order-templates:delete")], include_in_schema=False)
async def delete(actor: Acting, template_id: FromPath[UUID]) -> Response[Any]:
    template = await commands.delete(actor, template_id)
    return go("/order-templates", _("“{name}” is deleted.", name=template.name))


@get("/orders/{order_id:uuid}/template", guards=[may("order-templates:create")], include_in_schema=False)
async def begin(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    return _asked(await _order(actor, order_id), Form())


@post("/orders/{order_id:uuid}/template", guards=[may("order-templates:create")], include_in_schema=False)
async def keep(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(TemplateForm, only=_FIELDS, order_id=str(order_id))
        template = await commands.save(actor, form)
    except (Invalid, Conflict) as refusal:
        return _asked(await _order(actor, order_id), _again(typed, refusal), refusal.status)
    return go(f"/order-templates/{template.id}", _("“{name}” is kept as a template.", name=template.name))


async def _order(actor: Actor, order_id: UUID) -> Any:
    async with viewing(actor) as view:
        return (await queries.recipe_of(view, order_id))[0]


def _asked(order: Any, form: Form, status: int = 200) -> Response[Any]:
    return page("reorders/keep.html", status=status, order=order, form=form)


async def _shown(actor: Actor, template_id: UUID, form: Form | None = None, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        row = await queries.template_row(view, template_id)
        template = queries.template_out(view, row)
    at, acts = f"/order-templates/{template_id}", []
    if allowed(actor, "orders:create"):
        acts.append(Action(_("New draft"), f"{at}/apply", "primary", "plus"))
    if allowed(actor, "order-templates:delete", row):
        sure = _("Orders that were made from it stay. This cannot be undone.")
        acts.append(Action(_("Delete the template"), f"{at}/delete", "danger", "trash", confirm=sure))
    known = Form({"name": template.name, "shared": "true" if template.shared else ""})
    edits = allowed(actor, "order-templates:edit", row)
    told = {"kept": template, "acts": acts, "edits": edits, "form": form or known}
    return page("reorders/show.html", status=status, **told)


def _again(typed: Typed, refusal: Invalid | Conflict) -> Form:
    errors = refusal.errors or [FieldError("name", str(refusal))]
    return Form(typed.values, errors)


HANDLERS = [list_templates, show, edit, delete, begin, keep]
