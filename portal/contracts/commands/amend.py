"""Amendments: another version of a contract in force, agreed to and signed as it was, which then takes its place.

An amendment is written, negotiated, approved and signed by the verbs of contracts. What it says of limits and days is
copied into the contract when it takes effect; its prices and clauses hold where they are. Call-offs stay with the
contract, and go on counting.
"""

from datetime import date
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.contracts.events import ContractAmended, ContractAmendmentWaits, ContractCreated, ContractExpired
from portal.contracts.states import CONTRACT, S
from portal.contracts.tables import (
    Contract,
    ContractClause,
    ContractDeliverable,
    ContractDelivery,
    ContractServiceLevel,
    ContractTerm,
)
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing

TODAY = "select (portal.now() at time zone time_zone)::date from organisation where id = $1"
MOST = 200  # amendments that one run looks after; the next run goes on
_TAKEN = ("title", "valid_to", "notice_days", "renewal_months", "value_cap", "allowance", "gross", "gross_minor",
          "payment_terms", "note", "price_day", "late_rate", "late_per", "late_grace", "late_cap",
          "retention")  # fmt: skip
_PARTIES = ("buyer_id", "supplier_id", "buyer_name", "supplier_name", "kind", "currency")
_OF_TERM = (
    "position", "item_id", "item_number", "description", "unit", "unit_price", "base_quantity", "minimum_quantity",
    "quantity", "valid_from", "valid_to",
)  # fmt: skip
# What an amendment takes over of each part.
_COPIED: Any = {
    ContractTerm: _OF_TERM,
    ContractClause: ("position", "clause_id", "edition", "title", "body"),
    ContractServiceLevel: ("position", "measure", "least", "remedy"),
    ContractDeliverable: ("position", "first_id", "title", "detail", "due_on"),
    ContractDelivery: ("position", "item_id", "item_number", "description", "unit", "quantity", "due_on"),
}
_UNDER_WAY = """select number from contract where amends_id = $1 and applied_at is null
  and state not in ('expired', 'terminated', 'cancelled')"""
_DUE = f"""select a.id, a.amends_id from contract a join contract c on c.id = a.amends_id
  where a.buyer_id = $1 and a.state = 'active' and a.applied_at is null and (a.valid_from <= $2 or c.state <> 'active')
  order by a.id limit {MOST}"""
_SIGNED = "amends_id = any($1) and state = 'active' order by id for no key update"
_LOCKED = "id = any($1) order by id for no key update"
_BEYOND = """
select a.id from contract a where a.id = any($1) and (
  (select coalesce(sum(u.amount), 0) from contract_call_off u where u.contract_id = a.amends_id)
    > case when a.kind = 'value' then a.gross end
  or exists (select from contract_term t where t.contract_id = a.id and t.quantity is not null
    and (select coalesce(sum(u.counted), 0) from contract_call_off u
      where u.contract_id = a.amends_id and u.item_id = t.item_id) * 100 > t.quantity * (100 + a.allowance)))
"""


