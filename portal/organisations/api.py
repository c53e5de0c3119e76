"""Suppliers for programs. `supplier_id` is everywhere the supplier's organisation."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.organisations import commands, queries
from portal.organisations.forms import OverrideForm, OverrideOut, SupplierOut, SupplierRow
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
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[SupplierRow]:
    """A buyer's suppliers by name; a supplier finds its own organisation alone."""
    async with viewing(actor) as view:
        found = await queries.suppliers(view, words, only, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/{supplier_id:uuid}", guards=[may("suppliers:read")], operation_id="getSupplier")
async def show(actor: Acting, supplier_id: FromPath[UUID]) -> Response[SupplierOut]:
    """One supplier with address, registrations, agreed terms and its standing."""
    async with viewing(actor) as view:
        return tagged(await queries.supplier(view, supplier_id))


@get("/{supplier_id:uuid}/standing-overrides", guards=[may("suppliers:override")], operation_id="listStandingOverrides")
async def list_overrides(actor: Acting, supplier_id: FromPath[UUID]) -> list[OverrideOut]:
    """The exceptions from what a supplier's standing brings, newest first: who let orders through, why, until when."""
    async with viewing(actor) as view:
        if supplier_id == actor.organisation_id:
            raise NotFound()
        await queries.supplier(view, supplier_id)
        return await queries.overrides(view, supplier_id)


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
        found = [each for each in await queries.overrides(view, supplier_id) if each.id == override_id]
    if not found:
        raise NotFound()
    return tagged(found[0], status)


router = Router(
    "/suppliers", route_handlers=[list_suppliers, show, list_overrides, override, end_override], tags=["Suppliers"]
)
