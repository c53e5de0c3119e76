"""The lives of invoices and credit notes; what the supplier is told of it in codes (UNCL 4343, as Peppol uses them)."""

from enum import StrEnum

from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    """States of an invoice. Whether it matches order and delivery is separate."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    SETTLED = "settled"


NAMES: dict[str, Message] = {
    S.DRAFT: _("Draft"),
    S.SUBMITTED: _("Submitted"),
    S.APPROVED: _("Approved"),
    S.DISPUTED: _("Disputed"),
    S.REJECTED: _("Rejected"),
    S.SETTLED: _("Paid"),
}
UNDECIDED = (S.SUBMITTED, S.DISPUTED)

INVOICE = StateTable(
    _("invoice"),
    NAMES,
    [
        # verb     from            to           permission
        Transition("submit", (S.DRAFT,), S.SUBMITTED, "invoices:submit"),
        Transition("approve", UNDECIDED, S.APPROVED, "invoices:approve"),
        Transition("dispute", (S.SUBMITTED,), S.DISPUTED, "invoices:dispute"),
        Transition("reject", UNDECIDED, S.REJECTED, "invoices:reject"),
        Transition("pay", (S.APPROVED,), S.APPROVED, "invoices:settle"),
        Transition("settle", (S.APPROVED,), S.SETTLED, "invoices:settle"),
        Transition("cover", (*UNDECIDED, S.APPROVED), S.SETTLED, "invoices:approve"),
        Transition("reverse", (S.APPROVED, S.SETTLED), S.APPROVED, "invoices:settle"),
    ],
    of="invoice",
)


class C(StrEnum):
    """States of a credit note."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SETTLED = "settled"


CREDIT_NAMES: dict[str, Message] = {
    C.DRAFT: _("Draft"),
    C.SUBMITTED: _("Submitted"),
    C.APPROVED: _("Approved"),
    C.REJECTED: _("Rejected"),
    C.SETTLED: _("Settled"),
}

CREDIT = StateTable(
    _("credit note"),
    CREDIT_NAMES,
    [
        # verb     from            to           permission
        Transition("submit", (C.DRAFT,), C.SUBMITTED, "credit-notes:submit"),
        Transition("approve", (C.SUBMITTED,), C.APPROVED, "credit-notes:approve"),
        Transition("reject", (C.SUBMITTED,), C.REJECTED, "credit-notes:reject"),
        Transition("settle", (C.APPROVED,), C.SETTLED, "credit-notes:settle"),
        Transition("absorb", (C.SUBMITTED, C.APPROVED), C.SETTLED, "credit-notes:approve"),
        Transition("free", (C.SETTLED,), C.APPROVED, "credit-notes:settle"),
    ],
    of="credit_note",
)

STATUS_CODES = {S.SUBMITTED: "AB", S.DISPUTED: "UQ", S.REJECTED: "RE", S.APPROVED: "AP", S.SETTLED: "PD"}
CODE_NAMES: dict[str, Message] = {
    "AB": _("Invoice received"),
    "IP": _("In process"),
    "UQ": _("Under query"),
    "RE": _("Rejected"),
    "AP": _("Approved for payment"),
    "PD": _("Paid"),
}


def status_code(state: str, match_state: str) -> str | None:
    """What the supplier is told: nothing of a draft; IP instead of AB while somebody must decide on differences."""
    if state == S.SUBMITTED and match_state == "exceptions":
        return "IP"
    return STATUS_CODES.get(S(state))
