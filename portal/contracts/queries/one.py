"""One contract: as a row for a decision, and as its reader sees it."""

from uuid import UUID

from portal.access.guards import allowed, require_seen
from portal.contracts.forms import ContractOut, TermOut
from portal.contracts.tables import Contract
from portal.organisations.forms import PartyOut
from portal.platform.guarded import FIELDS
from portal.platform.scope import visible
from portal.platform.work import View

GUARDED = FIELDS["contract"]
_TERMS = f"select {', '.join(TermOut.__struct_fields__)} from contract_term where contract_id = $1 order by position"
_OWN = {"buyer", "supplier", "terms"}


async def contract_row(view: View, contract_id: UUID) -> Contract:
    """The contract's row for its reader: unseen is 404, not for their role 403."""
    contract = await view.row(Contract, contract_id)
    require_seen(view.actor, "contracts:read", contract)
    return contract


async def contract_out(view: View, contract_id: UUID) -> ContractOut:
    return await out_of(view, await contract_row(view, contract_id))


async def out_of(view: View, contract: Contract) -> ContractOut:
    """The whole contract behind its row; internal notes are the buyer's alone."""
    out = ContractOut(
        **{name: getattr(contract, name) for name in ContractOut.__struct_fields__ if name not in _OWN},
        buyer=PartyOut(contract.buyer_id, contract.buyer_name),
        supplier=PartyOut(contract.supplier_id, contract.supplier_name),
        terms=await view.structs(TermOut, _TERMS, contract.id),
    )
    if view.actor.organisation_id != contract.buyer_id:
        out.internal_note = None
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))
