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
    "membership.suspended": _("Suspended a membership that nobody used"),
    "membership.removed": _("Ended a membership"),
    "api-key.created": _("Created an API key"),
    "api-key.revoked": _("Revoked an API key"),
    "person.reset-asked": _("Somebody asked for a link for a new password"),
    "person.second-factor-begun": _("Began to set up a second factor"),
    "person.second-factor-set-up": _("Set up a second factor"),
    "person.second-factor-removed": _("Removed a second factor"),
    "person.second-factor-proved": _("Proved a second factor"),
    "person.recovery-codes-made": _("Made new recovery codes"),
    "session.all-ended": _("Ended all sessions of a person"),
    "invitation.sent": _("Invited somebody by mail"),
    "invitation.accepted": _("Accepted an invitation"),
    "invitation.withdrawn": _("Withdrew an invitation"),
    "organisation.security-set": _("Changed how people sign in"),
    "identity-provider.set": _("Set the company’s own sign-in"),
    "identity-provider.linked": _("The company’s own sign-in named a person for the first time"),
    "legal-text.published": _("Published terms or a privacy notice"),
    "legal-text.accepted": _("Accepted terms or a privacy notice"),
    "supplier.approved": _("Approved a supplier"),
    "supplier.standing-changed": _("Supplier moved to another standing"),
    "standing-exception.granted": _("Made an exception from a standing"),
    "standing-exception.ended": _("An exception from a standing ended"),
    "scorecard.month-frozen": _("Froze the scores of a month"),
    "scorecard.restated": _("Restated a frozen month"),
    "score-excuse.asked": _("Asked for an excuse"),
    "score-excuse.granted": _("Granted an excuse"),
    "score-excuse.refused": _("Refused an excuse"),
    "score-excuse.withdrawn": _("Withdrew an excuse"),
    "import.completed": _("Imported records"),
    "file-import.opened": _("Brought files to import"),
    "file-import.changed": _("Changed what is imported, or how"),
    "file-import.started": _("Started the import"),
    "file-import.begun": _("The import began to run"),
    "file-import.ended": _("The run of the import ended"),
    "file-import.cancelled": _("Cancelled the import"),
    "file-import.discarded": _("Discarded the import"),
    "file-import.files-forgotten": _("Files of old imports were deleted"),
    "import-mapping.saved": _("Kept a mapping"),
    "import-mapping.renamed": _("Renamed a mapping"),
    "import-mapping.deleted": _("Deleted a mapping"),
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
    "order-template.saved": _("Kept an order as a template"),
    "order-template.changed": _("Changed an order template"),
    "order-template.deleted": _("Deleted an order template"),
    "despatch-advice.created": _("Prepared a despatch advice"),
    "despatch-advice.edited": _("Changed the despatch advice"),
    "despatch-advice.despatched": _("Despatched goods"),
    "despatch-advice.cancelled": _("Cancelled the despatch advice"),
    "goods-receipt.booked": _("Received goods"),
    "goods-receipt.reversed": _("Reversed a goods receipt"),
    "service-entry.created": _("Entered a service"),
    "service-entry.edited": _("Changed the service entry’s draft"),
    "service-entry.submitted": _("Submitted a service entry"),
    "service-entry.cancelled": _("Took a service entry back"),
    "service-entry.accepted": _("Accepted services"),
    "service-entry.rejected": _("Rejected services"),
    "service-entry.reversed": _("Reversed the acceptance of services"),
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
    "invoice.due-moved": _("The due date moved"),
    "credit-note.created": _("Prepared a credit note"),
    "credit-note.edited": _("Changed the credit note’s draft"),
    "credit-note.discarded": _("Discarded the credit note’s draft"),
    "credit-note.submitted": _("Sent the credit note"),
    "credit-note.approved": _("Approved the credit note"),
    "credit-note.rejected": _("Rejected the credit note"),
    "credit-note.settled": _("Credit note was settled"),
    "payment-term.offered": _("Offered payment terms"),
    "payment-term.retired": _("Retired payment terms"),
    "supplier.payment-terms-agreed": _("Agreed on payment terms"),
    "exchange-rate.entered": _("Entered exchange rates"),
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
    "mail.link-sent": _("A mail with a link went out"),
    "mail.link-given-up": _("A mail with a link could not be delivered"),
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
    "service-entry.created": Mark("file-plus"),
    "service-entry.edited": Mark("pencil"),
    "service-entry.submitted": Mark("send"),
    "service-entry.cancelled": Mark("ban", "failed"),
    "service-entry.accepted": Mark("checklist"),
    "service-entry.rejected": Mark("x", "failed"),
    "service-entry.reversed": Mark("arrow-back-up", "failed"),
    "file-import.opened": Mark("upload"),
    "file-import.changed": Mark("pencil"),
    "file-import.started": Mark("clock"),
    "file-import.begun": Mark("loader"),
    "file-import.ended": Mark("checklist"),
    "file-import.cancelled": Mark("ban", "failed"),
    "file-import.discarded": Mark("trash", "failed"),
    "invoice.created": Mark("file-plus"),
    "invoice.submitted": Mark("file-invoice"),
    "invoice.matched": Mark("checklist"),
    "invoice.disputed": Mark("message-report", "failed"),
    "invoice.rejected": Mark("x", "failed"),
    "invoice.settled": Mark("coins"),
    "credit-note.submitted": Mark("receipt-refund"),
    "credit-note.rejected": Mark("x", "failed"),
}
# What happened to no record: requests that were refused, or only read.
READ = "record.read"
ASIDE = frozenset({READ, "access.refused", "data.exported"})


class Outcome(NamedTuple):
    """What became of an act, as the log is searched by it; without `codes` it is everything that no other one names."""

    title: Message
    codes: frozenset[str] = frozenset()


OUTCOMES = {
    "done": Outcome(_("Done")),
    "refused": Outcome(
        _("Refused"),
        frozenset({"access.refused", "access.refused-often", "session.refused", "session.refused-often"}),
    ),
    "read": Outcome(_("Read"), frozenset({READ})),
    "exported": Outcome(_("Taken out"), frozenset({"data.exported", "evidence.exported"})),
}
NOTHING_DONE = frozenset().union(*(outcome.codes for outcome in OUTCOMES.values()))
# They accompany another event of the same moment, which says it all on a timeline.
SILENT = frozenset({"purchase-order.deliveries-promised"}) | ASIDE


def sentence(code: str) -> Message | str:
    """What an event is called for people."""
    return SENTENCES.get(code) or code.replace("-", " ").replace(".", ": ")
