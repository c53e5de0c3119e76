"""What suppliers ask, by hand: a list of breaks at once, and a price mended or ended."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.catalogue import commands, queries
from portal.catalogue.forms import PriceForm, PriceListForm, PriceOut
from portal.organisations.queries import supplier_choices
from portal.platform.actor import Actor
from portal.platform.decimals import plain
from portal.platform.i18n import _
from portal.platform.money import CURRENCIES, FUNDS
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.units import labelled
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.forms import grown
from portal.web.input import Typed, as_seen, read_form
from portal.web.parts import LineColumn

AnyRequest = Request[Any, Any, Any]
AT = "/items/{item_id:uuid}/prices"
BREAKS = [
    LineColumn("minimum_quantity", _("From quantity"), "number", "narrow"),
    LineColumn("maximum_quantity", _("Up to quantity"), "number", "narrow"),
    LineColumn("unit_price", _("Unit price"), "number", "narrow", required=True),
]


@get(AT + "/new", guards=[may("items:edit")], include_in_schema=False)
async def new(actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    return await _list(actor, item_id, Form({"base_quantity": "1"}))


@post(AT + "/new", guards=[may("items:edit")], include_in_schema=False)
async def add(request: AnyRequest, actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    if (more := grown(typed.values)) is not None:
        return await _list(actor, item_id, Form(more))
    try:
        await commands.set_prices(actor, item_id, _filled(typed).convert(PriceListForm))
    except (Invalid, Conflict) as refusal:
        return await _list(actor, item_id, Form.typed(typed.values, refusal.errors), status=refusal.status)
    return go(f"/items/{item_id}", _("New orders take these prices over."))


@get(AT + "/{price_id:uuid}/edit", guards=[may("items:edit")], include_in_schema=False)
async def open_(actor: Acting, item_id: FromPath[UUID], price_id: FromPath[UUID]) -> Response[Any]:
    return await _one(actor, item_id, price_id, None)


@post(AT + "/{price_id:uuid}/edit", guards=[may("items:edit")], include_in_schema=False)
async def mend(request: AnyRequest, actor: Acting, item_id: FromPath[UUID], price_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(PriceForm, only=PriceForm.__struct_fields__)
        await commands.edit_price(as_seen(actor, typed), item_id, price_id, form)
    except (Invalid, Conflict) as refusal:
        return await _one(actor, item_id, price_id, Form(typed.values, refusal.errors), status=refusal.status)
    return go(f"/items/{item_id}", _("The price is kept. Orders that took the former one over keep that."))


def _filled(typed: Typed) -> Typed:
    """Without the rows that were left blank altogether."""
    blank = {
        name.rpartition(".")[0] + "."
        for name, value in typed.pairs
        if name.startswith("breaks.") and not _row(typed, name.rpartition(".")[0])
    }
    return Typed([(name, value) for name, value in typed.pairs if not any(name.startswith(each) for each in blank)])


def _row(typed: Typed, row: str) -> bool:
    return any(value.strip() for name, value in typed.pairs if name.startswith(f"{row}."))


async def _list(actor: Actor, item_id: UUID, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        item = await queries.item(view, item_id)
        suppliers = await supplier_choices(view, str(form.value("supplier_id")))
    return page(
        "items/prices.html", status=status, form=form, item=item, suppliers=suppliers, columns=BREAKS, **_choices(form)
    )


async def _one(actor: Actor, item_id: UUID, price_id: UUID, form: Form | None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        item = await queries.item(view, item_id)
    price = next((each for each in item.prices if each.id == price_id), None)
    if price is None:
        raise NotFound()
    shown = form or Form(_present(price))
    return page("items/price.html", status=status, form=shown, item=item, price=price, **_choices(shown))


def _present(price: PriceOut) -> dict[str, str]:
    told = {name: getattr(price, name) for name in (*PriceForm.__struct_fields__, "version")}
    figures = ("unit_price", "base_quantity", "minimum_quantity", "maximum_quantity")
    shown = {name: "" if told[name] is None else plain(told[name]) for name in figures}
    return {name: "" if value is None else str(value) for name, value in told.items()} | shown


def _choices(form: Form) -> dict[str, Any]:
    currencies = [(code, code) for code in CURRENCIES if code not in FUNDS]
    return {"units": labelled(str(form.value("unit"))), "currencies": currencies}


HANDLERS = [new, add, open_, mend]
