"""Work that follows events of earlier steps, and sealing files that releases before kept in plain bytes."""

import contextlib
from uuid import UUID

from portal.invoicing import commands, queries
from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.platform.refusals import Conflict
from portal.platform.work import viewing

SEAL = "invoicing.seal-files"
PERIODIC = [(SEAL, "27 * * * *")]


@job(SEAL, retries=0, seconds=3600)
async def seal_files(actor: Actor) -> None:
    await commands.seal_plain_files(actor)


@job("invoicing.rematch")
async def rematch(actor: Actor, order_id: str) -> None:
    """Match the undecided invoices of an order again, and count due dates from the day its goods came where the terms
    say so; what was decided meanwhile stays as it was."""
    async with viewing(actor) as view:
        waiting = await queries.unpaid_of_order(view, UUID(order_id))
    for invoice in waiting:
        if invoice.counts_from_goods:
            await commands.follow_goods(actor, invoice.id)
        if invoice.undecided:
            await _match(actor, invoice.id)


async def _match(actor: Actor, invoice_id: UUID) -> None:
    with contextlib.suppress(Conflict):
        await commands.rematch(actor, invoice_id)
