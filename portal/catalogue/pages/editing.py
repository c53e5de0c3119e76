"""Items by hand."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.catalogue import commands, queries
from portal.catalogue.forms import ItemForm, ItemOut
from portal.platform.decimals import plain
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.totals import choices as tax_choices
from portal.platform.units import labelled
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AnyRequest = Request[Any, Any, Any]
FIELDS = ItemForm.__struct_fields__


@get("/items/new", guards=[may("items:edit")], include_in_schema=False)
async def new(actor: Acting) -> Response[Any]:
    return _page(Form({"unit": "C62", "tax_category": "S"}))


@post("/items/new", guards=[may("items:edit")], include_in_schema=False)
async def add(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        item = await commands.add_item(actor, typed.convert(ItemForm, only=FIELDS))
    except (Invalid, Conflict) as refusal:
        return _page(Form(typed.values, refusal.errors), status=refusal.status)
    return go(f"/items/{item.id}", _("{number} can be ordered.", number=item.number))


@get("/items/{item_id:uuid}/edit", guards=[may("items:edit")], include_in_schema=False)
async def open_(actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        item = await queries.item(view, item_id)
    present = {name: getattr(item, name) for name in (*FIELDS, "version") if hasattr(item, name)}
    return _page(Form(present | {"tax_rate": plain(item.tax_rate)}), item)


@post("/items/{item_id:uuid}/edit", guards=[may("items:edit")], include_in_schema=False)
async def edit(request: AnyRequest, actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        await commands.edit_item(as_seen(actor, typed), item_id, typed.convert(ItemForm, only=FIELDS))
    except (Invalid, Conflict) as refusal:
        async with viewing(actor) as view:
            item = await queries.item(view, item_id)
        return _page(Form(typed.values, refusal.errors), item, status=refusal.status)
    return go(f"/items/{item_id}", _("What you changed is kept. Documents that were sent keep what they say."))


def _page(form: Form, item: ItemOut | None = None, *, status: int = 200) -> Response[Any]:
    units = labelled(str(form.value("unit")))
    return page("items/edit.html", status=status, form=form, item=item, units=units, taxes=tax_choices())


HANDLERS = [new, add, open_, edit]
