"""Bank accounts for programs. What changes one, or shows a number, takes a session that proved a second factor."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.banks import commands, queries
from portal.banks.forms import (
    AccountNumberOut,
    BankAccountForm,
    BankAccountOut,
    BankAccountRow,
    CallBackForm,
    CoolOffProposal,
    StaffAccountForm,
    SupplierAccountOut,
    SupplierAccountRow,
)
from portal.banks.verbs import CHECKED, OWN
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.settings.forms import SettingVersionOut
from portal.settings.queries import version
from portal.web.answers import tagged


async def _own(actor: Actor, account_id: UUID, status: int = 200) -> Response[BankAccountOut]:
    async with viewing(actor) as view:
        return tagged(await queries.own_account(view, account_id), status)


async def _checked(actor: Actor, approval_id: UUID, status: int = 200) -> Response[SupplierAccountOut]:
    async with viewing(actor) as view:
        return tagged(await queries.supplier_account(view, approval_id), status)


@get("/", guards=[may("bank-accounts:read")], operation_id="listBankAccounts")
async def list_own(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[BankAccountRow]:
    """Every version of the company's own accounts, newest first; numbers are masked."""
    async with viewing(actor) as view:
        found = await queries.own_accounts(view, cursor, clamp(limit))
    return Page(found.rows, found.older)


@get("/{bank_account_id:uuid}", guards=[may("bank-accounts:read")], operation_id="getBankAccount")
async def show_own(actor: Acting, bank_account_id: FromPath[UUID]) -> Response[BankAccountOut]:
    """One version, and what each customer made of it."""
    return await _own(actor, bank_account_id)


@post("/", guards=[may("bank-accounts:enter")], operation_id="enterBankAccount")
async def enter(actor: Acting, data: JSONBody[BankAccountForm]) -> Response[BankAccountOut]:
    """Enter an account, or the next version of the one that it `supersedes`; a colleague confirms it."""
    return await _own(actor, (await commands.enter(actor, data)).id, 201)


@get("/{bank_account_id:uuid}/number", guards=[may("bank-accounts:reveal")], operation_id="revealBankAccount")
async def number_of_own(actor: Acting, bank_account_id: FromPath[UUID]) -> AccountNumberOut:
    """The full number of one's own account. Each look at it is noted in the log."""
    return await commands.reveal_own(actor, bank_account_id)


@get("/", guards=[may("bank-accounts:read")], operation_id="listSupplierAccounts")
async def list_checked(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    supplier_id: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[SupplierAccountRow]:
    """Suppliers' accounts as the company has them, newest first; numbers are masked."""
    async with viewing(actor) as view:
        found = await queries.supplier_accounts(view, states, supplier_id, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/{approval_id:uuid}", guards=[may("bank-accounts:read")], operation_id="getSupplierAccount")
async def show_checked(actor: Acting, approval_id: FromPath[UUID]) -> Response[SupplierAccountOut]:
    """One account of a supplier, whether it may be paid, and who else has it."""
    return await _checked(actor, approval_id)


@post(
    "/{approval_id:uuid}/propose",
    guards=[may("bank-accounts:propose")],
    operation_id="proposeSupplierAccount",
    status_code=200,
)
async def propose(
    actor: Acting, approval_id: FromPath[UUID], data: JSONBody[CallBackForm]
) -> Response[SupplierAccountOut]:
    """Propose an account for paying, and say how it was made sure; a second person approves it."""
    await commands.propose(actor, approval_id, data)
    return await _checked(actor, approval_id)


@get("/{approval_id:uuid}/number", guards=[may("bank-accounts:reveal")], operation_id="revealSupplierAccount")
async def number_of_checked(actor: Acting, approval_id: FromPath[UUID]) -> AccountNumberOut:
    """The full number, for who pays to it or checks it. Each look at it is noted in the log."""
    return await commands.reveal_payable(actor, approval_id)


@post("/cool-off", guards=[may("settings:propose")], operation_id="proposeCoolOff")
async def cool_off(actor: Acting, data: JSONBody[CoolOffProposal]) -> Response[SettingVersionOut]:
    """Propose for how many days nothing is paid to an account after its approval; a second person approves it."""
    made = await commands.propose_cool_off(actor, data)
    async with viewing(actor) as view:
        return tagged(await version(view, made.id), 201)


@put("/", guards=[may("self:use")], operation_id="tellOwnAccount", status_code=204)
async def tell(actor: Acting, data: JSONBody[StaffAccountForm]) -> None:
    """Tell which account is one's own: only a fingerprint and the last digits are kept, to find suppliers with it."""
    await commands.tell_own(actor, data)


@delete("/", guards=[may("self:use")], operation_id="forgetOwnAccount", status_code=204)
async def forget(actor: Acting) -> None:
    """Keep nothing of it any more."""
    await commands.forget_own(actor)


_OWN: list[Any] = [list_own, show_own, enter, number_of_own, *api_verbs("bank_account_id", OWN, _own)]
_CHECKED: list[Any] = [list_checked, show_checked, propose, number_of_checked, cool_off]
_CHECKED += api_verbs("approval_id", CHECKED, _checked)
routers = (
    Router("/bank-accounts", route_handlers=_OWN, tags=["Bank accounts"]),
    Router("/supplier-accounts", route_handlers=_CHECKED, tags=["Bank accounts"]),
    Router("/me/bank-account", route_handlers=[tell, forget], tags=["Account"]),
)
