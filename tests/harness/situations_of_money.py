"""Situations of bank accounts and alerts in which a write is possible: each makes one and tells its ids."""

from typing import Any

from portal.alerts.commands import raise_alert
from portal.banks import commands as bank_accounts
from portal.banks.tables import BankApproval
from portal.platform.work import changing
from tests.harness.banks import account_form, approved_account, offered_account, proposed_account, proved
from tests.harness.situations import Ids
from tests.harness.world import Organised


async def account_entered(_company: Organised, supplier: Organised) -> Ids:
    """By the supplier's administrator, so that billing may confirm it."""
    made = await bank_accounts.enter(proved(supplier.administrator), account_form())
    return {"bank_account_id": made.id}


async def account_offered(company: Organised, supplier: Organised) -> Ids:
    return _of_account(await offered_account(company, supplier))


async def account_proposed(company: Organised, supplier: Organised) -> Ids:
    return _of_account(await proposed_account(company, supplier))


async def account_approved(company: Organised, supplier: Organised) -> Ids:
    return _of_account(await approved_account(company, supplier))


def _of_account(approval: BankApproval) -> Ids:
    return {"approval_id": approval.id, "bank_account_id": approval.bank_account_id}


async def alert_raised(company: Organised, _supplier: Organised) -> Ids:
    async with changing(company.auditor) as change:
        alert: Any = await raise_alert(change, "policy-change", "sign-in")
    return {"alert_id": alert.id}
