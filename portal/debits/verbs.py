"""The acts on a debit note: accepting it, or waiving it for a reason."""

from typing import Any

from portal.access.verbs import Verb
from portal.debits import commands
from portal.platform.i18n import _

DECIDE = "debit-notes:decide"


def _told(note: Any) -> dict[str, Any]:
    return {"number": note.number, "order": note.order_number, "line": note.line}


VERBS = [
    Verb(
        "accept", commands.accept, DECIDE, "acceptDebitNote",
        _("{number} is accepted. The supplier reads it."), told=_told,
    ),
    Verb(
        "waive", commands.waive, DECIDE, "waiveDebitNote", _("Nothing is claimed for line {line} of {order}."), True,
        _("Say why nothing is claimed: it is kept with the debit note."), told=_told,
    ),
]  # fmt: skip
