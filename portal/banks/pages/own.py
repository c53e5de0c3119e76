"""A supplier's own accounts: the list of versions, one version, entering another."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, allowed, may, require_proof
from portal.access.verbs import page_verbs
from portal.banks import commands, queries
from portal.banks.forms import AccountNumberOut, BankAccountForm
from portal.banks.pages.looks import OWN_LOOKS, named_countries, own_acts, standing
from portal.banks.tables import BankAccount
from portal.banks.verbs import OWN
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.money import CURRENCIES, FUNDS
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
AT = "/bank-accounts"
_FIELDS = BankAccountForm.__struct_fields__
_KEPT = ("holder", "country", "currency", "bank_name", "bank_code", "bic", "label")


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address."""

    cursor: Line | None = None


@get(AT, guards=[may("bank-accounts:read")], include_in_schema=False)
async def show_list(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    async with viewing(actor) as view:
        found = await queries.own_accounts(view, asked.cursor)
    enters = allowed(actor, "bank-accounts:enter")
    return page("banks/own_list.html", found=found, asked=asked, enters=enters, looks=OWN_LOOKS)


@get(f"{AT}/new", guards=[may("bank-accounts:enter")], include_in_schema=False)
async def begin(actor: Acting, supersedes: FromQuery[UUID | None] = None) -> Response[Any]:
    """Whoever fills it in proved a second factor before, so that nothing typed is lost to the question."""
    require_proof(actor)
    if supersedes is None:
        return _entry(Form({"country": "", "currency": ""}))
    async with viewing(actor) as view:
        before = await queries.account_row(view, supersedes)
    values = {name: getattr(before, name) for name in _KEPT} | {"supersedes": str(supersedes)}
    return _entry(Form(values), before)


@post(f"{AT}/new", guards=[may("bank-accounts:enter")], include_in_schema=False)
async def enter(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        account = await commands.enter(actor, typed.convert(BankAccountForm, only=_FIELDS))
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or [FieldError("", str(refusal))]
        return _entry(Form.typed(typed.values, errors), status=refusal.status)
    return go(f"{AT}/{account.id}", _("A colleague confirms it next. Until then nobody else sees it."))


@get(f"{AT}/{{bank_account_id:uuid}}", guards=[may("bank-accounts:read")], include_in_schema=False)
async def show(actor: Acting, bank_account_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, bank_account_id)


@get(f"{AT}/{{bank_account_id:uuid}}/number", guards=[may("bank-accounts:reveal")], include_in_schema=False)
async def number(actor: Acting, bank_account_id: FromPath[UUID]) -> Response[Any]:
    """The page with the full number on it, this once."""
    return await shown(actor, bank_account_id, await commands.reveal_own(actor, bank_account_id))


async def shown(actor: Actor, account_id: UUID, revealed: AccountNumberOut | None = None) -> Response[Any]:
    async with viewing(actor) as view:
        row = await queries.account_row(view, account_id)
        account = await queries.own_account(view, account_id)
    return page(
        "banks/own.html",
        account=account,
        standings=[(each, standing(each)) for each in account.buyers],
        revealed=revealed,
        acts=own_acts(actor, row),
        waits_for_other=account.state == "proposed" and account.created_by == actor.person_id,
        reveals=allowed(actor, "bank-accounts:reveal"),
        looks=OWN_LOOKS,
    )


def _entry(form: Form, before: BankAccount | None = None, *, status: int = 200) -> Response[Any]:
    currencies = [(code, code) for code in CURRENCIES if code not in FUNDS]
    told = {"before": before, "currencies": currencies, "countries": named_countries()}
    return page("banks/enter.html", status=status, form=form, **told)


HANDLERS = [show_list, begin, enter, show, number, *page_verbs(AT, "bank_account_id", OWN, shown)]
