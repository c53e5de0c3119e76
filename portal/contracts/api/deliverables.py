"""Deliverables of contracts for programs: the supplier reports them, the customer judges them."""

from uuid import UUID

from litestar import Response, Router

from portal.access.verbs import api_verbs
from portal.contracts import queries
from portal.contracts.forms import ContractOut
from portal.contracts.verbs import OF_DELIVERABLES
from portal.platform.actor import Actor
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _contract(actor: Actor, deliverable_id: UUID) -> Response[ContractOut]:
    async with viewing(actor) as view:
        contract_id = await queries.contract_of_deliverable(view, deliverable_id)
        assert contract_id is not None, "whoever acted on it sees it"
        return tagged(await queries.contract_out(view, contract_id), 200)


router = Router(
    "/deliverables", route_handlers=api_verbs("deliverable_id", OF_DELIVERABLES, _contract), tags=["Contracts"]
)
