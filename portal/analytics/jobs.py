"""Work that follows statements."""

from uuid import UUID

from portal.analytics import queries
from portal.invoicing import commands as invoicing
from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.platform.work import viewing


@job("analytics.date-invoices")
async def date_invoices(actor: Actor, statement_id: str) -> None:
    """Count the due dates of the invoices that a statement tells of from the first one that stands."""
    async with viewing(actor) as view:
        stated = await queries.stated_invoices(view, UUID(statement_id))
    for invoice_id, day in stated:
        await invoicing.follow_statement(actor, invoice_id, day)
