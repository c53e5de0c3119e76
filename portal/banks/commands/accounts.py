"""A supplier's own account: one person enters a version, another confirms it, and it is offered to every buyer."""

from uuid import UUID

from portal.access.guards import require_proof
from portal.banks.commands.numbers import fingerprint_of, keep
from portal.banks.commands.offers import close, offer, tell
from portal.banks.events import (
    BankAccountConfirmed,
    BankAccountDeclined,
    BankAccountEnded,
    BankAccountEntered,
    BankAccountWithdrawn,
)
from portal.banks.forms import BankAccountForm
from portal.banks.rules import compact, masked
from portal.banks.states import ACCOUNT, A
from portal.banks.tables import BankAccount
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, NotFound
from portal.platform.work import Change, changing

_SAME = """select a.number from bank_account_number n join bank_account a on a.id = n.bank_account_id
where n.supplier_id = $1 and n.fingerprint = $2 and a.state in ('proposed', 'confirmed')
  and a.id is distinct from $3 limit 1"""


async def enter(actor: Actor, form: BankAccountForm) -> BankAccount:
    """Enter an account, or the next version of one; nobody sees it outside, and nothing is paid to it, until a
    colleague confirmed it. Takes a second factor that was proved lately."""
    async with changing(actor) as change:
        change.require("bank-accounts:enter")
        before = await _before(change, form.supersedes) if form.supersedes else None
        require_proof(actor)
        fingerprint = await fingerprint_of(change, form.country, form.number, form.bank_code or "")
        if await change.value(_SAME, actor.organisation_id, fingerprint, form.supersedes):
            message = _("This account is entered already.")
            raise Conflict(message, errors=[FieldError("number", message)])
        account = _account(change, form, before)
        change.add(account)
        await keep(change, account.id, compact(form.number), fingerprint)
        change.record(BankAccountEntered(account.id, account.revision), account)
    return account


async def confirm(actor: Actor, account_id: UUID) -> BankAccount:
    """Say as a second person that the account is yours: each buyer checks it next. The version that it supersedes is
    paid until a buyer approved this one. Takes a second factor."""
    async with changing(actor, BankAccount, account_id) as (change, account):
        require_own(change, account)
        ACCOUNT.take("confirm", account, change)
        require_proof(actor)
        account.decided_by, account.decided_at = actor.person_id, change.now
        change.write(account)
        offered = await offer(change, [account])
        change.record(BankAccountConfirmed(account.id, account.number, len(offered)), account)
        tell(change, offered)
        if account.supersedes is not None:
            before = await change.row(BankAccount, account.supersedes)
            ACCOUNT.take("supersede", before, change)
            change.write(before)
            await close(change, before, str(_("Another version took its place.")), undecided=True)
    return account


async def decline(actor: Actor, account_id: UUID, reason: str = "") -> BankAccount:
    """Refuse as a second person what a colleague entered."""
    return await _decide(actor, account_id, "decline", reason)


async def withdraw(actor: Actor, account_id: UUID, reason: str = "") -> BankAccount:
    """Take back what no colleague has confirmed yet."""
    return await _decide(actor, account_id, "withdraw", reason)


async def end(actor: Actor, account_id: UUID, reason: str = "") -> BankAccount:
    """The account is not to be paid any more, by nobody and from now on. What it replaced at a buyer that had not begun
    to pay to it goes on there."""
    async with changing(actor, BankAccount, account_id) as (change, account):
        require_own(change, account)
        ACCOUNT.take("end", account, change)
        account.ended_by, account.ended_at, account.reason = actor.person_id, change.now, reason
        change.write(account)
        change.record(BankAccountEnded(account.id, reason), account)
        await close(change, account, reason)
    return account


async def _decide(actor: Actor, account_id: UUID, verb: str, reason: str) -> BankAccount:
    async with changing(actor, BankAccount, account_id) as (change, account):
        require_own(change, account)
        ACCOUNT.take(verb, account, change)
        account.decided_by, account.decided_at, account.reason = actor.person_id, change.now, reason
        change.write(account)
        event = BankAccountDeclined if verb == "decline" else BankAccountWithdrawn
        change.record(event(account.id, reason), account)
    return account


def require_own(change: Change, account: BankAccount) -> None:
    """A buyer sees accounts of its suppliers, which are not its own: to it this address is of nothing."""
    if account.supplier_id != change.actor.organisation_id:
        raise NotFound()


async def _before(change: Change, account_id: UUID) -> BankAccount:
    """The version that is to be replaced, which has no other version waiting behind it."""
    before = await change.row(BankAccount, account_id)
    require_own(change, before)
    if before.state != A.CONFIRMED:
        message = _("Only a confirmed version can be replaced by another.")
        raise Conflict(message, errors=[FieldError("supersedes", message)])
    waiting = "select 1 from bank_account where supersedes = $1 and state = 'proposed'"
    if await change.value(waiting, account_id):
        message = _("Another version waits for a colleague already. Withdraw it first.")
        raise Conflict(message, errors=[FieldError("supersedes", message)])
    return before


def _account(change: Change, form: BankAccountForm, before: BankAccount | None) -> BankAccount:
    own = new_id()
    return BankAccount(
        id=own,
        origin=before.origin if before else own,
        supplier_id=change.actor.organisation_id,
        revision=before.revision + 1 if before else 1,
        supersedes=before and before.id,
        label=form.label or "",
        holder=form.holder,
        country=form.country,
        currency=form.currency,
        bank_name=form.bank_name or "",
        bank_code=compact(form.bank_code or ""),
        bic=compact(form.bic or ""),
        number=masked(form.country, form.number),
        created_by=change.actor.person_id,
        created_at=change.now,
    )
