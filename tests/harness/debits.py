"""Situations of debit notes: what came late under a contract that says what a delay costs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import to_builtins

from portal.contracts import commands as agreements
from portal.contracts.forms import ContractForm, ContractOut
from portal.contracts.queries import contract_out
from portal.debits import commands
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness import contracts
from tests.harness.contracts import active_contract, signed_amendment, terms_of
from tests.harness.deliveries import received_goods
from tests.harness.world import Organised, accepted_order, an_item, line

LATE = {"late_rate": "0.5", "late_grace": 2, "late_cap": "10"}
DAYS = 12


async def late_order(
    company: Organised, supplier: Organised, due: str, *, said: str = "Bolts", price: str = "10.00", **terms: Any
) -> PurchaseOrder:
    """Ten of an item at 10.00, under a contract by which a delay costs half a percent a day after two days."""
    item = await an_item(company)
    prices = terms_of(item, {"unit_price": price, "quantity": "10"})
    await active_contract(company, supplier, terms=prices, **LATE | terms)
    bought = line(item_id=str(item.id), description=said, quantity="10", unit_price=price, requested_date=due)
    return await accepted_order(company, supplier, bought)


async def amended_by(
    company: Organised, supplier: Organised, order: PurchaseOrder, said: dict[str, Any]
) -> ContractOut:
    """The contract of an order says this besides, from now on: both sides signed it."""
    async with viewing(company.buyer) as view:
        contract_id = await view.value("select contract_id from purchase_order_line where order_id = $1", order.id)
        out = await contract_out(view, contract_id)
    form = {name: getattr(out, name) for name in ("title", "kind", "currency", "valid_from", "valid_to")}
    term = {name: getattr(out.terms[0], name) for name in ("item_id", "unit_price", "quantity")}
    body = to_builtins(form | {"supplier_id": supplier.id, "terms": [term]}) | said
    draft = await agreements.amend(company.buyer, contract_id)
    await agreements.edit(company.buyer, draft.id, convert(ContractForm, body))
    await signed_amendment(company, supplier, draft)
    await agreements.take_effect(Actor.system(company.id))
    return out


async def notes_of(company: Organised, order: Any) -> list[UUID]:
    """What is proposed by now for an order, by what was due first."""
    await commands.propose(Actor.system(company.id))
    async with viewing(company.payable) as view:
        rows = await view.fetch("select id from debit_note where order_id = $1 order by due", order.id)
    return [row["id"] for row in rows]


async def proposed_debit(company: Organised, supplier: Organised, **said: str) -> UUID:
    """Something came some days late, and nobody decided on it yet."""
    due = (datetime.now(UTC) - timedelta(days=DAYS)).date().isoformat()
    order = await late_order(company, supplier, due, **said)
    await received_goods(company, order, "10")
    (note,) = await notes_of(company, order)
    return note


async def accepted_debit(company: Organised, supplier: Organised, **said: str) -> UUID:
    """The buyer claims it, and the supplier reads it."""
    return (await commands.accept(company.payable, await proposed_debit(company, supplier, **said))).id


async def waiting_debit(company: Organised, supplier: Organised) -> dict[str, Any]:
    return {"debit_note_id": await proposed_debit(company, supplier)}


# Writes of the API on contracts and what follows from them: who may do it, and the situation in which it is possible.
WRITES = contracts.WRITES | {
    "acceptDebitNote": ("payable", waiting_debit),
    "waiveDebitNote": ("payable", waiting_debit),
}
