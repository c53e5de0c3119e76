"""What waits: contracts to answer at the supplier, contracts to approve at the buyer."""

from portal.contracts import queries
from portal.contracts.forms import ContractRow
from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Waiting


async def _to_answer(view: View) -> tuple[int, list[Waiting]]:
    count, found = await queries.waiting_contracts(view, "answer")
    return count, [_waiting(each, each.buyer.name) for each in found]


async def _to_approve(view: View) -> tuple[int, list[Waiting]]:
    count, found = await queries.waiting_contracts(view, "approve")
    return count, [_waiting(each, each.supplier.name) for each in found]


def _waiting(contract: ContractRow, party: str) -> Waiting:
    return Waiting(
        title=contract.number,
        href=f"/contracts/{contract.id}",
        party=party,
        due=contract.valid_from,
        amount=contract.gross,
        currency=contract.currency,
        note=contract.title,
    )


TO_ANSWER = Queue(
    _("Contracts to answer"),
    "/contracts?open=answer",
    _to_answer,
    "contracts:respond",
    _("No contract waits for your answer."),
    "primary",
    40,
    _("Contract"),
    _("Customer"),
    _("Valid from"),
    quiet=True,
)
TO_APPROVE = Queue(
    _("Contracts to approve"),
    "/contracts?open=approve",
    _to_approve,
    "contracts:approve",
    _("No contract waits for your approval."),
    "warning",
    40,
    _("Contract"),
    _("Supplier"),
    _("Valid from"),
    quiet=True,
)

QUEUES = {"approver": [TO_APPROVE], "order_desk": [TO_ANSWER]}
