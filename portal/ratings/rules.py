"""What may be rated, until when, and of how many people an average speaks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from portal.platform.i18n import Message, _

# What is asked besides the stars on the whole; each may be left out by who cannot say.
ASPECTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "as_agreed": _("Goods or services as agreed"),
        "communication": _("Communication"),
        "handling": _("Ease of handling"),
    }
)
MOST_STARS: Final = 5
STARS: Final[Mapping[int, Message]] = MappingProxyType(
    {
        5: _("5 – very good"),
        4: _("4 – good"),
        3: _("3 – fair"),
        2: _("2 – poor"),
        1: _("1 – very poor"),
    }
)
# Of fewer people an average would tell what one of them said.
LEAST_RATERS: Final = 3
CHANGEABLE: Final = timedelta(days=30)


def is_finished(order: Any) -> bool:
    """Whether all came that was to come, or the order was closed."""
    return order.issued_at is not None and (order.state == "closed" or order.receipt_status == "complete")


def against_rating(order: Any) -> Message | None:
    """What keeps an order from being rated."""
    if is_finished(order):
        return None
    return _("An order is rated once all of it was received, or once it is closed.")


def changeable_until(given_at: datetime) -> datetime:
    return given_at + CHANGEABLE


def against_changing(given_at: datetime, now: datetime) -> Message | None:
    """What keeps a rating from being changed."""
    if now <= changeable_until(given_at):
        return None
    return _("A rating can be changed for {n} days. After that it stays what it is.", n=CHANGEABLE.days)
