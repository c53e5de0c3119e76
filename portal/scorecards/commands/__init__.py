"""Writing facts, as orders, receipts and invoices happen; keeping, freezing and excusing what they come to.

Facts are written by set-based SQL that joins the change of whatever happened: with it or not at all. None of it loops
over lines. What begins a transaction of its own says so by taking an actor.
"""

from portal.scorecards.commands.adopt import adopt_orders
from portal.scorecards.commands.deliveries import Delivered, book_delivery, book_service, note_inspection, undo_delivery
from portal.scorecards.commands.derive import derive
from portal.scorecards.commands.excuse import excuse, grant, refuse, withdraw
from portal.scorecards.commands.freeze import freeze, freeze_due, restate
from portal.scorecards.commands.invoices import Invoiced, note_match
from portal.scorecards.commands.promises import (
    ask_anew,
    close_facts,
    close_line_facts,
    end_facts,
    note_acknowledgement,
    note_answer,
    note_hold,
    note_promises,
    note_refusal,
    note_release,
    open_facts,
    reopen_line_facts,
)
from portal.scorecards.commands.recompute import RECOMPUTE, recompute_history, recompute_order, recompute_standings
from portal.scorecards.commands.settings import COLUMNS, SCORING, WINDOWS, set_settings, settings_applied

__all__ = [
    "COLUMNS",
    "RECOMPUTE",
    "SCORING",
    "WINDOWS",
    "Delivered",
    "Invoiced",
    "adopt_orders",
    "ask_anew",
    "book_delivery",
    "book_service",
    "close_facts",
    "close_line_facts",
    "derive",
    "end_facts",
    "excuse",
    "freeze",
    "freeze_due",
    "grant",
    "note_acknowledgement",
    "note_answer",
    "note_hold",
    "note_inspection",
    "note_match",
    "note_promises",
    "note_refusal",
    "note_release",
    "open_facts",
    "recompute_history",
    "recompute_order",
    "recompute_standings",
    "refuse",
    "reopen_line_facts",
    "restate",
    "set_settings",
    "settings_applied",
    "undo_delivery",
    "withdraw",
]
