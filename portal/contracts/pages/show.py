"""One contract: its terms, how it was signed, what happened, and what may be done."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels, require
from portal.access.verbs import page_verbs
from portal.audit.queries import history
from portal.contracts import queries
from portal.contracts.commands.sign import SERVED
from portal.contracts.pages.acts import owed, possible
from portal.contracts.pages.looks import OWED, STATES
from portal.contracts.states import CONTRACT, KINDS, OPEN, PRICE_DAYS
from portal.contracts.tables import Contract
from portal.contracts.verbs import VERBS
from portal.evidence.queries import rows_of
from portal.platform.actor import Actor
from portal.platform.work import View, viewing
from portal.signatures.forms import SigningOut
from portal.signatures.queries import ORDERS, signing
from portal.web import Form, page


@get("/contracts/{contract_id:uuid}", guards=[may("contracts:read")], include_in_schema=False)
async def show(actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, contract_id)


async def shown(actor: Actor, contract_id: UUID, form: Form | None = None, said: Form | None = None) -> Response[Any]:
    """The page, also with a recorded paper that cannot be taken as it is, or for an act that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.contract_row(view, contract_id)
        may_take = set(CONTRACT.possible(row, lambda permission, thing: require(actor, permission, thing)))
        told = {
            "contract": await queries.out_of(view, row),
            "history": await history(view, row.id),
            "panels": await panels(view, "contract", row),
            "scans": await _scans(view, row) if "record" in may_take else None,
            "comments": await queries.comments_on(view, contract_id),
            "signing": await _signing(view, row),
            "versions": await queries.versions_of(view, row),
        }
    return page(
        "contracts/show.html",
        own=row.buyer_id == actor.organisation_id,
        acts=possible(actor, row),
        presents="present" in may_take and told["scans"] is None and _may_open(actor, row),
        chooses=row.state in OPEN and allowed(actor, "contracts:edit", row),
        talks=row.shown_to is not None and allowed(actor, "contracts:comment", row),
        said=said or Form(),
        owed=owed(actor, row, told["contract"].deliverables),
        owed_looks=OWED,
        measures=queries.MEASURES,
        orders=ORDERS,
        form=form or Form(),
        kinds=KINDS,
        named={"price_day": PRICE_DAYS},
        looks=STATES,
        **told,
    )


def _may_open(actor: Actor, contract: Contract) -> bool:
    return contract.recorded_at is None and allowed(actor, "signatures:open")


async def _signing(view: View, contract: Contract) -> SigningOut | None:
    """Where both sides sign it in the portal, or did."""
    if contract.signing_id is None or not allowed(view.actor, "signatures:read"):
        return None
    return await signing(view, contract.signing_id)


async def _scans(view: View, contract: Contract) -> list[tuple[str, str]]:
    """The attached files that both sides see: one of them is the signed paper."""
    files = await rows_of(view, "contract", contract.id)
    return [(str(file.id), file.name) for file in files if file.shown_to is not None and file.state in SERVED]


HANDLERS = [show, *page_verbs("/contracts", "contract_id", VERBS, shown)]
