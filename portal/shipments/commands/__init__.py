"""What one can do with a despatch advice: each verb is one function and one transaction.

`delivery`, `left_at` and `note_arrival` join a receipt's change: they say what is expected and since when, and keep
what came.
"""

from portal.shipments.commands.arrive import Delivery, delivery, left_at, note_arrival
from portal.shipments.commands.by_document import despatch_by_document
from portal.shipments.commands.despatch import despatch
from portal.shipments.commands.draft import cancel, create, edit
from portal.shipments.commands.end import end

__all__ = [
    "Delivery",
    "cancel",
    "create",
    "delivery",
    "despatch",
    "despatch_by_document",
    "edit",
    "end",
    "left_at",
    "note_arrival",
]
