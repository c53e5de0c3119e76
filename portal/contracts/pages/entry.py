"""Writing a contract in a browser: one form, all its problems at once, nothing typed is ever lost."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.catalogue.queries import offered
from portal.contracts import commands, queries
from portal.contracts.forms import ContractForm, ContractOut
from portal.contracts.states import KINDS, OPEN, PER, PRICE_DAYS
from portal.organisations.queries import supplier_choices
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, plain
from portal.platform.i18n import _
from portal.platform.ids import id_of
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.forms import grown
from portal.web.grid import Filled
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]
_HEADER = (
    "title", "kind", "currency", "valid_from", "valid_to", "notice_days", "renewal_months", "value_cap", "allowance",
    "price_day", "late_rate", "late_per", "late_grace", "late_cap", "retention",
    "payment_terms", "note", "internal_note",
)  # fmt: skip
_TERM = ("unit_price", "base_quantity", "minimum_quantity", "quantity", "valid_from", "valid_to")


@get("/contracts/new", guards=[may("contracts:create")], include_in_schema=False)
async def new(request: AnyRequest, actor: Acting) -> Response[Any]:
    chosen = id_of(request.query_params.get("supplier_id", ""))
    return await _page(actor, Form({"supplier_id": str(chosen or ""), "notice_days": "30"}))


@post("/contracts/new", guards=[may("contracts:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Save a draft; a press on “Add a line” only shows the form again."""
    typed = await read_form(request)
    if (again := grown(typed.values)) is not None:
        return await _page(actor, Form(again))
    try:
        contract = await commands.create(actor, await _read(actor, typed))
    except Invalid as refusal:
        return await _page(actor, _wrong(typed, refusal), status=422)
    return go(f"/contracts/{contract.id}", _("{number} is saved as a draft.", number=contract.number))


@get("/contracts/{contract_id:uuid}/edit", guards=[may("contracts:edit")], include_in_schema=False)
async def edit(actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    contract = await open_contract(actor, contract_id)
    return await _page(actor, Form(form_of(contract)), contract)


@post("/contracts/{contract_id:uuid}/edit", guards=[may("contracts:edit")], include_in_schema=False)
async def save(request: AnyRequest, actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    typed, contract = await read_form(request), await open_contract(actor, contract_id)
    if (again := grown(typed.values)) is not None:
        return await _page(actor, Form(again), contract)
    typed = Typed([*typed.pairs, ("supplier_id", str(contract.supplier.id))])
    try:
        await commands.edit(as_seen(actor, typed), contract_id, await _read(actor, typed))
    except Invalid as refusal:
        return await _page(actor, _wrong(typed, refusal), contract, status=422)
    return go(f"/contracts/{contract_id}", _("{number} is saved.", number=contract.number))


def form_of(contract: ContractOut) -> dict[str, str]:
    """A contract as the fields of its form."""
    values = {name: _field(getattr(contract, name)) for name in _HEADER}
    for row, term in enumerate(contract.terms):
        values[f"terms.{row}.item"] = term.item_number
        values |= {f"terms.{row}.{name}": _field(getattr(term, name)) for name in _TERM}
    return values | {"supplier_id": str(contract.supplier.id), "version": str(contract.version)}


def _field(value: Any) -> str:
    if value is None or value == ZERO:
        return ""
    return plain(value) if hasattr(value, "as_tuple") else str(value)


def _filled(typed: Typed) -> Filled:
    return Filled(typed, "terms", ("item", *_TERM))


async def _read(actor: Actor, typed: Typed) -> ContractForm:
    """The form with items for their numbers; rows left blank are none. Raises `Invalid`."""
    filled = _filled(typed).typed
    rows = Form(filled.values).rows("terms") if any(name.startswith("terms.") for name in filled.values) else []
    numbers = {row: filled.values.get(f"terms.{row}.item", "").strip() for row in rows}
    async with viewing(actor) as view:
        known = await offered(view, [number for number in numbers.values() if number], None)
    errors = [
        FieldError(f"terms.{place}.item", _("You have no item {number}.", number=number or "–"))
        for place, number in enumerate(numbers.values())
        if number not in known
    ]
    pairs = [(name, value) for name, value in filled.pairs if not name.endswith(".item")]
    pairs += [(f"terms.{row}.item_id", str(known[number].id)) for row, number in numbers.items() if number in known]
    try:
        form = Typed(pairs).convert(ContractForm, only=ContractForm.__struct_fields__)
    except Invalid as refusal:
        told = [error for error in refusal.errors if not error.field.endswith(".item_id")]
        raise Invalid(errors=[*errors, *told]) from refusal
    if errors:
        raise Invalid(errors=errors)
    return form


def _wrong(typed: Typed, refusal: Invalid) -> Form:
    return Form(typed.values, _filled(typed).placed(refusal.errors))


async def open_contract(actor: Actor, contract_id: UUID) -> ContractOut:
    async with viewing(actor) as view:
        row = await queries.contract_row(view, contract_id)
        require(actor, "contracts:edit", row)
        if row.state not in OPEN:
            raise Conflict(_("What was approved is not rewritten. Take it back to negotiation first."))
        return await queries.out_of(view, row)


async def _page(actor: Actor, form: Form, contract: ContractOut | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        suppliers = await _suppliers(view, form)
    told = {"suppliers": suppliers, "kinds": list(KINDS.items()), "contract": contract}
    told |= {"price_day": list(PRICE_DAYS.items()), "per": list(PER.items())}
    return page("contracts/entry.html", status=status, form=form, **told)


async def _suppliers(view: View, form: Form) -> Any:
    return await supplier_choices(view, id_of(form.value("supplier_id")))


HANDLERS = [new, create, edit, save]
