"""What is measured: each criterion, what it means, and how much it weighs until a buyer says otherwise."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from portal.platform.i18n import Message, _


class Criterion(NamedTuple):
    """One measure: its name in full and in a column, what it means, and what the facts behind it show."""

    title: Message
    short: Message
    meaning: Message
    counted: Message
    when: Message
    wanted: Message
    done: Message
    happened: Message | None = None


def _on_time(title: Message, short: Message, meaning: Message) -> Criterion:
    counted, wanted = _("{achieved} of {base} lines"), _("Quantity due")
    return Criterion(title, short, meaning, counted, _("Due"), wanted, _("Come by then"), _("Last delivery"))


CRITERIA: Final[Mapping[str, Criterion]] = MappingProxyType(
    {
        "on_time_requested": _on_time(
            _("On time, in full: as requested"),
            _("As requested"),
            _("All of the quantity had come by the date that the buyer asked for."),
        ),
        "on_time_first_confirmed": _on_time(
            _("On time, in full: as first confirmed"),
            _("As first confirmed"),
            _("All of the quantity had come by the date of the first promise."),
        ),
        "on_time_last_confirmed": _on_time(
            _("On time, in full: as last confirmed"),
            _("As last confirmed"),
            _("All of the quantity had come by the date of the latest promise. Shown, not scored."),
        ),
        "quality": Criterion(
            _("Quality"),
            _("Quality"),
            _(
                "Share of what came that was not rejected. Each order line weighs by the share of it that came, "
                "however it was delivered, so that unlike units are never added."
            ),
            _("Deliveries of lines: {count}"),
            _("Delivered"),
            _("Received quantity"),
            _("Accepted quantity"),
        ),
        "fill_rate": Criterion(
            _("Fill rate"),
            _("Fill rate"),
            _(
                "Share of each line’s ordered quantity that came, whenever it came and never more than all of it; the "
                "figure is the mean of the lines, so that unlike units are never added."
            ),
            _("Mean of {base} lines"),
            _("Due"),
            _("Ordered"),
            _("Came"),
            _("Last delivery"),
        ),
        "responsiveness": Criterion(
            _("Responsiveness"),
            _("Answers"),
            _("Share of the orders that were answered by the time an answer was due."),
            _("{achieved} of {base} orders"),
            _("Answer due"),
            _("Hours given"),
            _("Hours taken"),
            _("Answered"),
        ),
        "price": Criterion(
            _("Invoiced price"),
            _("Invoiced price"),
            _("How far invoices kept to the ordered prices; a lower price counts as kept."),
            _("Invoice lines: {base}"),
            _("Invoiced"),
            _("At ordered price"),
            _("Invoiced amount"),
        ),
        "invoice_accuracy": Criterion(
            _("Invoice accuracy"),
            _("Invoices"),
            _("Share of the invoices that matched at the first attempt."),
            _("{achieved} of {base} invoices"),
            _("Invoiced"),
            _("Differences allowed"),
            _("Differences found"),
        ),
    }
)
# The usual weights, until a buyer sets its own. A date that the supplier moved itself is shown beside the others and
# never scored.
WEIGHTS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "on_time_requested": Decimal(20),
        "on_time_first_confirmed": Decimal(15),
        "on_time_last_confirmed": Decimal(0),
        "quality": Decimal(25),
        "fill_rate": Decimal(10),
        "responsiveness": Decimal(10),
        "price": Decimal(10),
        "invoice_accuracy": Decimal(10),
    }
)
# What a buyer may weigh.
SCORED: Final = tuple(name for name in WEIGHTS if name != "on_time_last_confirmed")


def weights_of(kept: Mapping[str, str] | None) -> Mapping[str, Decimal]:
    """A buyer's weights as they are kept, or the usual ones."""
    return WEIGHTS if kept is None else {name: Decimal(kept.get(name, "0")) for name in WEIGHTS}
