"""Entering an order and changing a draft: one form, all its problems at once, nothing typed is ever lost."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.audit.queries import meanwhile
from portal.contracts.queries import number_of
from portal.orders import commands, queries
from portal.orders.forms import OrderEdit, OrderForm, OrderLineOut, OrderOut
from portal.orders.pages.fields import choices, line_columns
from portal.orders.pages.grid import completed, flat, nets_of, preview, read_order, typed_rows
from portal.orders.states import S
from portal.orders.tables import PurchaseOrder
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.decimals import ONE
from portal.platform.i18n import Message, _
from portal.platform.ids import id_of
from portal.platform.refusals import Conflict, FieldError, Invalid, Refusal, Stale
from portal.platform.work import viewing
from portal.settings.queries import OF_GOODS, STEPS, typed
from portal.web import Form, page
from portal.web.flash import go
from portal.web.forms import grown
from portal.web.input import as_seen, read_form
from portal.web.labels import label

AnyRequest = Request[Any, Any, Any]
_HEADER = (
    "currency", "kind", "note", "internal_note", "ship_to", "site_id", "cost_centre", "purchasing_group",
    "payment_terms", "incoterm", "contract_id",
)  # fmt: skip
_LINE = (
    "description", "quantity", "unit", "unit_price", "tax_category", "tax_rate", "requested_date", "base_quantity",
    "price_unit", "discount", "kind", "match_basis", "performed_from", "performed_until", "contact",
)  # fmt: skip
# Emptied on purpose: a field that is not sent would stay as it was.
_CLEARABLE = ("note", "internal_note", "cost_centre", "purchasing_group", "payment_terms", "incoterm")


@get("/orders/new", guards=[may("orders:create")], include_in_schema=False)
async def new(request: AnyRequest, actor: Acting) -> Response[Any]:
    chosen = {name: request.query_params.get(name, "") for name in ("supplier_id", "contract_id")}
    return await _entry_page(actor, Form({name: value for name, value in chosen.items() if value}))


@post("/orders/new", guards=[may("orders:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Save a draft, or save and submit it; a press on “Add a line” or “Recalculate” only shows the form again."""
    values = (await read_form(request)).values
    if again := _on_the_way(values):
        return await _entry_page(actor, Form(again), fills="recalculate" in values)
    values = typed_rows(values)
    try:
        order = await commands.create(actor, await _read(actor, values, OrderForm))
    except Invalid as refusal:
        return await _entry_page(actor, Form(values, refusal.errors), status=422)
    return await _saved(actor, order, values)


