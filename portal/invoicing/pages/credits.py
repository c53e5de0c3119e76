"""Credit notes: the list, and one of them with what can be done about it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels, require
from portal.access.verbs import page_verbs
from portal.invoicing import commands, queries
from portal.invoicing.forms import CREDIT_KINDS, Settlement
from portal.invoicing.states import CREDIT, CREDIT_NAMES, C
from portal.invoicing.tables import CreditNote
from portal.invoicing.verbs import CREDIT_VERBS
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.acts import Act
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.parts import Action, TaxRow
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
ACTS = {
    "submit": Act(
        _("Send the credit note"), "/submit", "primary", "send", versioned=True,
        confirm=_("The buyer gets it as it stands. It cannot be changed afterwards."),
    ),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "discard": Act(
        _("Discard the draft"), "/discard", "danger", "trash", versioned=True,
        confirm=_("Its number is free again afterwards."),
    ),
    "approve": Act(_("Approve"), "/approve", "primary", "check", versioned=True),
    "reject": Act(
        _("Reject the credit note"), "/reject", "danger", "x", versioned=True,
        why=_("What is wrong? The supplier reads this."),
        confirm=_("This is final. What it gives back stays billed."),
    ),
}  # fmt: skip


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    kind: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    invoice_id: UUID | None = None
    query: Line | None = None
    cursor: Line | None = None


@get("/credit-notes", guards=[may("credit-notes:read")], include_in_schema=False)
async def list_credits(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    chosen = credit_filter_of(asked)
    async with viewing(actor) as view:
        found = await queries.credits(view, chosen, cursor=asked.cursor, counted=True)
    return page(
        "invoicing/credits.html",
        cap=queries.MOST_FOUND,
        found=found,
        asked=asked,
        sells=queries.sells_credits(actor, chosen),
        states=CREDIT_NAMES,
        kinds=CREDIT_KINDS,
        priced=allowed(actor, "prices:read"),
    )


def credit_filter_of(asked: ListForm) -> queries.CreditFilter:
    return queries.CreditFilter(**{name: getattr(asked, name) for name in queries.CreditFilter.__struct_fields__})


@get("/credit-notes/{credit_id:uuid}", guards=[may("credit-notes:read")], include_in_schema=False)
async def show(actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, credit_id)


async def shown(actor: Actor, credit_id: UUID) -> Response[Any]:
    """The page, also for an act on it that is asked for again."""
    return await _page(actor, credit_id, Form())


@post("/credit-notes/{credit_id:uuid}/settle", guards=[may("credit-notes:settle")], include_in_schema=False)
async def settle(request: AnyRequest, actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(Settlement, only=("date", "reference"))
        note = await commands.settle_credit(as_seen(actor, typed), credit_id, form)
    except Invalid as refusal:
        return await _page(actor, credit_id, typed.again(refusal), status=422)
    return go(f"/credit-notes/{credit_id}", _("Credit note {number} is settled.", number=note.number))


@post("/credit-notes/{credit_id:uuid}/discard", guards=[may("credit-notes:create")], include_in_schema=False)
async def discard(request: AnyRequest, actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    await commands.discard_credit(as_seen(actor, await read_form(request)), credit_id)
    return go("/credit-notes", _("The draft is gone."))


async def _page(actor: Actor, credit_id: UUID, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        row, orders = await queries.seen_credit(view, credit_id)
        note = await queries.credit_out_of(view, row)
        sections, today = await panels(view, "credit-note", row), await queries.today(view)
        within = all(allowed(actor, "credit-notes:read", order) for order in orders)
    verbs = _verbs(actor, row) if within else set()
    return page(
        "invoicing/credit.html",
        status=status,
        form=form,
        today=today,
        note=note,
        own=actor.organisation_id == row.supplier_id,
        kinds=CREDIT_KINDS,
        orders=orders,
        acts=_buttons(row, verbs),
        settles="settle" in verbs,
        rates=[
            TaxRow(each.tax_category, each.tax_rate, each.base, each.tax)
            for each in note.taxes
            if each.base is not None and each.tax is not None
        ],
        panels=sections,
    )


def _verbs(actor: Actor, row: CreditNote) -> set[str]:
    verbs = set(CREDIT.possible(row, lambda permission, thing: require(actor, permission, thing)))
    if row.state == C.DRAFT and allowed(actor, "credit-notes:create", row):
        verbs |= {"edit", "discard"}
    return verbs


def _buttons(row: CreditNote, verbs: set[str]) -> list[Action]:
    return [act.at(f"/credit-notes/{row.id}", row.version) for verb, act in ACTS.items() if verb in verbs]


HANDLERS = [list_credits, show, settle, discard, *page_verbs("/credit-notes", "credit_id", CREDIT_VERBS, shown)]
