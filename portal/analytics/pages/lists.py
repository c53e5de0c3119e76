"""The list of statements as a file."""

from collections.abc import Sequence
from typing import Any

import msgspec

from portal.access.guards import may
from portal.analytics import queries
from portal.analytics.states import NAMES
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.work import View
from portal.web.listing import Column, Listing, Rows, as_files, local


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None


def _columns(actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda statement: statement.number),
        Column(_("State"), lambda statement: NAMES[statement.state]),
        Column(_("As of"), lambda statement: statement.as_of),
        Column(_("Customer"), lambda statement: statement.buyer_name),
        Column(_("Supplier"), lambda statement: statement.supplier_name),
        Column(_("Currency"), lambda statement: statement.currency),
        Column(_("Invoiced, not settled (gross)"), lambda statement: statement.not_settled),
        local(actor, _("Sent"), lambda statement: statement.created_at),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.statements(view, state=asked.state, cursor=cursor, limit=limit)
    return page.rows, page.older


HANDLERS = as_files(Listing("/statements", "statements", ListForm, _columns, _fetch), may("open-items:read"))
