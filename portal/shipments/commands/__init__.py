"""What one can do with a despatch advice: each verb is one function and one transaction.

`delivery`, `left_at`, `note_arrival` and `book_each` join a receipt's change: they say what is expected and since when,
and keep what came.
"""

from portal.shipments.commands.arrive import Delivery, delivery, left_at, note_arrival
from portal.shipments.commands.book import book_each
from portal.shipments.commands.despatch import despatch
from portal.shipments.commands.draft import cancel, create, edit

__all__ = ["Delivery", "book_each", "cancel", "create", "delivery", "despatch", "edit", "left_at", "note_arrival"]
