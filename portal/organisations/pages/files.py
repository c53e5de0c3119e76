"""The list of suppliers as a file; a supplier finds itself alone."""

from collections.abc import Sequence
from typing import Any

import msgspec

from portal.access.guards import may
from portal.organisations import queries
from portal.organisations.states import NAMES
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.work import View
from portal.web.listing import Column, Listing, Rows, as_files


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    query: Line | None = None
    state: Line | None = None


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda supplier: supplier.number),
        Column(_("Name"), lambda supplier: supplier.name),
        Column(_("State"), lambda supplier: NAMES.get(supplier.state, "")),
        Column(_("Country"), lambda supplier: supplier.country),
        Column(_("Currency"), lambda supplier: supplier.currency),
        Column(_("Payment terms"), lambda supplier: supplier.payment_terms),
        Column(_("Days to pay"), lambda supplier: supplier.payment_days),
        Column(_("Days to answer"), lambda supplier: supplier.response_days),
        Column(_("Orders held until"), lambda supplier: supplier.orders_held_until),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    state = asked.state if asked.state in NAMES else None
    page = await queries.suppliers(view, asked.query or "", state, cursor=cursor, limit=limit)
    return page.rows, page.older


HANDLERS = as_files(Listing("/suppliers", "suppliers", ListForm, _columns, _fetch), may("suppliers:read"))
