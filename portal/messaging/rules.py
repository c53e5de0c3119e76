"""Which event tells whom what: one row a notice, by the event's stable code."""

from datetime import timedelta
from typing import NamedTuple

from portal.platform.i18n import Message, _

STALE = timedelta(days=3)  # what happened longer ago (an outage, an import of history) is news to nobody
GIVEN_UP = timedelta(days=3)  # so long a mail is tried again when nobody takes it
BATCH = 200  # so many mails are looked after in one transaction
LEFT_OVER = timedelta(minutes=30)  # so old is a mail that its own job no longer looks after


class May(NamedTuple):
    """Everybody of that side whom the policy lets do this to the record, scope and limit included."""

    permission: str


class Involved(NamedTuple):
    """The people whose ids stand in these columns of the record."""

    columns: tuple[str, ...]


class Notice(NamedTuple):
    """`side`: people of the record's owner, or of the organisation that it is shown to. `told`: fields of the event.

    A notice that only asks for an act is dropped when the record is no longer in the state `waits`.
    """

    side: str
    to: May | Involved
    subject: Message
    lead: Message
    action: Message
    told: tuple[str, ...] = ()
    waits: str = ""
    template: str = "mails/notice"


_ORDER, _ADVICE, _INVOICE = _("Open the order"), _("Open the despatch advice"), _("Open the invoice")
_STATEMENT, _ENTRY, _CREDIT = _("Open the statement"), _("Open the service entry"), _("Open the credit note")
_AUTHORS, _DESK = Involved(("created_by", "issued_by")), May("orders:respond")
_BILLING = May("invoices:submit")
_CREDITING = May("credit-notes:submit")

NOTICES: dict[str, Notice] = {
    "evidence-file.infected": Notice(
        "owner",
        May("security:configure"),
        _("Infected file: {number}"),
        _("The scanner found something harmful in a file that was attached here. Its bytes are destroyed."),
        _("Open the record"),
        ("finding",),
    ),
    "statement.sent": Notice(
        "reader",
        May("statements:answer"),
        _("Statement {number} from {partner}"),
        _("{partner} tells you what it takes to be open between you. Agree, or say what your books say."),
        _STATEMENT,
        waits="sent",
    ),
    "statement.objected": Notice(
        "owner",
        Involved(("created_by",)),
        _("{partner} objects to statement {number}"),
        _("The supplier’s books say something else."),
        _STATEMENT,
        ("reason",),
    ),
    "purchase-order.submitted": Notice(
        "owner",
        May("orders:approve"),
        _("Order {number} waits for your approval"),
        _("An order to {partner} was submitted. It goes on when somebody approves it."),
        _ORDER,
        waits="in_approval",
    ),
    "purchase-order.returned": Notice(
        "owner",
        Involved(("created_by", "submitted_by")),
        _("Order {number} was returned to you"),
        _("Your order to {partner} was not approved as it is. Change it and submit it again."),
        _ORDER,
        ("reason",),
    ),
    "purchase-order.issued": Notice(
        "reader",
        _DESK,
        _("New order {number} from {partner}"),
        _("{partner} sent you an order and waits for your answer."),
        _ORDER,
        ("response_due_at",),
    ),
    "purchase-order.accepted": Notice(
        "owner",
        _AUTHORS,
        _("{partner} accepted order {number}"),
        _("The order is agreed. You find the promised dates in it."),
        _ORDER,
    ),
    "purchase-order.countered": Notice(
        "owner",
        _AUTHORS,
        _("{partner} answered order {number} with changes"),
        _("Nothing is agreed until you accept or decline the changes."),
        _ORDER,
    ),
    "purchase-order.rejected": Notice(
        "owner",
        _AUTHORS,
        _("{partner} rejected order {number}"),
        _("The supplier will not deliver this order."),
        _ORDER,
        ("reason",),
    ),
    "purchase-order.counter-offer-accepted": Notice(
        "reader",
        _DESK,
        _("Your changes to order {number} were accepted"),
        _("{partner} accepted what you offered. The order is agreed."),
        _ORDER,
    ),
    "purchase-order.counter-offer-declined": Notice(
        "reader",
        _DESK,
        _("Your changes to order {number} were declined"),
        _("{partner} keeps to the order as it was sent, and waits for your answer to it."),
        _ORDER,
        ("reason",),
    ),
    "purchase-order.cancelled": Notice(
        "reader",
        _DESK,
        _("Order {number} was cancelled"),
        _("{partner} cancelled this order. Please do not deliver it."),
        _ORDER,
        ("reason",),
    ),
    "despatch-advice.despatched": Notice(
        "reader",
        May("goods-receipts:create"),
        _("{partner} despatched goods: {number}"),
        _("Goods are on their way to you. Book their receipt when they arrive."),
        _ADVICE,
    ),
    "service-entry.submitted": Notice(
        "reader",
        May("service-entries:decide"),
        _("Service entry {number} from {partner}"),
        _("{partner} tells you what was performed. Accept or reject each line."),
        _ENTRY,
        waits="submitted",
    ),
    "service-entry.accepted": Notice(
        "owner",
        Involved(("submitted_by",)),
        _("Services of {number} were accepted"),
        _("{partner} accepted what you entered. You may invoice it."),
        _ENTRY,
    ),
    "service-entry.rejected": Notice(
        "owner",
        Involved(("submitted_by",)),
        _("Services of {number} were rejected"),
        _("{partner} does not accept what you entered. You may enter it again as it should be."),
        _ENTRY,
        ("reason",),
    ),
    "service-entry.reversed": Notice(
        "owner",
        Involved(("submitted_by",)),
        _("The acceptance of {number} was reversed"),
        _("{partner} took its acceptance back. These services count as not performed."),
        _ENTRY,
    ),
    "invoice.submitted": Notice(
        "reader",
        May("invoices:approve"),
        _("New invoice {number} from {partner}"),
        _("{partner} sent you an invoice. See how it matches, then approve or dispute it."),
        _INVOICE,
    ),
    "invoice.approved": Notice(
        "owner",
        _BILLING,
        _("Invoice {number} was approved"),
        _("{partner} approved your invoice. You find its due date on its page."),
        _INVOICE,
    ),
    "invoice.disputed": Notice(
        "owner",
        _BILLING,
        _("Invoice {number} is disputed"),
        _("{partner} does not agree with your invoice yet."),
        _INVOICE,
        ("reason",),
    ),
    "invoice.rejected": Notice(
        "owner",
        _BILLING,
        _("Invoice {number} was rejected"),
        _("{partner} will not pay this invoice. You may send another one."),
        _INVOICE,
        ("reason",),
    ),
    "credit-note.submitted": Notice(
        "reader",
        May("credit-notes:approve"),
        _("Credit note {number} from {partner}"),
        _("{partner} gives back what an invoice billed. Approve it, or say what is wrong."),
        _CREDIT,
        waits="submitted",
    ),
    "credit-note.approved": Notice(
        "owner",
        _CREDITING,
        _("Credit note {number} was approved"),
        _("{partner} approved your credit note."),
        _CREDIT,
    ),
    "credit-note.rejected": Notice(
        "owner",
        _CREDITING,
        _("Credit note {number} was rejected"),
        _("{partner} rejected your credit note. What it gave back counts as billed again."),
        _CREDIT,
        ("reason",),
    ),
}


def one_line(text: str) -> str:
    """The text as a header of a mail can carry it: one line of printable signs."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
