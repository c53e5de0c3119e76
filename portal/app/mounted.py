"""What is mounted: a readable list, one line a capability, in the order of the business process."""

from typing import Any

from litestar import Router

import portal.access.api
import portal.access.events
import portal.access.jobs
import portal.access.pages
import portal.alerts.api
import portal.alerts.events
import portal.alerts.jobs
import portal.alerts.pages
import portal.alerts.reactions
import portal.analytics.api
import portal.analytics.events
import portal.analytics.jobs
import portal.analytics.pages
import portal.analytics.reactions
import portal.audit.api
import portal.audit.jobs
import portal.audit.noting
import portal.audit.pages
import portal.audit.queries
import portal.banks.api
import portal.banks.events
import portal.banks.jobs
import portal.banks.pages
import portal.banks.reactions
import portal.catalogue.api
import portal.catalogue.pages
import portal.clauses.api
import portal.clauses.pages
import portal.contracts.api
import portal.contracts.events
import portal.contracts.jobs
import portal.contracts.pages
import portal.contracts.reactions
import portal.debits.api
import portal.debits.events
import portal.debits.jobs
import portal.debits.pages
import portal.documents.api
import portal.documents.jobs
import portal.documents.pages
import portal.documents.queries
import portal.documents.sheets
import portal.evidence.api
import portal.evidence.events
import portal.evidence.jobs
import portal.evidence.pages
import portal.invoicing.api
import portal.invoicing.events
import portal.invoicing.jobs
import portal.invoicing.pages
import portal.invoicing.reactions
import portal.letterheads.api
import portal.letterheads.pages
import portal.messaging.jobs
import portal.operations.batches.api
import portal.operations.batches.jobs
import portal.operations.batches.pages
import portal.operations.desk.api
import portal.operations.desk.jobs
import portal.operations.desk.pages
import portal.operations.policy.api
import portal.operations.policy.pages
import portal.operations.workspace.api
import portal.operations.workspace.jobs
import portal.operations.workspace.pages
import portal.orders.api
import portal.orders.events
import portal.orders.pages
import portal.organisations.api
import portal.organisations.events
import portal.organisations.pages
import portal.oversight.api
import portal.oversight.events
import portal.oversight.jobs
import portal.oversight.pages
import portal.oversight.reactions
import portal.ratings.api
import portal.ratings.pages
import portal.receipts.api
import portal.receipts.pages
import portal.reorders.api
import portal.reorders.pages
import portal.scorecards.api
import portal.scorecards.jobs
import portal.scorecards.pages
import portal.scorecards.reactions
import portal.services.api
import portal.services.events
import portal.services.pages
import portal.settings.api
import portal.settings.events
import portal.settings.jobs
import portal.settings.pages
import portal.settings.reactions
import portal.shipments.api
import portal.shipments.events
import portal.shipments.pages
import portal.shipments.reactions
import portal.signatures.api
import portal.signatures.events
import portal.signatures.jobs
import portal.signatures.pages
from portal.messaging.reactions import LINKS, OWN_ACCOUNT, notices

# What is mounted, one line a capability, in the order of the business process.
API: tuple[Router, ...] = (
    portal.access.api.router,
    portal.audit.api.router,
    portal.documents.api.router,
    portal.letterheads.api.router,
    *portal.signatures.api.routers,
    *portal.settings.api.routers,
    portal.evidence.api.router,
    *portal.oversight.api.routers,
    *portal.organisations.api.routers,
    *portal.banks.api.routers,
    portal.alerts.api.router,
    portal.catalogue.api.router,
    portal.clauses.api.router,
    *portal.contracts.api.routers,
    portal.orders.api.router,
    portal.reorders.api.router,
    portal.shipments.api.router,
    portal.services.api.router,
    portal.receipts.api.router,
    portal.debits.api.router,
    *portal.invoicing.api.routers,
    portal.ratings.api.router,
    portal.scorecards.api.router,
    portal.analytics.api.router,
    portal.operations.batches.api.router,
    portal.operations.desk.api.router,
    portal.operations.desk.api.mappings,
    portal.operations.policy.api.router,
    *portal.operations.workspace.api.routers,
)
# What people open, capability by capability, in the order of the business.
CAPABILITIES: tuple[Any, ...] = (
    portal.access.pages,
    portal.audit.pages,
    portal.documents.pages,
    portal.letterheads.pages,
    portal.signatures.pages,
    portal.settings.pages,
    portal.evidence.pages,
    portal.oversight.pages,
    portal.organisations.pages,
    portal.banks.pages,
    portal.alerts.pages,
    portal.catalogue.pages,
    portal.clauses.pages,
    portal.contracts.pages,
    portal.orders.pages,
    portal.reorders.pages,
    portal.shipments.pages,
    portal.services.pages,
    portal.receipts.pages,
    portal.debits.pages,
    portal.invoicing.pages,
    portal.ratings.pages,
    portal.scorecards.pages,
    portal.analytics.pages,
    portal.operations.batches.pages,
    portal.operations.desk.pages,
    portal.operations.policy.pages,
    portal.operations.workspace.pages,
)
PAGES = tuple(each.router for each in CAPABILITIES)


