"""Contracts in a browser: list, page, writing, recording a signed paper; what waits on home pages."""

from litestar import Router

from portal.contracts.pages import amend, clauses, entry, files, lists, performance, queues, record, rounds, show
from portal.contracts.queries import OPEN
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject

MENU = [MenuEntry(_("Contracts"), "/contracts", "certificate", "contracts:read", 12)]
STARTS = [MenuEntry(_("New contract"), "/contracts/new", "certificate", "contracts:create", 30)]
SUBJECTS = {"contract": Subject(_("Contract"), "/contracts/{id}", "contracts:read")}
NARROWINGS = {"contract": OPEN}
QUEUES = queues.QUEUES

router = Router(
    "/",
    route_handlers=[
        *(*files.HANDLERS, *lists.HANDLERS, *entry.HANDLERS, *record.HANDLERS),
        *(*clauses.HANDLERS, *rounds.HANDLERS, *amend.HANDLERS, *performance.HANDLERS),
        *show.HANDLERS,
    ],
)
