"""Suppliers by hand: adding one, editing it, and asking its first person by mail."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.organisations import commands, queries
from portal.organisations.forms import ADDRESS, FirstPersonForm, RegisteredForm, SupplierForm, SupplierOut, TermsForm
from portal.platform.actor import Actor
from portal.platform.fields.codes import countries
from portal.platform.i18n import Message, _
from portal.platform.money import CURRENCIES, FUNDS
from portal.platform.refusals import Conflict, FieldError, Invalid, Refusal
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.formats import country
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]
COMPANY = tuple(name for name in SupplierForm.__struct_fields__ if name not in TermsForm.__struct_fields__)
AGREED = ("supplier_number", "currency", "payment_days", "response_days")
PERSON = {"contact_email": "email", "contact_name": "full_name"}
ADDED = _("{supplier} is one of your suppliers now.")


@get("/suppliers/new", guards=[may("suppliers:edit")], include_in_schema=False)
async def new(actor: Acting) -> Response[Any]:
    return await _blank(actor, Form(), Form())


@post("/suppliers/new", guards=[may("suppliers:edit")], include_in_schema=False)
async def add(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Add the company, then ask its first person: whatever is wrong with either is said before anything is done."""
    typed = await read_form(request)
    try:
        form, person = _read(typed)
        made = await commands.add_supplier(actor, form)
    except (Invalid, Conflict) as refusal:
        return await _blank(actor, Form(typed.values, refusal.errors), Form(), status=refusal.status)
    said = Message(ADDED.text, {"supplier": made.supplier_name})
    return await _asked(actor, made.supplier_id, person, said)


@post("/suppliers/registered", guards=[may("suppliers:edit")], include_in_schema=False)
async def trade(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        made = await commands.trade_with(actor, typed.convert(RegisteredForm))
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or (FieldError("registered", str(refusal)),)
        return await _blank(actor, Form(), Form(typed.values, errors), status=refusal.status)
    return go(f"/suppliers/{made.supplier_id}", Message(ADDED.text, {"supplier": made.supplier_name}))


@get("/suppliers/{supplier_id:uuid}/edit", guards=[may("suppliers:edit")], include_in_schema=False)
async def open_(actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    return await _edited(actor, supplier_id, None)


@post("/suppliers/{supplier_id:uuid}/edit", guards=[may("suppliers:edit")], include_in_schema=False)
async def edit(request: AnyRequest, actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    """All of a supplier, or only what is agreed with one that keeps its own data."""
    typed = await read_form(request)
    seen = as_seen(actor, typed)
    try:
        if "name" in typed.values:
            await commands.edit_supplier(seen, supplier_id, _company(typed))
        else:
            await commands.edit_terms(seen, supplier_id, typed.convert(TermsForm, only=TermsForm.__struct_fields__))
    except (Invalid, Conflict) as refusal:
        return await _edited(actor, supplier_id, Form(typed.values, refusal.errors), status=refusal.status)
    return go(f"/suppliers/{supplier_id}", _("What you changed is kept. Documents that were sent keep what they say."))


@post("/suppliers/{supplier_id:uuid}/invitations", guards=[may("suppliers:edit")], include_in_schema=False)
async def invite(request: AnyRequest, actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        person = _named(typed)
        await commands.invite_supplier(actor, supplier_id, person)
    except (Invalid, Conflict) as refusal:
        return await _edited(actor, supplier_id, None, _unasked(typed.values, refusal), status=refusal.status)
    return go(f"/suppliers/{supplier_id}/edit", _("{email} gets a mail with a link.", email=person.email))


async def _asked(actor: Actor, supplier_id: UUID, person: FirstPersonForm | None, said: Message) -> Response[Any]:
    """To the new supplier's page; if its first person cannot be asked, to where that is said and mended."""
    if person is None:
        return go(f"/suppliers/{supplier_id}", said)
    try:
        await commands.invite_supplier(actor, supplier_id, person)
    except (Invalid, Conflict) as refusal:
        values = {name: getattr(person, field) or "" for name, field in PERSON.items()}
        return await _edited(actor, supplier_id, None, _unasked(values, refusal), status=refusal.status)
    mailed = _("{said} {email} gets a mail with a link.", said=said, email=person.email)
    return go(f"/suppliers/{supplier_id}", mailed)


def _read(typed: Typed) -> tuple[SupplierForm, FirstPersonForm | None]:
    """The company and its first person, with all that is wrong with either."""
    found: list[Any] = []
    errors: list[FieldError] = []
    for reading in (_company, _person):
        try:
            found.append(reading(typed))
        except Invalid as refusal:
            errors += refusal.errors
    if errors:
        raise Invalid(errors=errors)
    return found[0], found[1]


def _company(typed: Typed) -> SupplierForm:
    return typed.convert(SupplierForm, only=SupplierForm.__struct_fields__)


def _person(typed: Typed) -> FirstPersonForm | None:
    """Who is asked to act for the supplier, if anybody was named."""
    return _named(typed) if any(typed.values.get(name, "").strip() for name in PERSON) else None


def _named(typed: Typed) -> FirstPersonForm:
    named = Typed([(PERSON[name], value) for name, value in typed.pairs if name in PERSON])
    try:
        return named.convert(FirstPersonForm)
    except Invalid as refusal:
        raise Invalid(errors=_at_person(refusal.errors)) from refusal


def _at_person(errors: Iterable[FieldError]) -> list[FieldError]:
    """Problems at the page's names of the fields, which stand beside a company's own."""
    names = {field: name for name, field in PERSON.items()}
    return [FieldError(names.get(error.field, error.field), error.message) for error in errors]


def _unasked(values: Mapping[str, str], refusal: Refusal) -> Form:
    return Form(values, _at_person(refusal.errors or [FieldError("email", str(refusal))]))


async def _blank(actor: Actor, form: Form, known: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        own = await queries.supplier(view, actor.organisation_id)
    usual = {"country": own.country, "currency": "", "language": own.language, "time_zone": own.time_zone}
    filled = form if form.values else Form(usual, form.errors)
    return page("suppliers/new.html", status=status, form=filled, known=known, **_choices())


async def _edited(
    actor: Actor, supplier_id: UUID, form: Form | None, person: Form | None = None, *, status: int = 200
) -> Response[Any]:
    async with viewing(actor) as view:
        supplier = await queries.supplier(view, supplier_id)
        hosted = await queries.hosted(view, supplier_id)
        invited = await queries.first_invited(view, supplier_id) if hosted else []
    shown = form or Form(_present(supplier))
    return page(
        "suppliers/edit.html", status=status, form=shown, person=person or Form(), supplier=supplier, hosted=hosted,
        invited=invited, **_choices(),
    )  # fmt: skip


def _present(supplier: SupplierOut) -> dict[str, str]:
    values = {name: getattr(supplier, name) for name in (*COMPANY, *AGREED) if hasattr(supplier, name)}
    values |= {name: supplier.address.get(name) or "" for name in ADDRESS if name != "country"}
    values["supplier_number"] = supplier.number or ""
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _choices() -> dict[str, Any]:
    """Countries by their names in the reader's language, currencies, and languages that documents are written in."""
    named = sorted(((code, country(code)) for code in countries()), key=lambda pair: pair[1])
    return {"countries": named, "currencies": [(code, code) for code in CURRENCIES if code not in FUNDS]}


HANDLERS = [new, add, trade, open_, edit, invite]
