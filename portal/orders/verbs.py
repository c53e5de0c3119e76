"""The acts on a purchase order that need nothing but the order, and at most a reason."""

from typing import Literal

from portal.access.verbs import Verb
from portal.orders import commands
from portal.platform.i18n import _
from portal.web.input import Reason


class Cancellation(Reason, forbid_unknown_fields=True):
    """Why an order is cancelled, and whose doing that is: without a `cause` the facts say it."""

    cause: Literal["buyer", "supplier"] | None = None


WHY = _("Say why: the others read it beside the order.")

VERBS = [
    Verb(
        "submit", commands.submit, "orders:submit", "submitPurchaseOrder",
        _("{number} was submitted for approval."),
    ),
    Verb(
        "approve", commands.approve, "orders:approve", "approvePurchaseOrder",
        _("{number} is approved. The buyer can issue it now."),
    ),
    Verb(
        "return", commands.return_to_author, "orders:return", "returnPurchaseOrder",
        _("{number} was returned to its author."), True, WHY,
    ),
    Verb(
        "withdraw", commands.withdraw, "orders:withdraw", "withdrawPurchaseOrder",
        _("{number} is a draft again. Nobody is asked to approve it now."),
    ),
    Verb(
        "discard", commands.discard, "orders:discard", "discardPurchaseOrder",
        _("The draft {number} is discarded. Its number is not used again."),
    ),
    Verb(
        "issue", commands.issue, "orders:issue", "issuePurchaseOrder",
        _("{number} was issued. The supplier sees it from now on."),
    ),
    Verb("hold", commands.hold, "orders:hold", "holdPurchaseOrder", _("{number} is on hold."), True, WHY),
    Verb("release", commands.release, "orders:hold", "releasePurchaseOrder", _("{number} is released.")),
    Verb("close", commands.close, "orders:close", "closePurchaseOrder", _("{number} is closed.")),
    Verb(
        "cancel", commands.cancel, "orders:cancel", "cancelPurchaseOrder", _("{number} is cancelled."), True, WHY,
        form=Cancellation,
    ),
]  # fmt: skip
