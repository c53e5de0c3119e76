"""Situations of contracts: drafted, offered, agreed to, approved, signed on paper, in force."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from portal.clauses import commands as library
from portal.clauses.forms import ClauseForm
from portal.clauses.tables import Clause
from portal.contracts import commands
from portal.contracts.forms import ClausesForm, ContractForm, PerformanceForm, PresentForm, SignedForm
from portal.contracts.tables import Contract
from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.evidence import checked_file
from tests.harness.world import Organised, an_item, issued_order, line

CONTRACTS = "/api/v1/contracts"
VALID = {"valid_from": "2026-01-01", "valid_to": "2030-12-31"}
OWED: dict[str, Any] = {
    "levels": [{"measure": "on_time_requested", "least": "95", "remedy": "A plan within two weeks"}],
    "deliverables": [
        {"title": "Test report", "detail": "Of the first batch.", "due_on": "2027-02-01"},
        {"title": "Training", "due_on": "2027-03-01"},
    ],
}
SIGNED = {"signed_on": "2026-11-02", "signed_for_buyer": "A. Weber", "signed_for_supplier": "B. Bolt"}


def blanket(supplier: Organised, amount: str = "10000", **changes: Any) -> dict[str, Any]:
    """The body of createContract: a blanket up to an amount."""
    said = {"title": "Repairs on call", "kind": "value", "currency": "EUR", "value_cap": amount}
    return {"supplier_id": str(supplier.id)} | said | VALID | changes


def terms_of(item: Any, *breaks: dict[str, str]) -> list[dict[str, str]]:
    """Prices of one item as a contract has them."""
    return [{"item_id": str(item.id)} | each for each in breaks]


async def draft_contract(
    company: Organised,
    supplier: Organised,
    *,
    item: Any = None,
    price: str = "9.50",
    performance: dict[str, Any] | None = None,
    **changes: Any,
) -> Contract:
    """A quantity agreement of 1,000 of an item, a tenth cheaper from 500 on."""
    named = str((item or await an_item(company)).id)
    terms = [
        {"item_id": named, "unit_price": price, "quantity": "1000"},
        {"item_id": named, "unit_price": price, "minimum_quantity": "500"},
    ]
    said = {"title": "Fasteners", "kind": "quantity", "currency": "EUR", "terms": terms}
    form = convert(ContractForm, {"supplier_id": str(supplier.id)} | said | VALID | changes)
    contract = await commands.create(company.buyer, form)
    if performance is None:
        return contract
    return await commands.set_performance(company.buyer, contract.id, convert(PerformanceForm, performance))


async def offered_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    contract = await draft_contract(company, supplier, **changes)
    return await commands.offer(company.buyer, contract.id)


async def renegotiated_contract(company: Organised, supplier: Organised, *, item: Any = None) -> Contract:
    """Its second round is dearer and shorter, says another sentence, and has one price less."""
    item = item or await an_item(company)
    contract = await offered_contract(company, supplier, item=item, note="Delivered free works within ten days.")
    said = {"title": "Fasteners", "kind": "quantity", "currency": "EUR", **VALID, "valid_to": "2029-12-31"}
    said |= {"note": "Delivered free works within twenty days.", "supplier_id": str(supplier.id)}
    terms = terms_of(item, {"unit_price": "9.80", "quantity": "1000"})
    return await commands.edit(company.buyer, contract.id, convert(ContractForm, said | {"terms": terms}))


async def agreed_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    contract = await offered_contract(company, supplier, **changes)
    return await commands.agree(supplier.order_desk, contract.id)


async def approved_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    contract = await agreed_contract(company, supplier, **changes)
    return await commands.approve(company.approver, contract.id)


async def scanned_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    """It waits for signatures, and the scan of the signed paper is attached."""
    contract = await approved_contract(company, supplier, **changes)
    contract = await commands.sign(company.buyer, contract.id)
    return await _with_scan(company, contract)


async def _with_scan(company: Organised, contract: Contract) -> Contract:
    scan = await checked_file(company.buyer, contract.id, "signed.pdf", "the paper", kind="contract", internal=False)
    vars(contract)["scan"] = scan
    return contract


async def presented_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    """Its document is open for one signature of each side in the portal."""
    contract = await approved_contract(company, supplier, **changes)
    return await commands.present(company.buyer, contract.id, PresentForm())


async def recorded_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    return await _recorded(company, await scanned_contract(company, supplier, **changes))


async def _recorded(company: Organised, contract: Contract) -> Contract:
    form = convert(SignedForm, {"file_id": str(vars(contract)["scan"])} | SIGNED)
    return await commands.record(company.supplier_manager, contract.id, form)


async def active_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    contract = await recorded_contract(company, supplier, **changes)
    return await commands.acknowledge(supplier.order_desk, contract.id)


async def owing_contract(company: Organised, supplier: Organised) -> Contract:
    """In force, with a service level and two deliverables."""
    return await active_contract(company, supplier, performance=OWED)


async def a_deliverable(company: Organised, contract: Contract) -> UUID:
    """The first that is owed under it."""
    sql = "select id from contract_deliverable where contract_id = $1 order by position limit 1"
    async with viewing(company.buyer) as view:
        return await view.value(sql, contract.id)


async def owed_by(company: Organised, supplier: Organised, *, reported: bool = False) -> dict[str, Any]:
    """The first deliverable of such a contract, which the supplier may have reported."""
    owed = await a_deliverable(company, await owing_contract(company, supplier))
    if reported:
        await commands.deliver(supplier.order_desk, owed, "Sent as report 7.")
    return {"deliverable_id": owed}


async def renewing_contract(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    """In force until the end of June 2027, and by three months more each time."""
    said = {"valid_to": "2027-06-30", "notice_days": 30, "renewal_months": 3}
    return await active_contract(company, supplier, **said | changes)


async def amended_draft(company: Organised, supplier: Organised, **changes: Any) -> Contract:
    """The draft of an amendment, which says what the contract in force does."""
    contract = await active_contract(company, supplier, **changes)
    return await commands.amend(company.buyer, contract.id)


async def signed_amendment(company: Organised, supplier: Organised, draft: Contract) -> Contract:
    """The draft is shown, agreed to, approved and signed on paper; it takes effect when its day is here."""
    await commands.offer(company.buyer, draft.id)
    await commands.agree(supplier.order_desk, draft.id)
    await commands.approve(company.approver, draft.id)
    signed = await commands.sign(company.buyer, draft.id)
    recorded = await _recorded(company, await _with_scan(company, signed))
    return await commands.acknowledge(supplier.order_desk, recorded.id)


async def departing_order(company: Organised, supplier: Organised) -> tuple[Contract, PurchaseOrder, UUID]:
    """A contract under which an item is ordered, and an order of it at another price, with its line."""
    item = await an_item(company)
    contract = await active_contract(company, supplier, item=item)
    await issued_order(company, supplier, line(item_id=str(item.id), unit_price="9.50"))
    departing = await issued_order(company, supplier, line(item_id=str(item.id), unit_price="9.90"))
    async with viewing(company.buyer) as view:
        line_id = await view.value("select id from purchase_order_line where order_id = $1", departing.id)
    return contract, departing, line_id


async def a_clause(
    company: Organised, title: str = "Delivery", body: str = "{supplier} delivers free works."
) -> Clause:
    """A clause in the company's library."""
    return await library.write(company.supplier_manager, convert(ClauseForm, {"title": title, "body": body}))


