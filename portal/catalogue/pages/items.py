"""Items in a browser: the list, one item with its prices, and a supplier's prices on the supplier's page."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels
from portal.access.verbs import page_verbs
from portal.catalogue import queries
from portal.catalogue.verbs import VERBS, WHY
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View, viewing
from portal.settings.queries import panel_of
from portal.web import page
from portal.web.acts import Act
from portal.web.parts import Found

FIRST = 8
LONGEST = 200
ACTS = {
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "retire": Act(
        _("Order no more"), "/retire", "danger", "archive", WHY,
        _("Order entry offers it to nobody from here on; what was ordered goes on."), versioned=True,
    ),
    "reinstate": Act(_("Order again"), "/reinstate", icon="refresh", versioned=True),
}  # fmt: skip


@get("/items", guards=[may("items:read")], include_in_schema=False)
async def list_items(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    asked = request.query_params
    words = asked.get("query", "")[:LONGEST]
    async with viewing(actor, report=True) as view:
        found = await queries.items(view, words, cursor=asked.get("cursor"))
    return page("items/list.html", found=found, words=words, cap=queries.MOST_FOUND)


@get("/items/{item_id:uuid}", guards=[may("items:read")], include_in_schema=False)
async def show(actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, item_id)


async def shown(actor: Actor, item_id: UUID) -> Response[Any]:
    """The page, also for an act on it that is asked for again."""
    async with viewing(actor) as view:
        item = await queries.item(view, item_id)
        sections = await panels(view, "item", item)
    edits = allowed(actor, "items:edit")
    names = ("edit", "retire" if item.active else "reinstate") if edits else ()
    acts = [ACTS[name].at(f"/items/{item.id}", item.version) for name in names]
    priced = allowed(actor, "prices:read")
    return page("items/show.html", item=item, priced=priced, edits=edits, acts=acts, panels=sections)


async def found(view: View, words: str) -> list[Found]:
    """What the search over all comes upon among the items."""
    rows = (await queries.items(view, words, limit=FIRST)).rows
    return [
        Found(row.number, f"/items/{row.id}", row.name, exact=row.number.casefold() == words.casefold()) for row in rows
    ]


async def asked_by(view: View, relation: Any) -> Any:
    """The items that a supplier has prices for; only its buyer looks at them here."""
    if relation.buyer_id != view.actor.organisation_id:
        return None
    rows = await queries.prices_of_supplier(view, relation.supplier_id)
    return {"rows": rows, "supplier_id": relation.supplier_id} if rows else None


async def tolerances(view: View, item: Any) -> Any:
    """What holds for the item whoever supplies it, and which level says so."""
    said = await queries.tolerance_levels(view, item.id)
    return await panel_of(view, "item-tolerances", item.id, said)


HANDLERS = [list_items, show, *page_verbs("/items", "item_id", VERBS, shown)]
