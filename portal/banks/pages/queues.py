"""What waits: accounts to confirm at the supplier, accounts to call back about and to approve at the buyer."""

from portal.banks import queries
from portal.banks.forms import SupplierAccountRow
from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Waiting


async def _to_confirm(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.to_confirm(view)
    return count, [
        Waiting(title=row.number, href=f"/bank-accounts/{row.id}", party=row.created_by_name, note=row.holder)
        for row in rows
    ]


async def _to_check(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.to_check(view)
    return count, [_waiting(row) for row in rows]


async def _to_approve(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.to_approve(view)
    return count, [_waiting(row) for row in rows]


def _waiting(row: SupplierAccountRow) -> Waiting:
    return Waiting(title=row.number, href=f"/supplier-accounts/{row.id}", party=row.supplier_name, note=row.holder)


TO_CONFIRM = Queue(
    _("Bank accounts to confirm"),
    "/bank-accounts",
    _to_confirm,
    "bank-accounts:confirm",
    _("No account waits for you."),
    "warning",
    12,
    _("Bank account"),
    _("Entered by"),
)
TO_CHECK = Queue(
    _("Bank accounts to check"),
    "/supplier-accounts?open=check",
    _to_check,
    "bank-accounts:propose",
    _("No supplier has another account."),
    "warning",
    35,
    _("Bank account"),
    _("Supplier"),
)
TO_APPROVE = Queue(
    _("Bank accounts to approve"),
    "/supplier-accounts?open=approve",
    _to_approve,
    "bank-accounts:approve",
    _("No account waits for a second person."),
    "warning",
    36,
    _("Bank account"),
    _("Supplier"),
)
QUEUES = {
    "billing": [TO_CONFIRM],
    "payable": [TO_CHECK, TO_APPROVE],
    "supplier_manager": [TO_CHECK],
    "approver": [TO_APPROVE],
}
