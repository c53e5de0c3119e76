"""What mails tell of each kind of record, and where they lead."""

from typing import NamedTuple

from portal.platform.i18n import Message, _


class Record(NamedTuple):
    """A kind of record as mails need it: where it is kept, where people open it, and what they are told of it.

    `told` are columns of it, `priced` those for who may see prices; `lines` gives quantity, unit, description and,
    where lines have prices, net of the lines of `$1`, `is_money` where a quantity may be an amount of money, and
    `order_number` where they may belong to several orders. `opens` is the column of the id in the address.
    """

    table: str
    href: str
    told: tuple[str, ...]
    lines: str = ""
    priced: tuple[str, ...] = ()
    opens: str = "id"


RECORDS: dict[str, Record] = {
    "purchase-order": Record(
        "purchase_order",
        "/orders/{id}",
        ("number", "partner", "requester", "requested_date"),
        "select quantity, unit, description, net, kind = 'limit' and unit_price = base_quantity as is_money "
        "from purchase_order_line where order_id = $1 order by line",
        ("gross",),
    ),
    "contract": Record("contract", "/contracts/{id}", ("number", "partner", "title", "valid_to"), priced=("gross",)),
    "signing": Record("signing", "/signings/{id}", ("title", "partner")),
    "signatory": Record("signatory", "/signings/{id}", ("partner",), opens="signing_id"),
    "debit-note": Record(
        "debit_note", "/debit-notes/{id}", ("number", "partner", "order_number", "delivered_on"), priced=("amount",)
    ),
    "order-change": Record("order_change", "/order-changes/{id}", ("number", "partner"), priced=("gross",)),
    "despatch-advice": Record(
        "despatch_advice",
        "/despatch-advices/{id}",
        ("number", "orders", "partner", "carrier", "tracking_number", "expected_date"),
        "select quantity, unit, description, order_number from despatch_line where advice_id = $1 order by position",
    ),
    "invoice": Record(
        "invoice",
        "/invoices/{id}",
        ("number", "partner", "order_number", "issue_date", "due_date"),
        "select quantity, unit, description, net from invoice_line where invoice_id = $1 order by line",
        ("gross",),
    ),
    "service-entry": Record(
        "service_entry",
        "/service-entries/{id}",
        ("number", "partner", "order_number", "performed_until"),
        "select quantity, unit, description, net, kind = 'limit' and net = quantity as is_money "
        "from service_entry_line where entry_id = $1 order by position",
    ),
    "credit-note": Record(
        "credit_note",
        "/credit-notes/{id}",
        ("number", "partner", "invoice_number", "issue_date"),
        "select quantity, unit, description, net from credit_note_line where credit_note_id = $1 order by line",
        ("gross",),
    ),
    "supplier": Record("trading_relationship", "/suppliers", ("partner",)),
    "invitation": Record("invitation", "/people/invitations", ("email",)),
    "see-as": Record("see_as", "/see-as/{id}", ()),
    "break-glass": Record("emergency_access", "/emergency-access/{id}", ("number", "requester", "minutes")),
    "access-review": Record("portal.access_review_waiting", "/access-reviews/{id}", ("number", "due_at")),
    "setting": Record("setting_version", "/settings/versions/{id}", ("subject_name", "effective_from")),
    "alert": Record("alert", "/alerts/{id}", ("about",)),
    "bank-account": Record("bank_account", "/bank-accounts/{id}", ("number", "holder")),
    "bank-approval": Record("bank_approval", "/supplier-accounts/{id}", ("number", "partner")),
    "evidence-file": Record("evidence_file", "/files/{id}/record", ("record_number", "partner")),
    "statement": Record("statement", "/statements/{id}", ("number", "partner", "as_of")),
}
MOST_LINES = 5
TOLD: dict[str, Message] = {
    "number": _("Number"),
    "email": _("E-mail"),
    "title": _("Title"),
    "valid_to": _("Valid to"),
    "holder": _("Account holder"),
    "about": _("About"),
    "payable_from": _("May be paid from"),
    "requester": _("Requested by"),
    "order_number": _("Order"),
    "record_number": _("Record"),
    "orders": _("Orders"),
    "carrier": _("Carrier"),
    "tracking_number": _("Tracking number"),
    "requested_date": _("Wanted by"),
    "expected_date": _("Expected on"),
    "performed_until": _("Performed until"),
    "minutes": _("Minutes"),
    "due_at": _("Last moment"),
    "issue_date": _("Dated"),
    "invoice_number": _("Invoice"),
    "due_date": _("Due date"),
    "as_of": _("As of"),
    "gross": _("Total"),
    "amount": _("Amount"),
    "delivered_on": _("Delivered"),
    "response_due_at": _("Please answer by"),
    "line": _("Line"),
    "description": _("Description"),
    "reason": _("Reason"),
    "revision": _("Revision"),
    "until": _("Until the end of"),
    "subject_name": _("Of"),
    "effective_from": _("Holds from"),
    "message": _("Message"),
    "finding": _("What the scanner found"),
    "comment": _("Comment"),
    "deliverable": _("Deliverable"),
}
PARTNER = {True: _("Supplier"), False: _("Customer")}
