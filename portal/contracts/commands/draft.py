"""Writing a contract: its terms may change until somebody approves it, and whoever agreed to others is asked again."""

from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.contracts.commands.reasons import said
from portal.contracts.commands.rounds import begin_round
from portal.contracts.events import ContractCancelled, ContractCreated, ContractEdited
from portal.contracts.forms import ContractForm
from portal.contracts.rules import goes_on, most
from portal.contracts.states import CONTRACT, OPEN
from portal.contracts.tables import Contract, ContractTerm
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ONE, ZERO
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.money import AmountTooLarge, decimals
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing

_PLAIN = ("title", "kind", "currency", "valid_from", "valid_to", "notice_days", "renewal_months", "value_cap",
          "price_day", "late_per", "late_grace")  # fmt: skip
_WORDS = ("payment_terms", "note", "internal_note")

_UNITS = """select t.item_id, t.unit from contract c join contract_term t
  on t.contract_id = coalesce(c.amendment_id, c.id) where c.id = $1"""


async def create(actor: Actor, form: ContractForm) -> Contract:
    """Enter a draft with an approved supplier; nobody outside the company sees it."""
    async with changing(actor) as change:
        agreed = await terms(change, actor.organisation_id, form.supplier_id)
        if agreed is None:
            raise Invalid.field("supplier_id", _("This is not one of your suppliers. Choose one from your list."))
        contract = Contract(
            id=new_id(),
            buyer_id=actor.organisation_id,
            supplier_id=form.supplier_id,
            buyer_name=agreed.buyer.name,
            supplier_name=agreed.supplier.name,
            created_by=actor.person_id,
            created_at=change.now,
        )
        change.require("contracts:create", contract)
        change.add_all(ContractTerm, await _write(change, contract, form))
        contract.number = await change.number("CT", local_date(change.now, agreed.buyer.time_zone).year)
        change.add(contract)
        await separate(change, "contracts:create", contract.id, begins=True)
        change.record(ContractCreated(contract.id), contract)
    return contract


async def edit(actor: Actor, contract_id: UUID, form: ContractForm) -> Contract:
    """Write all that a contract says anew. An agreement to other terms is void with it."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        change.require("contracts:edit", contract)
        if contract.state not in OPEN:
            raise Conflict(
                _("What was approved is not rewritten. Take it back to negotiation first."), subject_id=contract.id
            )
        if form.supplier_id != contract.supplier_id:
            raise Invalid.field("supplier_id", _("A contract stays with its supplier. Write another one."))
        rows = await _write(change, contract, form)
        change.remove_all(await change.rows(ContractTerm, "contract_id = $1", contract.id))
        await change.fetch("delete from contract_term where contract_id = $1", contract.id)
        added = change.add_all(ContractTerm, rows)
        await begin_round(change, contract, terms=added)
        change.write(contract)
        await separate(change, "contracts:edit", contract.id)
        change.record(ContractEdited(contract.id), contract)
    return contract


async def cancel(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """Give up a contract that is not in force; its number stays used."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("cancel", contract, change)
        contract.ended_at, contract.reason = change.now, said("cancel", reason)
        change.write(contract)
        change.record(ContractCancelled(contract.id, contract.reason), contract)
    return contract


async def _write(change: Change, contract: Contract, form: ContractForm) -> list[dict[str, Any]]:
    """Set what the form says; gives the rows of its terms. `Invalid` names items that are not the company's."""
    known = await _items(change, form)
    if contract.amends_id is not None:
        await _as_amended(change, contract, form, known)
    for name in _PLAIN:
        setattr(contract, name, getattr(form, name))
    for name in _WORDS:
        setattr(contract, name, getattr(form, name) or "")
    contract.allowance, contract.submitted_by = form.allowance or ZERO, change.actor.person_id
    contract.late_rate, contract.late_cap = form.late_rate or None, form.late_cap or None
    contract.retention = form.retention or ZERO
    try:
        contract.gross = most(form.value_cap, form.terms, contract.allowance, form.currency)
    except AmountTooLarge as error:
        raise Invalid.field("value_cap" if form.kind == "value" else "terms", error.message) from error
    contract.gross_minor = int(contract.gross.scaleb(decimals(form.currency)))
    return _rows(contract, form, known)


async def _items(change: Change, form: ContractForm) -> dict[UUID, Any]:
    wanted = [term.item_id for term in form.terms]
    sql = "select id, number, name, unit from item where id = any($1) and organisation_id = $2"
    known = {row["id"]: row for row in await change.fetch(sql, wanted, change.actor.organisation_id)}
    errors = [
        FieldError(f"terms.{place}.item_id", _("This is not one of your items."))
        for place, item in enumerate(wanted)
        if item not in known
    ]
    if errors:
        raise Invalid(errors=errors)
    return known


async def _as_amended(change: Change, contract: Contract, form: ContractForm, known: dict[UUID, Any]) -> None:
    """An amendment is of the same kind and currency, begins before the contract is over, and counts an item in the unit
    in which it is counted already."""
    errors = [
        FieldError(name, _("An amendment leaves this as it is. Write another contract."))
        for name in ("kind", "currency")
        if getattr(form, name) != getattr(contract, name)
    ]
    amended = await change.row(Contract, contract.amends_id, lock=False)
    if not goes_on(amended) and form.valid_from > amended.valid_to:
        text = _("The contract ends on {day}. Let the amendment begin by then.", day=amended.valid_to)
        errors.append(FieldError("valid_from", text))
    if errors:
        raise Invalid(errors=errors)
    for record in await change.fetch(_UNITS, contract.amends_id):
        if record["item_id"] in known:
            known[record["item_id"]] = dict(known[record["item_id"]]) | {"unit": record["unit"]}


def _rows(contract: Contract, form: ContractForm, known: dict[UUID, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "contract_id": contract.id,
            **{name: getattr(contract, name) for name in ("buyer_id", "supplier_id", "shown_to")},
            "position": position,
            "item_id": term.item_id,
            "item_number": known[term.item_id]["number"],
            "description": known[term.item_id]["name"],
            "unit": known[term.item_id]["unit"],
            "unit_price": term.unit_price,
            "base_quantity": term.base_quantity or ONE,
            "minimum_quantity": term.minimum_quantity or ZERO,
            **{name: getattr(term, name) for name in ("quantity", "valid_from", "valid_to")},
        }
        for position, term in enumerate(form.terms, start=1)
    ]
