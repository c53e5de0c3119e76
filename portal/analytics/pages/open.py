"""Open items and statements in a browser."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from portal.access.guards import Acting, allowed, may, panels, require, sees_a_part
from portal.access.verbs import page_verbs
from portal.analytics import commands, files, queries
from portal.analytics.forms import OpenItem, StatementForm
from portal.analytics.queries import Asked
from portal.analytics.states import NAMES, STATEMENT
from portal.analytics.tables import Statement
from portal.analytics.verbs import VERBS
from portal.audit.queries import history
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.actor import Actor
from portal.platform.fields import CurrencyCode, Day
from portal.platform.i18n import _
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.acts import Act
from portal.web.downloads import csv_file, xlsx_file
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.parts import Action
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
MOST_SHOWN = 300  # items on a partner's page; files have all
ACTS = {
    "agree": Act(_("Agree"), "/agree", "primary", "check", confirm=_("Your books say the same. This is final.")),
    "reply": Act(_("Reply"), "/reply", "primary", "message", why=_("What do you say to the objection?")),
    "correct": Act(
        _("Send a corrected statement"),
        "/correct",
        icon="refresh",
        why=_("What was corrected? The supplier reads this."),
    ),
    "withdraw": Act(
        _("Withdraw"), "/withdraw", "danger", "arrow-back-up", why=_("Why does it not hold? The supplier reads this.")
    ),
    "object": Act(_("Object"), "/object", icon="message-report", why=_("What do your books say instead?")),
}


class AskedForm(msgspec.Struct, kw_only=True):
    """The parameters of the address; what else stands there is not ours."""

    as_of: Day | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    currency: CurrencyCode | None = None


@get("/open-items", guards=[may("open-items:read")], include_in_schema=False)
async def show_open(request: AnyRequest, actor: Acting) -> Response[Any]:
    """The sums by partner; of one partner also each item."""
    async with viewing(actor) as view:
        asked = await _asked(request, view)
        found = await queries.open_items(view, asked)
        chosen = asked.supplier_id if actor.is_buyer else asked.buyer_id
        items = await _items(view, asked) if chosen else []
        parties = await (supplier_choices if actor.is_buyer else customer_choices)(view)
        whole = not sees_a_part(actor, "open-items:read")
        sent = await queries.statements(view, supplier_id=asked.supplier_id) if chosen and whole else None
    return page(
        "analytics/open_items.html",
        asked=asked,
        found=found,
        items=items,
        kinds=files.KINDS,
        most=MOST_SHOWN,
        parties=parties,
        buys=actor.is_buyer,
        sent=sent,
        whole=whole,
        sends=bool(chosen) and whole and allowed(actor, "statements:send"),
    )


@get("/open-items.csv", guards=[may("open-items:read")], include_in_schema=False)
async def open_csv(request: AnyRequest, actor: Acting) -> Stream:
    async with viewing(actor) as view:
        asked = await _asked(request, view)
    return csv_file(f"open-items-{asked.as_of.isoformat()}.csv", files.header(), files.rows(actor, asked))


@get("/open-items.xlsx", guards=[may("open-items:read")], include_in_schema=False)
async def open_xlsx(request: AnyRequest, actor: Acting) -> Stream:
    async with viewing(actor) as view:
        asked = await _asked(request, view)
    return xlsx_file(f"open-items-{asked.as_of.isoformat()}.xlsx", await files.as_workbook(actor, asked))


@post("/statements", guards=[may("statements:send")], include_in_schema=False)
async def send(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = (await read_form(request)).convert(StatementForm)
    statement = await commands.send(actor, form)
    said = _(
        "{number} was sent. {supplier} agrees or objects.", number=statement.number, supplier=statement.supplier_name
    )
    return go(f"/statements/{statement.id}", said)


@get("/statements", guards=[may("open-items:read")], include_in_schema=False)
async def list_statements(request: AnyRequest, actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        asked = request.query_params
        state = asked.get("state") or None
        found = await queries.statements(view, state=state, cursor=asked.get("cursor") or None)
    states = list(NAMES.items())
    return page("analytics/statements.html", found=found, buys=actor.is_buyer, state=state, states=states)


@get("/statements/{statement_id:uuid}", guards=[may("open-items:read")], include_in_schema=False)
async def show_statement(actor: Acting, statement_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, statement_id)


async def shown(actor: Actor, statement_id: UUID) -> Response[Any]:
    """The statement, also for an answer that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.statement_row(view, statement_id)
        statement = await queries.statement_out(view, statement_id)
        sections = await panels(view, "statement", row)
        happened = await history(view, row.id)
    return page(
        "analytics/statement.html",
        statement=statement,
        kinds=files.KINDS,
        names=NAMES,
        acts=_possible(actor, row),
        panels=sections,
        history=happened,
    )


async def _asked(request: AnyRequest, view: View) -> Asked:
    form = read_query(request.query_params, AskedForm)
    return await queries.asked_of(view, form.as_of, form.supplier_id, form.buyer_id, form.currency)


async def _items(view: View, asked: Asked) -> list[OpenItem]:
    return [item async for item in queries.every_item(view, asked, MOST_SHOWN + 1)]


def _possible(actor: Actor, row: Statement) -> list[Action]:
    verbs = set(STATEMENT.possible(row, lambda permission, thing: require(actor, permission, thing)))
    if row.buyer_id != actor.organisation_id:
        verbs -= {"reply", "correct", "withdraw"}
    return [act.at(f"/statements/{row.id}", row.version) for verb, act in ACTS.items() if verb in verbs]


HANDLERS: list[Any] = [
    *(show_open, open_csv, open_xlsx, send, list_statements, show_statement),
    *page_verbs("/statements", "statement_id", VERBS, shown),
]
