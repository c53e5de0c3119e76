"""Suppliers for programs. `supplier_id` is everywhere the supplier's organisation."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.organisations import commands, queries
from portal.organisations.forms import (
    Agreement,
    FirstPersonForm,
    Held,
    HoldOut,
    OverrideForm,
    OverrideOut,
    PaymentTermForm,
    PaymentTermOut,
    RateAgeForm,
    RateOut,
    RatesForm,
    RegisteredForm,
    SupplierForm,
    SupplierHoldForm,
    SupplierOut,
    SupplierRow,
    TermsForm,
)
from portal.organisations.forms.company import CompanyForm, CompanyOut
from portal.organisations.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.refusals import NotFound
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.input import Reason


@get("/", guards=[may("suppliers:read")], operation_id="listSuppliers")
async def list_suppliers(
    actor: Acting,
    words: Annotated[str, QueryParameter(name="query")] = "",
    only: Annotated[str | None, QueryParameter(name="state")] = None,
    sort: FromQuery[str] = "name",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[SupplierRow]:
    """A buyer's suppliers by name; a supplier finds its own organisation alone."""
    async with viewing(actor, report=True) as view:
        found = await queries.suppliers(view, words, only, sort=sort, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/{supplier_id:uuid}", guards=[may("suppliers:read")], operation_id="getSupplier")
async def show(actor: Acting, supplier_id: FromPath[UUID]) -> Response[SupplierOut]:
    """One supplier with address, registrations, agreed terms and its standing."""
    return await _supplier(actor, supplier_id)


@post("/", guards=[may("suppliers:edit")], operation_id="createSupplier")
async def add(actor: Acting, data: JSONBody[SupplierForm]) -> Response[SupplierOut]:
    """Add a company that is new here. One of the same name is 409 until `another` says that it is not the same."""
    return await _supplier(actor, (await commands.add_supplier(actor, data)).supplier_id, 201)


@post("/registered", guards=[may("suppliers:edit")], operation_id="addRegisteredSupplier")
async def trade(actor: Acting, data: JSONBody[RegisteredForm]) -> Response[SupplierOut]:
    """Trade with a company that keeps its own data here, by its exact VAT number, GLN or social credit code."""
    return await _supplier(actor, (await commands.trade_with(actor, data)).supplier_id, 201)


@put("/{supplier_id:uuid}", guards=[may("suppliers:edit")], operation_id="replaceSupplier")
async def edit(actor: Acting, supplier_id: FromPath[UUID], data: JSONBody[SupplierForm]) -> Response[SupplierOut]:
    """Replace what is said of a supplier, until somebody of the supplier keeps its data (then 409)."""
    await commands.edit_supplier(actor, supplier_id, data)
    return await _supplier(actor, supplier_id)


@put("/{supplier_id:uuid}/terms", guards=[may("suppliers:edit")], operation_id="replaceSupplierTerms")
async def set_terms(actor: Acting, supplier_id: FromPath[UUID], data: JSONBody[TermsForm]) -> Response[SupplierOut]:
    """Agree on other terms; what is left out stays, but for a supplier number and a reference on invoices."""
    await commands.edit_terms(actor, supplier_id, data)
    return await _supplier(actor, supplier_id)


@post(
    "/{supplier_id:uuid}/invitations",
    guards=[may("suppliers:edit")],
    operation_id="inviteSupplier",
    status_code=200,
)
async def invite(actor: Acting, supplier_id: FromPath[UUID], data: JSONBody[FirstPersonForm]) -> Response[SupplierOut]:
    """Ask the supplier's first person by mail to act for it; once more, if they were asked already."""
    await commands.invite_supplier(actor, supplier_id, data)
    return await _supplier(actor, supplier_id)


@put("/{supplier_id:uuid}/payment-terms", guards=[may("payment-terms:agree")], operation_id="agreePaymentTerms")
async def agree(actor: Acting, supplier_id: FromPath[UUID], data: JSONBody[Agreement]) -> Response[SupplierOut]:
    """Agree on offered payment terms; orders that are written from now on take them over."""
    await commands.agree_terms(actor, supplier_id, data)
    return await _supplier(actor, supplier_id)


async def _supplier(actor: Actor, supplier_id: UUID, status: int = 200) -> Response[SupplierOut]:
    async with viewing(actor) as view:
        return tagged(await queries.supplier(view, supplier_id), status)


@get("/", guards=[may("payment-terms:read")], operation_id="listPaymentTerms")
async def list_terms(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[PaymentTermOut]:
    """The payment terms that the organisation offers or offered, by name."""
    async with viewing(actor, report=True) as view:
        return await queries.payment_term_page(view, cursor, clamp(limit))


@post("/", guards=[may("payment-terms:offer")], operation_id="offerPaymentTerms")
async def offer(actor: Acting, data: JSONBody[PaymentTermForm]) -> Response[PaymentTermOut]:
    """Offer payment terms: so many days after the invoice's date, its receipt or the goods' receipt."""
    return await _term(actor, (await commands.offer_terms(actor, data)).id, 201)


@post("/{term_id:uuid}/retire", guards=[may("payment-terms:offer")], operation_id="retirePaymentTerms", status_code=200)
async def retire(actor: Acting, term_id: FromPath[UUID]) -> Response[PaymentTermOut]:
    """Offer them no more; who agreed on them keeps them."""
    return await _term(actor, (await commands.retire_terms(actor, term_id)).id)


async def _term(actor: Actor, term_id: UUID, status: int = 200) -> Response[PaymentTermOut]:
    async with viewing(actor) as view:
        found = await queries.payment_term(view, term_id)
    if found is None:
        raise NotFound()
    return tagged(found, status)


@get("/", guards=[may("exchange-rates:read")], operation_id="listExchangeRates")
async def list_rates(
    actor: Acting,
    currency: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[RateOut]:
    """The organisation's rates of exchange, newest day first."""
    async with viewing(actor, report=True) as view:
        found = await queries.exchange_rates(view, currency=currency, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@post("/", guards=[may("exchange-rates:enter")], operation_id="enterExchangeRates")
async def enter(actor: Acting, data: JSONBody[RatesForm]) -> Response[Page[RateOut]]:
    """Enter rates of foreign currencies in the organisation's own; a day's rate entered again replaces it."""
    rows = await commands.enter_rates(actor, data.rates)
    names = RateOut.__struct_fields__
    return Response(
        Page([RateOut(**{name: getattr(row, name) for name in names}) for row in rows], None), status_code=201
    )


@put("/settings", guards=[may("exchange-rates:enter")], operation_id="setRateAge")
async def set_age(actor: Acting, data: JSONBody[RateAgeForm]) -> RateAgeForm:
    """Say from how many days on a rate is warned of before a document keeps it."""
    await commands.set_rate_age(actor, data)
    return data


@get("/{supplier_id:uuid}/standing-overrides", guards=[may("suppliers:override")], operation_id="listStandingOverrides")
async def list_overrides(
    actor: Acting,
    supplier_id: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[OverrideOut]:
    """The exceptions from what a supplier's standing brings, newest first: who let orders through, why, until when."""
    async with viewing(actor) as view:
        if supplier_id == actor.organisation_id:
            raise NotFound()
        await queries.supplier(view, supplier_id)
        return await queries.overrides(view, supplier_id, cursor=cursor, limit=clamp(limit))


@post("/{supplier_id:uuid}/standing-overrides", guards=[may("suppliers:override")], operation_id="overrideStanding")
async def override(actor: Acting, supplier_id: FromPath[UUID], data: JSONBody[OverrideForm]) -> Response[OverrideOut]:
    """Let orders go to a supplier in spite of its standing, until the end of a day; one before this ends."""
    made = await commands.override_standing(actor, supplier_id, data)
    return await _override(actor, supplier_id, made.id, 201)


@post(
    "/{supplier_id:uuid}/standing-overrides/{override_id:uuid}/end",
    guards=[may("suppliers:override")],
    operation_id="endStandingOverride",
    status_code=200,
)
async def end_override(
    actor: Acting, supplier_id: FromPath[UUID], override_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[OverrideOut]:
    """Let the standing count again before the exception runs out."""
    await commands.end_override(actor, override_id, (data.reason if data else None) or "")
    return await _override(actor, supplier_id, override_id)


async def _override(actor: Actor, supplier_id: UUID, override_id: UUID, status: int = 200) -> Response[OverrideOut]:
    async with viewing(actor) as view:
        return tagged(await queries.override(view, supplier_id, override_id), status)


@get("/{supplier_id:uuid}/holds", guards=[may("suppliers:hold")], operation_id="listSupplierHolds")
async def list_holds(actor: Acting, supplier_id: FromPath[UUID]) -> list[HoldOut]:
    """What is held of a supplier today: orders, invoices, payments; until when, and why."""
    async with viewing(actor) as view:
        return await queries.holds(view, supplier_id)


@put("/{supplier_id:uuid}/holds/{what:str}", guards=[may("suppliers:hold")], operation_id="holdSupplier")
async def hold(
    actor: Acting, supplier_id: FromPath[UUID], what: FromPath[Held], data: JSONBody[SupplierHoldForm]
) -> list[HoldOut]:
    """Hold orders, invoices or payments of a supplier until the end of a day, at once; it is told so, and never why."""
    await commands.hold_supplier(actor, supplier_id, what, data)
    async with viewing(actor) as view:
        return await queries.holds(view, supplier_id)


@post(
    "/{supplier_id:uuid}/holds/{what:str}/release",
    guards=[may("suppliers:hold")],
    operation_id="releaseSupplier",
    status_code=200,
)
async def release(actor: Acting, supplier_id: FromPath[UUID], what: FromPath[Held]) -> list[HoldOut]:
    """End a hold before its day; the supplier is told."""
    await commands.release_supplier(actor, supplier_id, what)
    async with viewing(actor) as view:
        return await queries.holds(view, supplier_id)


@get("/", guards=[may("company:read")], operation_id="getCompany", summary="One's own company")
async def own(actor: Acting) -> Response[CompanyOut]:
    """What everybody whom it trades with sees of it."""
    return await _company(actor)


@put(
    "/", guards=[may("company:edit")], operation_id="replaceCompany", summary="Say something else of one's own company"
)
async def say(actor: Acting, data: JSONBody[CompanyForm]) -> Response[CompanyOut]:
    """All but its name and country, which stand as it was registered; what is left out is nothing. Documents that were
    sent keep what they say."""
    await commands.edit_company(actor, data)
    return await _company(actor)


async def _company(actor: Actor) -> Response[CompanyOut]:
    async with viewing(actor) as view:
        return tagged(await queries.company(view))


_WRITES: list[Any] = [add, trade, edit, set_terms, invite, agree, *api_verbs("supplier_id", VERBS, _supplier)]
_SUPPLIERS: list[Any] = [list_suppliers, show, *_WRITES, list_overrides, override, end_override]
_SUPPLIERS += [list_holds, hold, release]
router = Router("/suppliers", route_handlers=_SUPPLIERS, tags=["Suppliers"])
routers = (
    router,
    Router("/company", route_handlers=[own, say], tags=["Company"]),
    Router("/payment-terms", route_handlers=[list_terms, offer, retire], tags=["Payment terms"]),
    Router("/exchange-rates", route_handlers=[list_rates, enter, set_age], tags=["Exchange rates"]),
)
