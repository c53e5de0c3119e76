"""Suppliers' accounts at a buyer: the list, one account, the call-back that proposes it for paying."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.access.guards import Acting, allowed, has_proved, may
from portal.access.verbs import page_verbs
from portal.banks import commands, queries
from portal.banks.forms import AccountNumberOut, CallBackForm
from portal.banks.pages.looks import LOOKS, acts, standing, verbs_of
from portal.banks.states import APPROVAL_NAMES
from portal.banks.verbs import CHECKED
from portal.organisations.queries import supplier_choices
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
AT = "/supplier-accounts"
WAITS = {"check": _("To be checked"), "approve": _("Waits for you")}


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    supplier_id: UUID | None = None
    open: Line | None = None
    cursor: Line | None = None


@get(AT, guards=[may("bank-accounts:read")], include_in_schema=False)
async def show_list(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    async with viewing(actor) as view:
        found = await queries.supplier_accounts(
            view, asked.state, asked.supplier_id, waits=asked.open, cursor=asked.cursor
        )
        suppliers = await supplier_choices(view, asked.supplier_id)
    rows = [(each, standing(each)) for each in found.rows]
    tabs = [("", _("All")), *APPROVAL_NAMES.items()]
    told = {"found": found, "rows": rows, "asked": asked, "tabs": tabs, "suppliers": suppliers, "looks": LOOKS}
    return page("banks/list.html", waits=WAITS.get(asked.open or ""), **told)


@get(f"{AT}/{{approval_id:uuid}}", guards=[may("bank-accounts:read")], include_in_schema=False)
async def show(actor: Acting, approval_id: FromPath[UUID]) -> Response[Any]:
    """The account of a mail or of the log: its supplier is led to the page of its own."""
    async with viewing(actor) as view:
        row = await queries.approval_of_either(view, approval_id)
    if row.supplier_id == actor.organisation_id:
        return Redirect(f"/bank-accounts/{row.bank_account_id}", status_code=303)
    return await shown(actor, approval_id)


@get(f"{AT}/{{approval_id:uuid}}/number", guards=[may("bank-accounts:reveal")], include_in_schema=False)
async def number(actor: Acting, approval_id: FromPath[UUID]) -> Response[Any]:
    """The page with the full number on it, this once."""
    return await shown(actor, approval_id, revealed=await commands.reveal_payable(actor, approval_id))


@post(f"{AT}/{{approval_id:uuid}}/propose", guards=[may("bank-accounts:propose")], include_in_schema=False)
async def propose(request: AnyRequest, actor: Acting, approval_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(CallBackForm, only=("call_back",))
    except Invalid as refusal:
        return await shown(actor, approval_id, typed.again(refusal), status=422)
    await commands.propose(as_seen(actor, typed), approval_id, form)
    return go(f"{AT}/{approval_id}", _("A second person approves it next."))


async def shown(
    actor: Actor,
    approval_id: UUID,
    form: Form | None = None,
    *,
    revealed: AccountNumberOut | None = None,
    status: int = 200,
) -> Response[Any]:
    async with viewing(actor) as view:
        row = await queries.approval_row(view, approval_id)
        account = await queries.supplier_account(view, approval_id)
    can = verbs_of(actor, row)
    return page(
        "banks/show.html",
        status=status,
        account=account,
        look=standing(account),
        revealed=revealed,
        proposes="propose" in can,
        proved=has_proved(actor),
        acts=acts(actor, row),
        own_proposal=account.state == "proposed" and account.submitted_by == actor.person_id,
        reveals=allowed(actor, "bank-accounts:reveal"),
        form=form or Form(),
    )


HANDLERS = [show_list, show, number, propose, *page_verbs(AT, "approval_id", CHECKED, shown)]
