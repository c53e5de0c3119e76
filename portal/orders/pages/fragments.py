"""Pieces of the entry page that the browser asks for while somebody types: suppliers, items, totals."""

import json
from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may
from portal.catalogue.queries import Offered, suggested
from portal.contracts.queries import InForce
from portal.orders.pages.agreed import agreed_prices, price_fields
from portal.orders.pages.grid import completed, preview, taken_over
from portal.organisations.queries import supplier_choices, terms
from portal.platform.ids import id_of
from portal.platform.work import viewing
from portal.web import fragment
from portal.web.input import read_form

AnyRequest = Request[Any, Any, Any]
LONGEST = 100


@get("/orders/new/items", guards=[may("orders:create")], include_in_schema=False)
async def items(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Suggestions for one line's item; a number typed in full also fills the line, by an event that the page hears."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name.endswith(".item")]
    field, words = asked[0] if asked else ("", "")
    supplier, currency = id_of(request.query_params.get("supplier_id", "")), request.query_params.get("currency", "")
    async with viewing(actor) as view:
        found = await suggested(view, words[:LONGEST], supplier, currency)
        exact = next((item for item in found if item.number == words.strip()), None)
        agreed = await agreed_prices(view, {0: exact.number}, supplier) if exact else None
    headers = {"hx-trigger": _fill(field, exact, currency, agreed)} if exact else {}
    return fragment("orders/items.html", headers=headers, items=found)


@get("/orders/new/suppliers", guards=[may("orders:create")], include_in_schema=False)
async def suppliers(request: AnyRequest, actor: Acting) -> Response[Any]:
    """The suppliers whose names hold all the words typed."""
    words = request.query_params.get("find_supplier", "")[:LONGEST]
    async with viewing(actor) as view:
        found = await supplier_choices(view, words=words)
    return fragment("orders/suppliers.html", suppliers=found)


@get("/orders/new/terms", guards=[may("orders:create")], include_in_schema=False)
async def agreed_terms(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What is agreed with the chosen supplier, and whether orders may go there at all."""
    supplier = id_of(request.query_params.get("supplier_id", ""))
    async with viewing(actor) as view:
        agreed = await terms(view, actor.organisation_id, supplier) if supplier else None
    return fragment("orders/terms.html", agreed=agreed)


@post("/orders/new/totals", guards=[may("orders:create")], include_in_schema=False, status_code=200)
async def sums(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What the order comes to as it stands, reckoned with what its items fill in."""
    values = (await read_form(request)).values
    supplier = id_of(values.get("supplier_id", ""))
    async with viewing(actor) as view:
        if not values.get("currency") and supplier:
            agreed = await terms(view, actor.organisation_id, supplier)
            values["currency"] = agreed.currency if agreed else ""
        values = await completed(view, values, supplier)
    reckoned = preview(values, values.get("currency", ""))
    return fragment("orders/sums.html", sums=reckoned, nets=reckoned.nets if reckoned else {})


def _fill(field: str, item: Offered, currency: str, agreed: InForce | None) -> str:
    prefix = field.removesuffix("item")
    given = taken_over(item, currency) | price_fields(agreed, item.number, currency, item.unit)
    return json.dumps({"fill": {f"{prefix}{name}": value for name, value in given.items()}})


HANDLERS = [items, suppliers, agreed_terms, sums]
