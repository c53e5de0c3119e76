"""Items in a browser: the list, one item with its prices, and a supplier's prices on the supplier's page."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels
from portal.catalogue import queries
from portal.catalogue.tables import Item
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Panel, Search, SettingKind, Subject
from portal.platform.work import View, viewing
from portal.settings.queries import OF_GOODS, panel_of, told
from portal.web import page
from portal.web.parts import Found

FIRST = 8
LONGEST = 200


@get("/items", guards=[may("items:read")], include_in_schema=False)
async def list_items(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    asked = request.query_params
    words = asked.get("query", "")[:LONGEST]
    async with viewing(actor) as view:
        found = await queries.items(view, words, cursor=asked.get("cursor"))
    return page("items/list.html", found=found, words=words, cap=queries.MOST_FOUND)


@get("/items/{item_id:uuid}", guards=[may("items:read")], include_in_schema=False)
async def show(actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        item = await queries.item(view, item_id)
        sections = await panels(view, "item", item)
    return page("items/show.html", item=item, priced=allowed(actor, "prices:read"), panels=sections)


async def found(view: View, words: str) -> list[Found]:
    """What the search over all comes upon among the items."""
    rows = (await queries.items(view, words, limit=FIRST)).rows
    return [
        Found(row.number, f"/items/{row.id}", row.name, exact=row.number.casefold() == words.casefold()) for row in rows
    ]


async def _asked_by(view: View, relation: Any) -> Any:
    """The items that a supplier has prices for; only its buyer looks at them here."""
    if relation.buyer_id != view.actor.organisation_id:
        return None
    return await queries.prices_of_supplier(view, relation.supplier_id)


async def _tolerances(view: View, item: Any) -> Any:
    """What holds for the item whoever supplies it, and which level says so."""
    said = await queries.tolerance_levels(view, item.id)
    return await panel_of(view, "item-tolerances", item.id, said)


MENU = [MenuEntry(_("Items"), "/items", "box", "items:read", 70)]
SUBJECTS = {"item": Subject(_("Item"), "/items/{id}", "items:read")}
SEARCHES = [Search(_("Items"), "/items", found, "items:read", 30)]
PANELS = {
    "supplier": [Panel(_asked_by, "suppliers/prices.html", 60, "prices:read")],
    "item": [Panel(_tolerances, "settings/panel.html", 80, "settings:read")],
}
SETTINGS = {
    "item-tolerances": SettingKind(
        _("Tolerances of an item"),
        Item,
        "id",
        ("tolerances",),
        "settings:propose",
        "/items/{id}",
        told,
        opens="items:read",
        steps=OF_GOODS,
    )
}
router = Router("/", route_handlers=[list_items, show])
