"""Suppliers for programs. `supplier_id` is everywhere the supplier's organisation."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.organisations import queries
from portal.organisations.forms import SupplierOut, SupplierRow
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


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


router = Router("/suppliers", route_handlers=[list_suppliers, show], tags=["Suppliers"])