async def contract_with(company: Organised, supplier: Organised, clause: Clause) -> Contract:
    """A contract in negotiation that took this clause of the library."""
    contract = await draft_contract(company, supplier)
    chosen = convert(ClausesForm, {"clauses": [{"clause_id": str(clause.clause_id)}]})
    await commands.set_clauses(company.buyer, contract.id, chosen)
    return await commands.offer(company.buyer, contract.id)


async def written_clause(company: Organised, _supplier: Organised) -> dict[str, Any]:
    return {"clause_id": (await a_clause(company)).clause_id}


def contract_in(state: Callable[..., Awaitable[Contract]]) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def make(company: Organised, supplier: Organised) -> dict[str, Any]:
        contract = await state(company, supplier)
        scan = {"file_id": vars(contract)["scan"]} if "scan" in vars(contract) else {}
        return {"contract_id": contract.id} | scan

    return make


# Writes of the API, by operation: who may do it, and the situation in which it is possible.
WRITES = {
    "replaceContract": ("buyer", contract_in(draft_contract)),
    "setContractClauses": ("buyer", contract_in(draft_contract)),
    "setContractPerformance": ("buyer", contract_in(draft_contract)),
    "reportDeliverable": ("order_desk", owed_by),
    "acceptDeliverable": ("buyer", partial(owed_by, reported=True)),
    "refuseDeliverable": ("buyer", partial(owed_by, reported=True)),
    "writeClause": ("supplier_manager", written_clause),
    "rewriteClause": ("supplier_manager", written_clause),
    "retireClause": ("supplier_manager", written_clause),
    "commentOnContract": ("order_desk", contract_in(offered_contract)),
    "offerContract": ("buyer", contract_in(draft_contract)),
    "agreeToContract": ("order_desk", contract_in(offered_contract)),
    "objectToContract": ("order_desk", contract_in(offered_contract)),
    "approveContract": ("approver", contract_in(agreed_contract)),
    "reopenContract": ("buyer", contract_in(approved_contract)),
    "signContract": ("buyer", contract_in(approved_contract)),
    "presentContract": ("buyer", contract_in(approved_contract)),
    "recordContract": ("supplier_manager", contract_in(scanned_contract)),
    "acknowledgeContract": ("order_desk", contract_in(recorded_contract)),
    "amendContract": ("buyer", contract_in(active_contract)),
    "giveContractNotice": ("order_desk", contract_in(renewing_contract)),
    "terminateContract": ("buyer", contract_in(active_contract)),
    "cancelContract": ("buyer", contract_in(draft_contract)),
}
