"""Events as sentences: the words of the timeline and of the log.

A capability names its events with stable codes; the sentence for a code stands in `SENTENCES`. A code without one is
shown readably, so that a new event is never an empty line. `MARKS` says how a node of a timeline looks: what is not
there is a plain done.
"""

from typing import NamedTuple

from portal.platform.i18n import Message, _

SENTENCES: dict[str, Message] = {
    "session.opened": _("Signed in"),
    "session.closed": _("Signed out"),
    "session.refused": _("Was not let in"),
    "session.refused-often": _("Was not let in many more times"),
    "access.refused": _("Was refused"),
    "access.refused-often": _("Was refused many more times"),
    "record.read": _("Read as auditor"),
    "legal-hold.placed": _("Placed a legal hold"),
    "legal-hold.released": _("Released a legal hold"),
    "records.disposed": _("Disposed of documents"),
    "person.erased": _("Erased a person"),
    "evidence.exported": _("Took out an evidence bundle"),
    "data.exported": _("Took data out as a file"),
    "person.profile-changed": _("Changed their own profile"),
    "person.password-set": _("Set a password"),
    "organisation.founded": _("Organisation was set up"),
    "membership.added": _("Gave somebody roles"),
    "membership.changed": _("Changed somebody’s roles"),
    "membership.removed": _("Ended a membership"),
    "api-key.created": _("Created an API key"),
    "supplier.approved": _("Approved a supplier"),
    "supplier.standing-changed": _("Supplier moved to another standing"),
    "import.completed": _("Imported records"),
    "scorecard.recomputed": _("Suppliers were scored"),
    "scorecard.settings-changed": _("Changed how suppliers are scored"),
    "item.added": _("Added an item"),
    "supplier-price.set": _("Set a supplier’s price"),
    "purchase-order.created": _("Entered the order"),
    "purchase-order.edited": _("Changed the draft"),
    "purchase-order.submitted": _("Submitted for approval"),
    "purchase-order.approved": _("Approved the order"),
    "purchase-order.returned": _("Returned the order to its author"),
    "purchase-order.withdrawn": _("Took the order back"),
    "purchase-order.discarded": _("Discarded the draft"),
    "purchase-order.issued": _("Issued the order to the supplier"),
    "purchase-order.viewed": _("Supplier opened the order"),
    "purchase-order.acknowledged": _("Supplier acknowledged receipt of the order"),
    "purchase-order.accepted": _("Supplier accepted the order"),
    "purchase-order.countered": _("Supplier answered with changes"),
    "purchase-order.rejected": _("Supplier rejected the order"),
    "purchase-order.counter-offer-accepted": _("Accepted the supplier’s changes"),
    "purchase-order.counter-offer-declined": _("Declined the supplier’s changes"),
    "purchase-order.deliveries-promised": _("Deliveries were agreed"),
    "purchase-order.held": _("Put the order on hold"),
    "purchase-order.released": _("Released the order"),
    "purchase-order.closed": _("Closed the order"),
    "purchase-order.cancelled": _("Cancelled the order"),
    "despatch-advice.created": _("Prepared a despatch advice"),
    "despatch-advice.edited": _("Changed the despatch advice"),
    "despatch-advice.despatched": _("Despatched goods"),
    "despatch-advice.cancelled": _("Cancelled the despatch advice"),
    "goods-receipt.booked": _("Received goods"),
    "goods-receipt.reversed": _("Reversed a goods receipt"),
    "invoice.created": _("Prepared an invoice"),
    "invoice.edited": _("Changed the invoice’s draft"),
    "invoice.discarded": _("Discarded the invoice’s draft"),
    "invoice.submitted": _("Sent the invoice"),
    "invoice.matched": _("Invoice was matched"),
    "invoice.matched-again": _("Invoice was matched again"),
    "invoice.exceptions-accepted": _("Accepted the differences of an invoice"),
    "invoice.approved": _("Approved the invoice"),
    "invoice.disputed": _("Disputed the invoice"),
    "invoice.rejected": _("Rejected the invoice"),
    "invoice.settled": _("Invoice was settled"),
    "statement.sent": _("Sent a statement"),
    "statement.agreed": _("Agreed to a statement"),
    "statement.objected": _("Objected to a statement"),
    "invoice.match-basis-changed": _("Changed how invoices are matched"),
    "document.requested": _("Asked for a document"),
    "document.ready": _("Document was made"),
    "document.stumbled": _("A try to make a document did not succeed"),
    "document.failed": _("Document could not be made"),
    "document.retried": _("Asked to try a document again"),
    "mail.queued": _("People are told by mail"),
    "mail.sent": _("Mail went out"),
    "mail.given-up": _("Mail could not be delivered"),
    "mail.tried-again": _("Mail is tried again"),
}


class Mark(NamedTuple):
    """How a timeline shows an event; `state` is failed for what was refused or undone."""

    icon: str = "check"
    state: str = "done"


MARKS = {
    "purchase-order.created": Mark("file-plus"),
    "purchase-order.edited": Mark("pencil"),
    "purchase-order.submitted": Mark("hourglass"),
    "purchase-order.returned": Mark("arrow-back-up", "failed"),
    "purchase-order.withdrawn": Mark("arrow-back-up"),
    "purchase-order.discarded": Mark("trash", "failed"),
    "purchase-order.issued": Mark("send"),
    "purchase-order.viewed": Mark("eye-check"),
    "purchase-order.acknowledged": Mark("mail-opened"),
    "purchase-order.countered": Mark("replace"),
    "purchase-order.rejected": Mark("x", "failed"),
    "purchase-order.counter-offer-declined": Mark("x", "failed"),
    "purchase-order.held": Mark("player-pause", "failed"),
    "purchase-order.released": Mark("player-play"),
    "purchase-order.closed": Mark("lock"),
    "purchase-order.cancelled": Mark("ban", "failed"),
    "despatch-advice.created": Mark("package-export"),
    "despatch-advice.despatched": Mark("truck-delivery"),
    "despatch-advice.cancelled": Mark("ban", "failed"),
    "goods-receipt.booked": Mark("package-import"),
    "goods-receipt.reversed": Mark("arrow-back-up", "failed"),
    "invoice.created": Mark("file-plus"),
    "invoice.submitted": Mark("file-invoice"),
    "invoice.matched": Mark("checklist"),
    "invoice.disputed": Mark("message-report", "failed"),
    "invoice.rejected": Mark("x", "failed"),
    "invoice.settled": Mark("coins"),
}
# What happened to no record: requests that were refused, or only read.
READ = "record.read"
ASIDE = frozenset({READ, "access.refused", "data.exported"})
# They accompany another event of the same moment, which says it all on a timeline.
SILENT = frozenset({"purchase-order.deliveries-promised"}) | ASIDE


def sentence(code: str) -> Message | str:
    """What an event is called for people."""
    return SENTENCES.get(code) or code.replace("-", " ").replace(".", ": ")
