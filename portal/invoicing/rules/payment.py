"""“When will I be paid?” always has a date, or names what stands in the way and with whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.platform.i18n import Message, _

KINDS: dict[str, Message] = {
    "quantity": _("quantity"),
    "price": _("price"),
    "tax": _("tax"),
    "charge": _("a charge that was not agreed"),
    "total": _("total amount"),
}
OWNER_NAMES: dict[str, Message] = {
    "receiver": _("goods receiving"),
    "buyer": _("purchasing"),
    "payable": _("accounts payable"),
    "billing": _("billing"),
}


class Outlook(NamedTuple):
    """The day payment is due or was made; or what it waits for, and which role has to move."""

    day: date | None
    blocker: Message | None = None
    owner: str | None = None


def outlook(invoice: Any, open_exceptions: Sequence[Any], held_until: date | None) -> Outlook:
    """What the supplier can expect now; `held_until` is the buyer's hold on payments to this supplier."""
    buyer = invoice.buyer_name
    match invoice.state:
        case "settled":
            return Outlook(invoice.settled_on)
        case "approved" if held_until is not None and held_until >= invoice.due_date:
            return Outlook(None, _("{buyer} holds payments until {day}.", buyer=buyer, day=held_until), "payable")
        case "approved":
            return Outlook(invoice.due_date)
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
    return _undecided(buyer, open_exceptions)


def _undecided(buyer: str, open_exceptions: Sequence[Any]) -> Outlook:
    if not open_exceptions:
        return Outlook(
            None, _("It matches and waits for approval by accounts payable of {buyer}.", buyer=buyer), "payable"
        )
    kinds = _Named([KINDS[kind] for kind in dict.fromkeys(each.kind for each in open_exceptions)])
    owners = list(dict.fromkeys(each.owner_role for each in open_exceptions))
    names = _Named([OWNER_NAMES[owner] for owner in owners])
    text = _("It differs from order or delivery ({kinds}). {buyer} has to look at it: {owners}.")
    return Outlook(None, Message(text.text, {"kinds": kinds, "buyer": buyer, "owners": names}), owners[0])


class _Named:
    """Names joined when shown, in the reader's language."""

    def __init__(self, names: Sequence[Message]) -> None:
        self.names = names

    def __format__(self, _spec: str) -> str:
        return ", ".join(map(str, self.names))