def _told(table: str) -> tuple[Any, ...]:
    """This table of every capability that has one."""
    return tuple(getattr(each, table) for each in CAPABILITIES if hasattr(each, table))


# Tables that point upward: event → reactions; kind of record → panels; role → queues; kind → title, link; menu.
NOTICES = notices(
    portal.settings.events,
    portal.organisations.events,
    portal.banks.events,
    portal.alerts.events,
    portal.evidence.events,
    portal.access.events,
    portal.oversight.events,
    portal.signatures.events,
    portal.contracts.events,
    portal.orders.events,
    portal.shipments.events,
    portal.services.events,
    portal.debits.events,
    portal.invoicing.events,
    portal.analytics.events,
)
REACTIONS: tuple[Any, ...] = (
    NOTICES,
    LINKS,
    OWN_ACCOUNT,
    portal.settings.reactions.REACTIONS,
    portal.banks.reactions.REACTIONS,
    portal.alerts.reactions.REACTIONS,
    portal.oversight.reactions.REACTIONS,
    portal.contracts.reactions.REACTIONS,
    portal.shipments.reactions.REACTIONS,
    portal.invoicing.reactions.REACTIONS,
    portal.analytics.reactions.REACTIONS,
    portal.scorecards.reactions.REACTIONS,
)
PANELS = _told("PANELS")
QUEUES = _told("QUEUES")
SUBJECTS = _told("SUBJECTS")
MENU = _told("MENU")
SEARCHES = _told("SEARCHES")
SETTINGS = _told("SETTINGS")
# What people begin on the home page, and work queues as filters of lists.
STARTS = _told("STARTS")
NARROWINGS = _told("NARROWINGS")
# Modules whose jobs the worker knows.
JOBS: tuple[Any, ...] = (
    portal.access.jobs,
    portal.audit.jobs,
    portal.documents.jobs,
    portal.evidence.jobs,
    portal.oversight.jobs,
    portal.messaging.jobs,
    portal.signatures.jobs,
    portal.contracts.jobs,
    portal.settings.jobs,
    portal.banks.jobs,
    portal.alerts.jobs,
    portal.debits.jobs,
    portal.invoicing.jobs,
    portal.analytics.jobs,
    portal.scorecards.jobs,
    portal.operations.batches.jobs,
    portal.operations.desk.jobs,
    portal.operations.workspace.jobs,
)
PERIODIC: tuple[Any, ...] = (
    portal.access.jobs.PERIODIC,
    portal.audit.jobs.PERIODIC,
    portal.alerts.jobs.PERIODIC,
    portal.documents.jobs.PERIODIC,
    portal.invoicing.jobs.PERIODIC,
    portal.evidence.jobs.PERIODIC,
    portal.oversight.jobs.PERIODIC,
    portal.messaging.jobs.PERIODIC,
    portal.signatures.jobs.PERIODIC,
    portal.contracts.jobs.PERIODIC,
    portal.settings.jobs.PERIODIC,
    portal.debits.jobs.PERIODIC,
    portal.scorecards.jobs.PERIODIC,
    portal.operations.batches.jobs.PERIODIC,
    portal.operations.desk.jobs.PERIODIC,
    portal.operations.workspace.jobs.PERIODIC,
)


# What the database narrows to a reader's scope.
NARROWED = (
    "orders:read",
    "order-templates:read",
    "despatch-advices:read",
    "goods-receipts:read",
    "service-entries:read",
    "invoices:read",
    "credit-notes:read",
)
