"""“When will I be paid?” always has a date, or names what stands in the way and with whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.invoicing.rules.terms import reason, terms_of
from portal.platform.i18n import Message, _

KINDS: dict[str, Message] = {
    "quantity": _("quantity"),
    "migrated": _("quantities taken over from another system"),
    "price": _("price"),
    "tax": _("tax"),
    "charge": _("a charge that was not agreed"),
    "total": _("total amount"),
    "terms": _("payment terms"),
    "prepaid": _("an amount that is said to be paid already"),
}
OWNER_NAMES: dict[str, Message] = {
    "buyer": _("purchasing"),
    "payable": _("accounts payable"),
    "billing": _("billing"),
    "receiver": _("goods receipt"),
}


# What an approved invoice waits for whose terms have not begun to count, and which role it is with.
AWAITED: dict[str, tuple[Message, str]] = {
    "goods_receipt": (_("It is due as soon as all its goods came: {reason}."), "receiver"),
    "acceptance": (_("It is due as soon as everything of it was accepted: {reason}."), "receiver"),
    "statement": (_("It is due as soon as a statement of account tells of it: {reason}."), "payable"),
}


class Outlook(NamedTuple):
    """The day payment is due or was made; or what it waits for, and which role has to move."""

    day: date | None
    blocker: Message | None = None
    owner: str | None = None


def outlook(invoice: Any, open_exceptions: Sequence[Any], held_until: date | None, today: date) -> Outlook:
    """What the supplier can expect now. `held_until` is the last day of the buyer's hold on payments to this supplier;
    one that ended before `today`, or ends before the payment is due, stands in nobody's way."""
    buyer, due_reason = invoice.buyer_name, reason(terms_of(invoice))
    held = held_until is not None and held_until >= max(today, invoice.payable_on)
    match invoice.state:
        case "settled":
            return Outlook(invoice.settled_on)
        case "approved" if held:
            return Outlook(None, _("{buyer} holds payments until {day}.", buyer=buyer, day=held_until), "payable")
        case "approved" if invoice.terms_due is None:
            text, owner = AWAITED[terms_of(invoice).base]
            return Outlook(None, Message(text.text, {"reason": due_reason}), owner)
        case "approved":
            return Outlook(invoice.payable_on)
        case "draft":
            return Outlook(None, _("You have not submitted this invoice yet."), "billing")
        case "rejected":
            return Outlook(
                None, _("{buyer} rejected it: {reason}", buyer=buyer, reason=invoice.reason or "–"), "billing"
            )
        case "disputed":
            return Outlook(
                None, _("{buyer} disputes it: {reason}", buyer=buyer, reason=invoice.reason or "–"), "billing"
            )
    return _undecided(invoice, open_exceptions)


ANSWERED: dict[str, tuple[Message, str]] = {
    "corrected_invoice": (_("{buyer} asks for a corrected invoice: {reason}"), "billing"),
    "credit_note": (_("{buyer} asks for a credit note: {reason}"), "billing"),
    "reject_line": (
        _("{buyer} rejects line {line}, and waits for a credit note or a corrected invoice: {reason}"),
        "billing",
    ),
    "wait": (_("{buyer} waits for the receipt of what is billed: {reason}"), "receiver"),
}


def _undecided(invoice: Any, open_exceptions: Sequence[Any]) -> Outlook:
    buyer = invoice.buyer_name
    if answered := [each for each in open_exceptions if each.answer]:
        first = min(answered, key=lambda each: ANSWERED[each.answer][1] != "billing")
        text, owner = ANSWERED[first.answer]
        told = {"buyer": buyer, "reason": first.answer_reason, "line": first.line or ""}
        return Outlook(None, Message(text.text, told), owner)
    if not open_exceptions and invoice.match_state == "resolved":
        text = _("Its differences are accepted. It waits for approval by accounts payable of {buyer}.", buyer=buyer)
        return Outlook(None, text, "payable")
    if not open_exceptions:
        return Outlook(
            None, _("It matches and waits for approval by accounts payable of {buyer}.", buyer=buyer), "payable"
        )
    kinds = Named([KINDS[kind] for kind in dict.fromkeys(each.kind for each in open_exceptions)])
    owners = list(dict.fromkeys(each.owner_role for each in open_exceptions))
    names = Named([OWNER_NAMES[owner] for owner in owners])
    text = _("It differs from order or delivery ({kinds}). {buyer} has to decide on it: {owners}.")
    return Outlook(None, Message(text.text, {"kinds": kinds, "buyer": buyer, "owners": names}), owners[0])


class Named:
    """Names joined when shown, in the reader's language."""

    def __init__(self, names: Sequence[Message]) -> None:
        self.names = names

    def __format__(self, _spec: str) -> str:
        return ", ".join(map(str, self.names))
