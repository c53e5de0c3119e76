"""What is to be performed under a contract, written as its clauses are; and deliverables, reported and judged."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.contracts.commands.reasons import said
from portal.contracts.commands.rounds import IN_ORDER, PARTS, begin_round
from portal.contracts.events import (
    ContractDeliverableAccepted,
    ContractDeliverableDelivered,
    ContractDeliverableRefused,
    ContractEdited,
)
from portal.contracts.forms import PerformanceForm
from portal.contracts.states import DELIVERABLE, OPEN, S
from portal.contracts.tables import Contract, ContractDeliverable, ContractDelivery, ContractServiceLevel
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing

_KINDS: Any = {"levels": ContractServiceLevel, "deliverables": ContractDeliverable, "deliveries": ContractDelivery}
_ITEMS = "select id, number, name, unit from item where id = any($1) and organisation_id = $2"
# The contract in whose present version it stands, if that is in force.
_HOLDS = """select c.id from contract c join contract_deliverable d on d.contract_id = coalesce(c.amendment_id, c.id)
  where d.first_id = $1 and c.state = $2 and c.amends_id is null"""
_OF_CONTRACT = ("buyer_id", "supplier_id", "shown_to")


async def set_performance(actor: Actor, contract_id: UUID, form: PerformanceForm) -> Contract:
    """Say anew what is to be performed. An agreement to something else is void with it."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        change.require("contracts:edit", contract)
        if contract.state not in OPEN:
            message = _("What was approved is not rewritten. Take it back to negotiation first.")
            raise Conflict(message, subject_id=contract.id)
        present = {name: await change.rows(kind, IN_ORDER, contract.id) for name, kind in _KINDS.items()}
        rows = await _rows(change, contract, form, present["deliverables"])
        added = {}
        for name, kind in _KINDS.items():
            await change.fetch(f"delete from {PARTS[name]} where contract_id = $1", contract.id)
            change.remove_all(present[name])
            added[name] = change.add_all(kind, rows[name])
        await begin_round(change, contract, **added)
        change.write(contract)
        await separate(change, "contracts:edit", contract.id)
        change.record(ContractEdited(contract.id), contract)
    return contract


async def deliver(actor: Actor, deliverable_id: UUID, reason: str = "") -> Contract:
    """Report as the supplier that something is delivered, and how; the customer judges it."""
    async with changing(actor, ContractDeliverable, deliverable_id) as (change, owed):
        contract = await _take("deliver", owed, change)
        reason = said("deliver", reason)
        owed.said, owed.delivered_by, owed.delivered_at = reason, actor.person_id, change.now
        change.write(owed)
        change.record(ContractDeliverableDelivered(contract.id, owed.title, reason), contract)
    return contract


async def accept(actor: Actor, deliverable_id: UUID) -> Contract:
    """Accept as the customer what was delivered."""
    async with changing(actor, ContractDeliverable, deliverable_id) as (change, owed):
        contract = await _take("accept", owed, change)
        owed.objection, owed.judged_by, owed.judged_at = "", actor.person_id, change.now
        change.write(owed)
        change.record(ContractDeliverableAccepted(contract.id, owed.title), contract)
    return contract


async def refuse(actor: Actor, deliverable_id: UUID, reason: str = "") -> Contract:
    """Say as the customer why what was delivered is not enough: it is due again."""
    async with changing(actor, ContractDeliverable, deliverable_id) as (change, owed):
        contract = await _take("refuse", owed, change)
        reason = said("refuse", reason)
        owed.objection, owed.judged_by, owed.judged_at = reason, actor.person_id, change.now
        change.write(owed)
        change.record(ContractDeliverableRefused(contract.id, owed.title, reason), contract)
    return contract


async def _take(verb: str, owed: ContractDeliverable, change: Change) -> Contract:
    """Move it on; gives the contract that it is owed under now."""
    DELIVERABLE.take(verb, owed, change)
    found = await change.value(_HOLDS, owed.id, S.ACTIVE)
    if found is None:
        raise Conflict(_("No contract in force asks for this."), subject_id=owed.contract_id)
    return await change.row(Contract, found, lock=False)


async def _rows(
    change: Change, contract: Contract, form: PerformanceForm, present: Sequence[ContractDeliverable]
) -> dict[str, list[dict[str, Any]]]:
    """`Invalid` names every item that is not the company's, every deliverable that the contract does not have, and
    every day before it begins."""
    wanted = [each.item_id for each in form.deliveries]
    items = {row["id"]: row for row in await change.fetch(_ITEMS, wanted, change.actor.organisation_id)}
    first = {row.first_id: row for row in present}
    errors = [*_early(contract, form), *_unknown(form, items, first)]
    if errors:
        raise Invalid(errors=errors)
    return {
        "levels": [
            _row(contract, at) | {"measure": each.measure, "least": each.least, "remedy": each.remedy or ""}
            for at, each in enumerate(form.levels, start=1)
        ],
        "deliverables": [_owed(contract, at, each, first) for at, each in enumerate(form.deliverables, start=1)],
        "deliveries": [
            _row(contract, at)
            | {"item_id": each.item_id, "quantity": each.quantity, "due_on": each.due_on}
            | {"item_number": item["number"], "description": item["name"], "unit": item["unit"]}
            for at, each in enumerate(form.deliveries, start=1)
            if (item := items[each.item_id])
        ],
    }


def _early(contract: Contract, form: PerformanceForm) -> list[FieldError]:
    message = _("The contract begins on {day}: choose a day from then on.", day=contract.valid_from)
    grids: Mapping[str, Sequence[Any]] = {"deliverables": form.deliverables, "deliveries": form.deliveries}
    return [
        FieldError(f"{grid}.{place}.due_on", message)
        for grid, rows in grids.items()
        for place, each in enumerate(rows)
        if each.due_on < contract.valid_from and contract.amends_id is None
    ]


def _unknown(form: PerformanceForm, items: Mapping[UUID, Any], first: Mapping[UUID, Any]) -> list[FieldError]:
    errors = [
        FieldError(f"deliveries.{place}.item_id", _("This is not one of your items."))
        for place, each in enumerate(form.deliveries)
        if each.item_id not in items
    ]
    named = [each.id for each in form.deliverables if each.id is not None]
    return errors + [
        FieldError(f"deliverables.{place}.id", _("The contract has no such deliverable."))
        for place, each in enumerate(form.deliverables)
        if each.id is not None and (each.id not in first or named.count(each.id) > 1)
    ]


def _owed(contract: Contract, position: int, said: Any, first: Mapping[UUID, ContractDeliverable]) -> dict[str, Any]:
    """One that was taken over from an earlier version goes on as that; others begin anew each time."""
    row = _row(contract, position)
    before = first.get(said.id)
    taken_over = before is not None and before.first_id != before.id
    return row | {
        "first_id": before.first_id if before is not None and taken_over else row["id"],
        "title": said.title,
        "detail": said.detail or "",
        "due_on": said.due_on,
    }


def _row(contract: Contract, position: int) -> dict[str, Any]:
    of = {"id": new_id(), "contract_id": contract.id, "position": position}
    return of | {name: getattr(contract, name) for name in _OF_CONTRACT}
