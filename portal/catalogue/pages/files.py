"""The list of items as a file."""

from collections.abc import Sequence
from typing import Any

import msgspec

from portal.access.guards import may
from portal.catalogue import queries
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.work import View
from portal.web.listing import Column, Listing, Rows, as_files


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    query: Line | None = None


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda item: item.number),
        Column(_("Name"), lambda item: item.name),
        Column(_("Category"), lambda item: item.category),
        Column(_("Unit"), lambda item: item.unit),
        Column(_("Tax category"), lambda item: item.tax_category),
        Column(_("Tax rate, %"), lambda item: item.tax_rate),
        Column(_("GTIN"), lambda item: item.gtin),
        Column(_("Active"), lambda item: _("Yes") if item.active else _("No")),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.items(view, asked.query or "", cursor=cursor, limit=limit)
    return page.rows, page.older


HANDLERS = as_files(Listing("/items", "items", ListForm, _columns, _fetch), may("items:read"))
