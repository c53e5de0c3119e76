"""Writing facts, as orders, receipts and invoices happen, and keeping suppliers' standings.

Facts are written by set-based SQL that joins the change of whatever happened: with it or not at all. None of it loops
over lines, and none of it begins a transaction of its own but `recompute_standings` and `set_settings`.
"""

from portal.scorecards.commands.adopt import adopt_orders
from portal.scorecards.commands.deliveries import Delivered, book_delivery, book_service, derive, undo_delivery
from portal.scorecards.commands.invoices import Invoiced, note_match
from portal.scorecards.commands.promises import (
    close_facts,
    end_facts,
    note_acknowledgement,
    note_answer,
    note_promises,
    note_refusal,
    open_facts,
)
from portal.scorecards.commands.settings import set_settings
from portal.scorecards.commands.standings import recompute_standings

__all__ = [
    "Delivered",
    "Invoiced",
    "adopt_orders",
    "book_delivery",
    "book_service",
    "close_facts",
    "derive",
    "end_facts",
    "note_acknowledgement",
    "note_answer",
    "note_match",
    "note_promises",
    "note_refusal",
    "open_facts",
    "recompute_standings",
    "set_settings",
    "undo_delivery",
]
