"""Where a payment went: to a version of the supplier's bank account that two people of the buyer approved."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.duties import separate
from portal.banks.forms import PayableAccount
from portal.banks.queries import payable_accounts, was_offered
from portal.invoicing.tables import Payment
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change

_FIELD = "supplier_account_id"


async def pay_to(change: Change, payment: Payment, wanted: UUID | None) -> None:
    """Keep with the payment which version it goes to, and that whoever proposed that one does not pay to it.

    A supplier that never told an account here is paid as before; one that did is paid to an approved one alone.
    """
    if payment.amount == ZERO:
        return
    payable = await payable_accounts(change, payment.buyer_id, payment.supplier_id, payment.currency)
    chosen = _chosen(payable, payment.currency, wanted)
    if chosen is None and (wanted or await was_offered(change, payment.buyer_id, payment.supplier_id)):
        raise _nothing_payable(payment, payable, wanted)
    if chosen is not None:
        await change.value("select 1 from bank_approval where id = $1 for share", chosen.id)
        await separate(change, "invoices:settle", chosen.id)
        payment.bank_approval_id = chosen.id


def _chosen(payable: Sequence[PayableAccount], currency: str, wanted: UUID | None) -> PayableAccount | None:
    """The one that is named; else the only one there is, of the payment's currency if there are such."""
    if wanted is not None:
        return next((account for account in payable if account.id == wanted), None)
    fitting = [account for account in payable if account.currency == currency] or payable
    return fitting[0] if len(fitting) == 1 else None


def _nothing_payable(payment: Payment, payable: Sequence[PayableAccount], wanted: UUID | None) -> Conflict | Invalid:
    if payable:
        told = _("This account may not be paid now.") if wanted else _("Choose the account that it was paid to.")
        return Invalid.field(_FIELD, told)
    message = _("No bank account of this supplier may be paid now: two people approve one first, then it cools off.")
    return Conflict(message, subject_id=payment.invoice_id)
