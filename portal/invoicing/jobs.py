"""Work that follows events of earlier steps."""

from uuid import UUID

from portal.invoicing import commands, queries
from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.platform.refusals import Conflict
from portal.platform.work import viewing


@job("invoicing.rematch")
async def rematch(actor: Actor, order_id: str) -> None:
    """Match the undecided invoices of an order again; one that was decided meanwhile stays as it was."""
    async with viewing(actor) as view:
        waiting = await queries.undecided_of_order(view, UUID(order_id))
    for invoice_id in waiting:
        try:
            await commands.rematch(actor, invoice_id)
        except Conflict:
            continue


@job("invoicing.follow-goods")
async def follow_goods(actor: Actor, order_id: str) -> None:
    """Count the due dates of an order's invoices from the day the goods came, where the terms say so."""
    async with viewing(actor) as view:
        waiting = await queries.unpaid_of_order(view, UUID(order_id))
    for invoice_id in waiting:
        await commands.follow_goods(actor, invoice_id)
