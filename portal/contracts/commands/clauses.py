"""The clauses of a contract: taken from the library as they are now, kept as they were, or written for it alone."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.clauses.queries import against, newest
from portal.contracts.commands.rounds import begin_round
from portal.contracts.events import ContractEdited
from portal.contracts.forms import ClauseChoice, ClausesForm
from portal.contracts.states import OPEN
from portal.contracts.tables import Contract, ContractClause
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing


async def set_clauses(actor: Actor, contract_id: UUID, form: ClausesForm) -> Contract:
    """Say anew which clauses the contract has, in their order. An agreement to others is void with it."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        change.require("contracts:edit", contract)
        if contract.state not in OPEN:
            message = _("What was approved is not rewritten. Take it back to negotiation first.")
            raise Conflict(message, subject_id=contract.id)
        present = await change.rows(ContractClause, "contract_id = $1 order by position", contract.id)
        rows = await _rows(change, contract, form.clauses, {row.id: row for row in present})
        await change.fetch("delete from contract_clause where contract_id = $1", contract.id)
        change.remove_all(present)
        added = change.add_all(ContractClause, rows)
        await begin_round(change, contract, clauses=added)
        change.write(contract)
        await separate(change, "contracts:edit", contract.id)
        change.record(ContractEdited(contract.id), contract)
    return contract


async def _rows(
    change: Change, contract: Contract, chosen: Sequence[ClauseChoice], present: dict[UUID, ContractClause]
) -> list[dict[str, Any]]:
    """`Invalid` names every clause that is not there, or leaves something to be filled in that no contract has."""
    library = await newest(change, [each.clause_id for each in chosen if each.clause_id])
    rows, errors = [], []
    for place, each in enumerate(chosen):
        said: Any = present.get(each.keep) if each.keep else library.get(each.clause_id) if each.clause_id else each
        if said is None:
            field = "keep" if each.keep else "clause_id"
            errors.append(FieldError(f"clauses.{place}.{field}", _("This clause is not there, or is retired.")))
        elif each.keep is None and (wrong := list(_wrong(place, said))):
            errors += wrong
        else:
            rows.append(_row(contract, place + 1, said, each))
    if errors:
        raise Invalid(errors=errors)
    return rows


def _wrong(place: int, said: Any) -> Iterator[FieldError]:
    for name in ("title", "body"):
        if why := against(getattr(said, name)):
            yield FieldError(f"clauses.{place}.{name}", why)


def _row(contract: Contract, position: int, said: Any, chosen: ClauseChoice) -> dict[str, Any]:
    return {
        "id": new_id(),
        "contract_id": contract.id,
        **{name: getattr(contract, name) for name in ("buyer_id", "supplier_id", "shown_to")},
        "position": position,
        "clause_id": chosen.clause_id or getattr(said, "clause_id", None),
        "edition": getattr(said, "edition", None),
        "title": said.title,
        "body": said.body,
    }