@get("/orders/{order_id:uuid}/edit", guards=[may("orders:edit")], include_in_schema=False)
async def edit(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    order = await _draft(actor, order_id)
    return await _entry_page(actor, Form(form_of(order)), order=order)


@post("/orders/{order_id:uuid}/edit", guards=[may("orders:edit")], include_in_schema=False)
async def save(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """Save the draft; if somebody else saved it first, show both and keep what was typed."""
    form = await read_form(request)
    values, present = form.values, await _draft(actor, order_id)
    if again := _on_the_way(values):
        return await _entry_page(actor, Form(again), order=present, fills="recalculate" in values)
    values = typed_rows(values) | {"supplier_id": str(present.supplier.id)}
    try:
        wanted = await _read(actor, values, OrderEdit)
        order = await commands.edit(as_seen(actor, form), order_id, wanted)
    except Invalid as refusal:
        return await _entry_page(actor, Form(values, refusal.errors), status=422, order=present)
    except Stale as refusal:
        return await _entry_page(actor, Form(values), status=409, order=present, conflict=refusal)
    return await _saved(actor, order, values)


def form_of(order: OrderOut) -> dict[str, str]:
    """A draft as the fields of its form."""
    header = [pair for name in _HEADER for pair in flat(name, getattr(order, name))]
    values = (
        dict(header)
        | typed(order.tolerances or {})
        | {"supplier_id": str(order.supplier.id), "version": str(order.version)}
    )
    for row, line in enumerate(order.lines):
        values |= {f"lines.{row}.{name}": line.item_number for name in ("item", "filled")}
        for name in _LINE:
            values.update(flat(f"lines.{row}.{name}", getattr(line, name)))
        values.update({f"lines.{row}.{name}": "" for name in _usual(line)})
        values[f"lines.{row}.free_of_charge"] = "1" if line.free_of_charge else ""
    return values


def _usual(line: OrderLineOut) -> list[str]:
    """The fields that say nothing beyond what an empty one means."""
    usual = {
        "base_quantity": line.base_quantity == ONE,
        "price_unit": line.price_unit == line.unit,
        "discount": not line.discount,
    }
    return [name for name, says_nothing in usual.items() if says_nothing]


async def _draft(actor: Actor, order_id: UUID) -> OrderOut:
    async with viewing(actor) as view:
        order = await queries.out_of(view, await queries.order_row(view, order_id, "orders:edit"))
    if order.state != S.DRAFT:
        raise Conflict(
            _("Only a draft can be edited. Ask the approver to return it, or cancel it."), subject_id=order_id
        )
    return order


async def _read(actor: Actor, values: dict[str, str], struct: type[OrderForm] | type[OrderEdit]) -> Any:
    supplier = id_of(values.get("supplier_id", ""))
    async with viewing(actor) as view:
        agreed = await terms(view, actor.organisation_id, supplier) if supplier else None
        if not values.get("currency", "").strip() and agreed is not None:
            values["currency"] = agreed.currency
        try:
            form = await read_order(view, dict(values), struct, supplier)
        except Invalid as refusal:
            raise Invalid(errors=_of_person(refusal.errors, values, supplier)) from refusal
    if struct is OrderEdit:
        for name in _CLEARABLE:
            if name in values and not values[name].strip():
                setattr(form, name, "")
    return form


def _of_person(errors: Sequence[FieldError], values: dict[str, str], supplier: UUID | None) -> list[FieldError]:
    """Without a supplier there is no agreed currency: then the supplier is what is missing, not the currency."""
    follows = supplier is None and not values.get("currency", "").strip()
    return [error for error in errors if not (follows and error.field == "currency")]


def _on_the_way(values: dict[str, str]) -> dict[str, Any] | None:
    """The form to show again if a line was added or taken out, or totals were asked for; None if it is to be saved."""
    return grown(values) or (values if "recalculate" in values else None)


async def _saved(actor: Actor, order: PurchaseOrder, values: dict[str, str]) -> Response[Any]:
    """Go to the draft; if it was to be submitted and cannot be, it is saved all the same, and the page says why not."""
    if values.get("then") != "submit":
        return go(f"/orders/{order.id}", _("{number} is saved as a draft.", number=order.number))
    try:
        await commands.submit(actor, order.id)
    except Refusal as refusal:
        kept = _("{number} is saved as a draft, but not submitted: {why}", number=order.number, why=str(refusal))
        return go(f"/orders/{order.id}", kept, "warning")
    return go(f"/orders/{order.id}", _("{number} was submitted for approval.", number=order.number))


async def _entry_page(
    actor: Actor,
    form: Form,
    *,
    status: int = 200,
    order: OrderOut | None = None,
    conflict: Refusal | None = None,
    fills: bool = False,
) -> Response[Any]:
    """The form; `fills` puts into blank fields what the items of the lines say, for people without scripts."""
    async with viewing(actor) as view:
        offered = await choices(view, form.value("supplier_id"))
        priced = {**form.values, "currency": offered.currency_of(form)}
        reckoned = await completed(view, priced, id_of(form.value("supplier_id")))
        contract = id_of(form.value("contract_id"))
        under = await number_of(view, contract) if contract else ""
    if fills:
        form = Form(reckoned | {"currency": form.value("currency")})
    happened = await meanwhile(actor, order.id) if order and conflict else []
    if order and conflict:
        form = msgspec.structs.replace(form, values={**form.values, "version": str(order.version)})
    sums = preview(reckoned, reckoned["currency"])
    return page(
        "orders/entry.html",
        status=status,
        form=msgspec.structs.replace(form, values={**form.values, **nets_of(sums)}),
        order=order,
        conflict=conflict,
        meanwhile=happened,
        theirs=_differing(order, form) if order and conflict else [],
        under=under,
        columns=line_columns(form),
        sums=sums,
        submits=allowed(actor, "orders:submit"),
        steps=[(step, STEPS[step]) for step in OF_GOODS],
        **offered.told(form),
    )


def _differing(order: OrderOut, form: Form) -> list[tuple[Message | str, str, str]]:
    """(field's name, as it is saved now, as typed here), for what differs."""
    now = form_of(order)
    names = [
        name
        for name in {**now, **form.values}
        if name in now or name.split(".")[0] in (*_HEADER, "lines", "tolerances")
    ]
    pairs = [
        (name, now.get(name, ""), str(form.value(name))) for name in names if not name.endswith(("version", ".filled"))
    ]
    return [(label(name), saved, typed) for name, saved, typed in pairs if saved != typed]


HANDLERS = [new, create, edit, save]
