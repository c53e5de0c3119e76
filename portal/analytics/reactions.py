"""What follows a statement: payment terms may count from it."""

from collections.abc import Iterable

from portal.analytics.events import StatementReplaced, StatementSent, StatementWithdrawn
from portal.platform.wiring import Job, Reaction
from portal.platform.work import Change


def date_invoices(change: Change, event: StatementSent | StatementReplaced | StatementWithdrawn) -> Iterable[Job]:
    """Invoices whose terms count from the statement that tells of them begin to count, or do not any more."""
    yield Job("analytics.date-invoices", change.actor.organisation_id, {"statement_id": event.statement_id})


REACTIONS = {each: Reaction(later=[date_invoices]) for each in (StatementSent, StatementReplaced, StatementWithdrawn)}
