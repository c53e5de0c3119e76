"""One contract: as a row for a decision, and as its reader sees it."""

from uuid import UUID

from portal.access.guards import allowed, require_seen
from portal.clauses.queries import filled
from portal.contracts.forms import ContractClauseOut, ContractOut, TermOut
from portal.contracts.queries.performed import performed
from portal.contracts.rules import facts_of, goes_on, notice_until
from portal.contracts.tables import Contract
from portal.organisations.forms import PartyOut
from portal.platform.decimals import ZERO, difference
from portal.platform.guarded import FIELDS
from portal.platform.scope import visible
from portal.platform.work import View

GUARDED = FIELDS["contract"]
_WRITTEN = [name for name in TermOut.__struct_fields__ if name not in ("called_off", "left")]
_TERMS = f"""
select {", ".join(f"t.{name}" for name in _WRITTEN)}, trim_scale(u.called_off) as called_off,
  trim_scale(greatest(t.quantity * (100 + c.allowance) / 100 - u.called_off, 0)) as left
from contract c join contract_term t on t.contract_id = coalesce(c.amendment_id, c.id)
left join lateral (select coalesce(sum(o.counted), 0) as called_off from contract_call_off o
  where o.contract_id = coalesce(c.amends_id, c.id) and o.item_id = t.item_id) u on t.quantity is not null
where c.id = $1 order by t.position
"""
_CLAUSES = "select * from contract_clause where contract_id = $1 order by position"
_VALUE = "select coalesce(sum(amount), 0) from contract_call_off where contract_id = $1"
_OWN = {
    "buyer",
    "supplier",
    "terms",
    "clauses",
    "levels",
    "deliverables",
    "deliveries",
    "called_off_value",
    "left_value",
    "notice_until",
}


async def contract_row(view: View, contract_id: UUID) -> Contract:
    """The contract's row for its reader: unseen is 404, not for their role 403."""
    contract = await view.row(Contract, contract_id)
    require_seen(view.actor, "contracts:read", contract)
    return contract


async def number_of(view: View, contract_id: UUID) -> str:
    """The number of a contract that a document refers to."""
    return await view.value("select number from contract where id = $1", contract_id) or ""


async def contract_out(view: View, contract_id: UUID) -> ContractOut:
    return await out_of(view, await contract_row(view, contract_id))


async def out_of(view: View, contract: Contract) -> ContractOut:
    """The whole contract behind its row; internal notes are the buyer's alone."""
    called_off = await view.value(_VALUE, contract.amends_id or contract.id)
    out = ContractOut(
        **{name: getattr(contract, name) for name in ContractOut.__struct_fields__ if name not in _OWN},
        buyer=PartyOut(contract.buyer_id, contract.buyer_name),
        supplier=PartyOut(contract.supplier_id, contract.supplier_name),
        called_off_value=called_off,
        left_value=max(difference(contract.gross, called_off), ZERO) if contract.value_cap is not None else None,
        notice_until=notice_until(contract) if goes_on(contract) else None,
        terms=await view.structs(TermOut, _TERMS, contract.id),
        clauses=await _clauses(view, contract),
        **await performed(view, contract.id),
    )
    if view.actor.organisation_id != contract.buyer_id:
        out.internal_note = None
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))


async def _clauses(view: View, contract: Contract) -> list[ContractClauseOut]:
    """With their facts, but amounts that the reader may not see."""
    facts = facts_of(contract)
    if not allowed(view.actor, "prices:read"):
        facts |= dict.fromkeys(GUARDED["prices:read"] & facts.keys(), "…")
    names = ("id", "position", "clause_id", "edition")
    return [
        ContractClauseOut(
            **{name: record[name] for name in names},
            title=filled(record["title"], facts),
            text=filled(record["body"], facts),
        )
        for record in await view.fetch(_CLAUSES, contract.amendment_id or contract.id)
    ]
