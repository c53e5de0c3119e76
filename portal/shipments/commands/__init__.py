"""What one can do with a despatch advice: each verb is one function and one transaction.

`note_arrival` and `book_each` join a change of somebody else: receipts tell the advice what came of it.
"""

from portal.shipments.commands.arrive import note_arrival
from portal.shipments.commands.book import book_each
from portal.shipments.commands.despatch import despatch
from portal.shipments.commands.draft import cancel, create, edit

__all__ = ["book_each", "cancel", "create", "despatch", "edit", "note_arrival"]
