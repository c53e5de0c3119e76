"""Bank accounts of suppliers, in every state of their way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from portal.banks import commands, queries
from portal.banks.forms import BankAccountForm, CallBackForm, StaffAccountForm
from portal.banks.tables import BankAccount, BankApproval
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.world import Organised

IBAN = "DE89370400440532013000"
OTHER_IBAN = "FR1420041010050500013M02606"
CALLED = "Called Ms Berg at the number of our contract: she confirmed it."


def proved(actor: Actor) -> Actor:
    """The same person, who has just proved a second factor."""
    return msgspec.structs.replace(actor, session=b"a session", has_factor=True, proved_at=datetime.now(UTC))


def account_form(**changes: Any) -> BankAccountForm:
    told = {"holder": "Bolt GmbH", "country": "DE", "currency": "EUR", "number": IBAN, "bic": "COBADEFFXXX"}
    return convert(BankAccountForm, told | changes)


async def entered_account(supplier: Organised, **changes: Any) -> BankAccount:
    return await commands.enter(proved(supplier.billing), account_form(**changes))


async def confirmed_account(supplier: Organised, **changes: Any) -> BankAccount:
    account = await entered_account(supplier, **changes)
    return await commands.confirm(proved(supplier.administrator), account.id)


async def approval_of(company: Organised, account: BankAccount) -> BankApproval:
    """How the account stands at this buyer."""
    async with viewing(company.payable) as view:
        key = await view.value(
            "select id from bank_approval where buyer_id = $1 and bank_account_id = $2", company.id, account.id
        )
        return await queries.approval_row(view, key)


async def offered_account(company: Organised, supplier: Organised, **changes: Any) -> BankApproval:
    return await approval_of(company, await confirmed_account(supplier, **changes))


async def proposed_account(company: Organised, supplier: Organised, **changes: Any) -> BankApproval:
    """Somebody of the buyer who is not the payable called back."""
    approval = await offered_account(company, supplier, **changes)
    return await commands.propose(
        proved(company.supplier_manager), approval.id, convert(CallBackForm, {"call_back": CALLED})
    )


async def approved_account(company: Organised, supplier: Organised, **changes: Any) -> BankApproval:
    """It cools off from now on."""
    approval = await proposed_account(company, supplier, **changes)
    return await commands.approve(proved(company.approver), approval.id)


async def payable_account(company: Organised, supplier: Organised, clock: Any, **changes: Any) -> BankApproval:
    """Approved so long ago that it may be paid: the account was entered six days ago."""
    await clock(datetime.now(UTC) - timedelta(days=6))
    approval = await approved_account(company, supplier, **changes)
    await clock(datetime.now(UTC))
    return approval


def own_account(number: str = IBAN) -> StaffAccountForm:
    return convert(StaffAccountForm, {"country": number[:2], "number": number})
