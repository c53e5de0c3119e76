"""The list of ratings as a file."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.ratings import queries
from portal.ratings.pages.lists import AT, ListForm, filter_of
from portal.ratings.rules import ASPECTS
from portal.web.listing import Column, Listing, Rows, as_files, local


def _columns(actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Order"), lambda rating: rating.order_number),
        Column(_("Supplier"), lambda rating: rating.supplier.name),
        Column(_("Stars"), lambda rating: rating.stars),
        *(Column(title, lambda rating, name=name: getattr(rating, name)) for name, title in ASPECTS.items()),
        Column(_("Comment"), lambda rating: rating.comment),
        Column(_("Rated by"), lambda rating: rating.rated_by_name),
        local(actor, _("Rated"), lambda rating: rating.rated_at),
        local(actor, _("Changed"), lambda rating: rating.changed_at),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    sort = asked.sort or queries.NEWEST
    found = await queries.ratings(view, filter_of(asked), sort=sort, cursor=cursor, limit=limit)
    return found.rows, found.older


HANDLERS = as_files(Listing(AT, "ratings", ListForm, _columns, _fetch), may(queries.READ))
