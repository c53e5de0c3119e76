"""What is to be performed under a contract, in a browser: three grids to write it, and the acts on deliverables."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.access.verbs import page_verbs
from portal.catalogue.queries import offered
from portal.contracts import commands, queries
from portal.contracts.forms import ContractOut, PerformanceForm
from portal.contracts.pages.entry import open_contract
from portal.contracts.pages.show import shown
from portal.contracts.verbs import OF_DELIVERABLES
from portal.platform.actor import Actor
from portal.platform.decimals import plain
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid, NotFound
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.forms import grown
from portal.web.grid import placed
from portal.web.input import Typed, as_seen, read_form

AT = "/contracts/{contract_id:uuid}/performance"
GRIDS = {
    "levels": ("measure", "least", "remedy"),
    "deliverables": ("id", "title", "detail", "due_on"),
    "deliveries": ("item", "quantity", "due_on"),
}


@get(AT, guards=[may("contracts:edit")], include_in_schema=False)
async def edit(actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    contract = await open_contract(actor, contract_id)
    return _page(contract, Form(form_of(contract)))


@post(AT, guards=[may("contracts:edit")], include_in_schema=False)
async def save(request: Request[Any, Any, Any], actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    typed, contract = await read_form(request), await open_contract(actor, contract_id)
    if (again := grown(typed.values)) is not None:
        return _page(contract, Form(again))
    rows = {grid: _filled(typed, grid) for grid in GRIDS}
    try:
        form = await _read(actor, typed, rows)
        await commands.set_performance(as_seen(actor, typed), contract_id, form)
    except Invalid as refusal:
        errors = list(refusal.errors)
        for grid, numbers in rows.items():
            errors = placed(errors, grid, numbers)
        return _page(contract, Form(typed.values, [_at_item(each) for each in errors]), status=422)
    return go(f"/contracts/{contract_id}#performance", _("{number} is saved.", number=contract.number))


def form_of(contract: ContractOut) -> dict[str, str]:
    """What the contract asks for as the fields of the page's form."""
    return {"version": str(contract.version)} | {
        f"{grid}.{row}.{name}": _field(getattr(each, "item_number" if name == "item" else name))
        for grid, names in GRIDS.items()
        for row, each in enumerate(getattr(contract, grid))
        for name in names
    }


def _field(value: Any) -> str:
    return plain(value) if hasattr(value, "as_tuple") else str(value)


def _filled(typed: Typed, grid: str) -> list[int]:
    """Rows in which something is said; one that only chooses a measure says nothing yet."""
    said = [name for name in GRIDS[grid] if name not in ("id", "measure")]
    rows = Form(typed.values).rows(grid) if any(name.startswith(f"{grid}.") for name in typed.values) else []
    return [row for row in rows if any(typed.values.get(f"{grid}.{row}.{name}", "").strip() for name in said)]


async def _read(actor: Actor, typed: Typed, rows: dict[str, list[int]]) -> PerformanceForm:
    """The form with items for their numbers. Raises `Invalid` with all that is wrong, at the rows that are filled."""
    numbers = [typed.values.get(f"deliveries.{row}.item", "").strip() for row in rows["deliveries"]]
    async with viewing(actor) as view:
        known = await offered(view, [number for number in numbers if number], None)
    errors = [
        FieldError(f"deliveries.{place}.item", _("You have no item {number}.", number=number or "–"))
        for place, number in enumerate(numbers)
        if number not in known
    ]
    pairs = [
        (f"{grid}.{row}.{name}", said)
        for grid, names in GRIDS.items()
        for row in rows[grid]
        for name in names
        if name != "item" and (said := typed.values.get(f"{grid}.{row}.{name}", ""))
    ]
    of_items = zip(rows["deliveries"], numbers, strict=True)
    pairs += [(f"deliveries.{row}.item_id", str(known[number].id)) for row, number in of_items if number in known]
    try:
        form = Typed(pairs).convert(PerformanceForm, only=PerformanceForm.__struct_fields__)
    except Invalid as refusal:
        told = [error for error in refusal.errors if not error.field.endswith(".item_id")]
        raise Invalid(errors=[*errors, *told]) from refusal
    if errors:
        raise Invalid(errors=errors)
    return form


def _at_item(error: FieldError) -> FieldError:
    """An item is typed as its number."""
    return FieldError(error.field.removesuffix("_id"), error.message) if error.field.endswith(".item_id") else error


def _page(contract: ContractOut, form: Form, *, status: int = 200) -> Response[Any]:
    measures = list(queries.MEASURES.items())
    return page("contracts/performance.html", status=status, contract=contract, form=form, measures=measures)


@get("/deliverables/{deliverable_id:uuid}", guards=[may("contracts:read")], include_in_schema=False)
async def show(actor: Acting, deliverable_id: FromPath[UUID]) -> Response[Any]:
    """The contract's page: what is owed stands there."""
    return await _on_its_contract(actor, deliverable_id)


async def _on_its_contract(actor: Actor, deliverable_id: UUID) -> Response[Any]:
    async with viewing(actor) as view:
        contract_id = await queries.contract_of_deliverable(view, deliverable_id)
    if contract_id is None:
        raise NotFound
    return await shown(actor, contract_id)


HANDLERS = [edit, save, show, *page_verbs("/deliverables", "deliverable_id", OF_DELIVERABLES, _on_its_contract)]