async def amend(actor: Actor, contract_id: UUID) -> Contract:
    """Begin an amendment of a contract in force: a draft that says what holds now, for the buyer to change."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("amend", contract, change)
        if number := await change.value(_UNDER_WAY, contract.id):
            text = _("{number} amends it already. Bring that one on, or give it up first.", number=number)
            raise Conflict(text, subject_id=contract.id)
        before = await change.value("select count(*) from contract where amends_id = $1", contract.id)
        draft = _draft(change, contract, before + 1, await _today(change, contract))
        holds = contract.amendment_id or contract.id
        for kind, names in _COPIED.items():
            rows = await change.rows(kind, "contract_id = $1 order by position", holds)
            change.add_all(kind, [_copied(draft, row, names) for row in rows])
        change.add(draft)
        await separate(change, "contracts:create", draft.id, begins=True)
        change.record(ContractCreated(draft.id), draft)
    return draft


async def require_room(change: Change, contract: Contract) -> None:
    """Refuse an amendment of a contract that is over, or that allows less than orders called off already."""
    if contract.amends_id is None:
        return
    amended = await change.row(Contract, contract.amends_id, lock=False)
    if amended.state != S.ACTIVE:
        text = _("{number} is not in force any more, so nothing of it is amended.", number=amended.number)
        raise Conflict(text, subject_id=contract.id)
    if await change.fetch(_BEYOND, [contract.id]):
        text = _("Orders have called off more than these limits allow. Raise them, or cancel what is wanted no more.")
        raise Conflict(text, subject_id=contract.id)


async def take_effect(actor: Actor) -> int:
    """Let amendments that both sides signed hold from their first day on; gives how many were due.

    One that allows less than was called off meanwhile waits, and whoever may change it is told so once; one whose
    contract ended while it was being signed ends, too.
    """
    async with changing(actor) as change:
        today = await change.value(TODAY, actor.organisation_id)
        due = {record["id"]: record["amends_id"] for record in await change.fetch(_DUE, actor.organisation_id, today)}
        contracts, signed = await _with_amendments(change, list(due.values()))
        beyond = {record["id"] for record in await change.fetch(_BEYOND, list(due))} if due else set()
        for amendment in [each for key, each in signed.items() if key in due and each.applied_at is None]:
            contract = contracts[amendment.amends_id]
            if contract.state != S.ACTIVE:
                _end(change, amendment)
                change.record(ContractExpired(amendment.id), amendment)
            elif amendment.id in beyond:
                _wait(change, amendment)
            else:
                _apply(change, contract, amendment, signed)
        change.write_all([*signed.values(), *contracts.values()])
    return len(due)


async def end_amendments(change: Change, contracts: list[Contract]) -> None:
    """The contracts are over, and with them what both sides signed to amend them, whether it holds yet or not."""
    for amendment in await change.rows(Contract, _SIGNED, [each.id for each in contracts]) if contracts else []:
        _end(change, amendment)
        change.write(amendment)


async def _with_amendments(change: Change, ids: list[UUID]) -> tuple[dict[UUID, Contract], dict[UUID, Contract]]:
    """Contracts by their ids, and what both sides signed to amend them, locked in this order: as by who ends one."""
    if not ids:
        return {}, {}
    contracts = {row.id: row for row in await change.rows(Contract, _LOCKED, ids)}
    return contracts, {row.id: row for row in await change.rows(Contract, _SIGNED, ids)}


def _apply(change: Change, contract: Contract, amendment: Contract, signed: dict[UUID, Contract]) -> None:
    if contract.amendment_id is not None:
        _end(change, signed[contract.amendment_id])
    for name in _TAKEN:
        setattr(contract, name, getattr(amendment, name))
    contract.amendment_id, amendment.applied_at = amendment.id, change.now
    contract.notice_side = contract.notice_reason = ""
    contract.notice_given_by = contract.notice_at = contract.warned_of = contract.warned_last = None
    contract.warned_used = 0
    change.record(ContractAmended(contract.id, amendment.number), contract)


def _wait(change: Change, amendment: Contract) -> None:
    if amendment.warned_of is None:
        amendment.warned_of = amendment.valid_from
        change.record(ContractAmendmentWaits(amendment.id), amendment)


def _end(change: Change, amendment: Contract) -> None:
    CONTRACT.take("replace", amendment, change)
    amendment.ended_at = change.now


def _draft(change: Change, contract: Contract, number: int, today: date) -> Contract:
    return Contract(
        id=new_id(),
        amends_id=contract.id,
        amends_number=contract.number,
        number=f"{contract.number}-A{number}",
        **{name: getattr(contract, name) for name in (*_PARTIES, *_TAKEN)},
        valid_from=min(max(today, contract.valid_from), contract.valid_to),
        created_by=change.actor.person_id,
        submitted_by=change.actor.person_id,
        created_at=change.now,
    )


def _copied(draft: Contract, row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    of = {"id": new_id(), "contract_id": draft.id, "buyer_id": draft.buyer_id, "supplier_id": draft.supplier_id}
    return of | {"shown_to": None} | {name: getattr(row, name) for name in names}


async def _today(change: Change, contract: Contract) -> date:
    agreed = await terms(change, contract.buyer_id, contract.supplier_id)
    assert agreed is not None, "who has a contract trades, or did"
    return local_date(change.now, agreed.buyer.time_zone)
