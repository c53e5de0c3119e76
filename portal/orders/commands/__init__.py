"""What one can do with an order: each verb is one function and one transaction.

`book` is the quantity ledger's only writer; despatch, receipt and invoice join it with their own change, for several
orders at once by `book_each`. What an import knows of older quantities goes through `take_over`.
"""

from portal.orders.commands.approve import approve, return_to_author, submit
from portal.orders.commands.author import discard, withdraw
from portal.orders.commands.by_document import cancel_by_document, enter_by_document, respond_by_document
from portal.orders.commands.change import Proposed, propose
from portal.orders.commands.decide import accept_counter_offer, decline_counter_offer
from portal.orders.commands.draft import create, edit
from portal.orders.commands.issue import issue
from portal.orders.commands.judge import accept_change, approve_change, decline_change, withdraw_change
from portal.orders.commands.ledger import Movement, OverTolerance, book
from portal.orders.commands.respond import Answer, mark_viewed, respond
from portal.orders.commands.several import Booked, book_each, went_back_of
from portal.orders.commands.short_close import close_line, reopen_line
from portal.orders.commands.stop import cancel, close, hold, release
from portal.orders.commands.take_over import CAME, REPLACED, TAKEN, follow_ledger, take_over
from portal.orders.commands.undone import InvoicedAlready, NotUndone, require_not_billed
from portal.orders.rules import over

__all__ = [
    "CAME",
    "REPLACED",
    "TAKEN",
    "Answer",
    "Booked",
    "InvoicedAlready",
    "Movement",
    "NotUndone",
    "OverTolerance",
    "Proposed",
    "accept_change",
    "accept_counter_offer",
    "approve",
    "approve_change",
    "book",
    "book_each",
    "cancel",
    "cancel_by_document",
    "close",
    "close_line",
    "create",
    "decline_change",
    "decline_counter_offer",
    "discard",
    "edit",
    "enter_by_document",
    "follow_ledger",
    "hold",
    "issue",
    "mark_viewed",
    "over",
    "propose",
    "release",
    "reopen_line",
    "require_not_billed",
    "respond",
    "respond_by_document",
    "return_to_author",
    "submit",
    "take_over",
    "went_back_of",
    "withdraw",
    "withdraw_change",
]
