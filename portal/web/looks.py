"""How states look: each code's name in the reader's language, its tone and its icon.

Colour never speaks alone: a badge always carries the icon and the name too. A capability may pass its own table to the
`state` filter; the same code should look the same everywhere, so the common ones stand here together.
"""

from collections.abc import Iterable

import msgspec

from portal.platform.i18n import Message, _

TONES = ("neutral", "info", "progress", "success", "warning", "danger")


class Look(msgspec.Struct, frozen=True):
    label: Message | str
    tone: str
    icon: str


LOOKS = {
    "draft": Look(_("Draft"), "neutral", "pencil"),
    "in_approval": Look(_("In approval"), "warning", "hourglass"),
    "approved": Look(_("Approved"), "success", "circle-check"),
    "issued": Look(_("Issued"), "info", "send"),
    "acknowledged": Look(_("Acknowledged"), "info", "mail-opened"),
    "accepted": Look(_("Accepted"), "success", "circle-check"),
    "conditionally_accepted": Look(_("Accepted with changes"), "warning", "replace"),
    "declined": Look(_("Declined"), "danger", "circle-x"),
    "rejected": Look(_("Rejected"), "danger", "circle-x"),
    "closed": Look(_("Closed"), "neutral", "lock"),
    "cancelled": Look(_("Cancelled"), "neutral", "ban"),
    "on_hold": Look(_("On hold"), "warning", "player-pause"),
    "stale": Look(_("Out of date"), "neutral", "history"),
    "open": Look(_("Open"), "info", "circle"),
    "pending": Look(_("Waiting"), "warning", "clock"),
    "none": Look(_("None yet"), "neutral", "circle-dashed"),
    "partial": Look(_("In part"), "progress", "progress"),
    "complete": Look(_("Complete"), "success", "circle-check"),
    "over": Look(_("More than ordered"), "warning", "alert-triangle"),
    "despatched": Look(_("Despatched"), "info", "truck-delivery"),
    "delivered": Look(_("Delivered"), "success", "package"),
    "booked": Look(_("Booked"), "success", "package-import"),
    "reversed": Look(_("Reversed"), "neutral", "arrow-back-up"),
    "submitted": Look(_("Submitted"), "info", "send"),
    "matched": Look(_("Matched"), "success", "circle-check"),
    "unmatched": Look(_("Not matched yet"), "neutral", "circle-dashed"),
    "exceptions": Look(_("Differences"), "warning", "alert-triangle"),
    "resolved": Look(_("Differences accepted"), "success", "circle-check"),
    "sent": Look(_("Sent"), "info", "send"),
    "agreed": Look(_("Agreed"), "success", "circle-check"),
    "objected": Look(_("Objected to"), "warning", "message-report"),
    "replaced": Look(_("Replaced"), "neutral", "history"),
    "disputed": Look(_("Disputed"), "warning", "message-report"),
    "settled": Look(_("Paid"), "success", "coins"),
    "invited": Look(_("Invited"), "info", "mail"),
    "in_qualification": Look(_("In qualification"), "progress", "clipboard-check"),
    "ended": Look(_("Ended"), "neutral", "lock"),
    "overdue": Look(_("Overdue"), "danger", "alarm"),
    "late": Look(_("Late"), "danger", "alarm"),
    "due_soon": Look(_("Due soon"), "warning", "clock"),
    "partly_late": Look(_("Partly late"), "danger", "alarm"),
    "short": Look(_("Short"), "warning", "alert-circle"),
    "early": Look(_("Too early"), "warning", "clock"),
    "on_time": Look(_("On time"), "success", "circle-check"),
    "preparing": Look(_("Being prepared"), "progress", "loader"),
    "ready": Look(_("Ready"), "success", "circle-check"),
    "failed": Look(_("Failed"), "danger", "alert-triangle"),
    "no_data": Look(_("No data"), "neutral", "circle-dashed"),
    "migrated": Look(_("Migrated"), "neutral", "database-import"),
    "active": Look(_("In force"), "info", "circle-check"),
    "frozen": Look(_("Frozen"), "info", "lock"),
    "restated": Look(_("Restated"), "warning", "history"),
    "asked": Look(_("Asked for"), "warning", "hourglass"),
    "granted": Look(_("Excused"), "info", "shield-check"),
    "refused": Look(_("Refused"), "neutral", "circle-x"),
    "withdrawn": Look(_("Withdrawn"), "neutral", "arrow-back-up"),
    "good": Look(_("Good"), "success", "circle-check"),
    "warn": Look(_("Watch"), "warning", "alert-triangle"),
    "poor": Look(_("Poor"), "danger", "alert-triangle"),
}

ROLES = {
    "requester": _("Requester"),
    "buyer": _("Buyer"),
    "approver": _("Approver"),
    "receiver": _("Receiver"),
    "payable": _("Accounts payable"),
    "supplier_manager": _("Supplier manager"),
    "order_desk": _("Order desk"),
    "shipping": _("Shipping"),
    "billing": _("Billing"),
    "administrator": _("Administrator"),
    "auditor": _("Auditor"),
}


def roles(held: Iterable[str]) -> str:
    """The names of roles, in the order of the table; codes that are not roles of people stay out."""
    own = set(held)
    return ", ".join(str(name) for code, name in ROLES.items() if code in own)


def look(code: str | None, table: dict[str, Look] | None = None) -> Look:
    """The look of a state; an unknown code shows itself rather than failing a page."""
    known = (table or {}).get(code or "") or LOOKS.get(code or "none")
    return known or Look(str(code).replace("_", " ").capitalize(), "neutral", "circle")
