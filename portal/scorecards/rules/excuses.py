"""What a supplier is not blamed for: which facts can be excused, and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.platform.i18n import Message, _

# The part of what happened that a criterion's facts are about: an excuse covers all criteria of its part.
PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "on_time_requested": "delivery",
        "on_time_first_confirmed": "delivery",
        "on_time_last_confirmed": "delivery",
        "fill_rate": "delivery",
        "quality": "quality",
        "responsiveness": "answer",
        "price": "price",
        "invoice_accuracy": "invoice",
    }
)
ABOUT: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "delivery": _("Delivery of a line: punctuality and fill rate"),
        "quality": _("Quality of what one receipt brought"),
        "answer": _("Answer to an order"),
        "price": _("Price on an invoice"),
        "invoice": _("First match of an invoice"),
    }
)
# Reasons that the facts say by themselves: nobody asks for them, and nobody grants them.
OF_ITSELF: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "short_notice": _("Asked for sooner than the lead time allows"),
        "held": _("The buyer had the order on hold"),
    }
)
CODES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "buyer_change": _("The buyer’s own change or delay"),
        "carrier": _("The carrier that the buyer chose"),
        "force_majeure": _("Force majeure"),
        "other": _("Another reason"),
    }
)
