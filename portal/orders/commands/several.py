"""Booking in the ledgers of several orders at once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from portal.orders.commands.ledger import Movement, OverTolerance, book
from portal.platform.problems import FieldError
from portal.platform.work import Change


class Booked(NamedTuple):
    """The rows of an order and of all its lines, as they are after the booking."""

    order: Any
    lines: Sequence[Any]


async def book_each(
    change: Change, movements: Mapping[UUID, Sequence[Movement]], *, also_closed: bool = False
) -> dict[UUID, Booked]:
    """Book each order's movements, always in the sequence of their ids: two acts at once never wait for each other.

    Raises what `book` raises; every line over its ceiling is named, whichever order it is of.
    """
    booked: dict[UUID, Booked] = {}
    errors: list[FieldError] = []
    for order_id in sorted(movements):
        try:
            booked[order_id] = Booked(*await book(change, order_id, movements[order_id], also_closed=also_closed))
        except OverTolerance as refusal:
            errors += refusal.errors
    if errors:
        raise OverTolerance(errors, min(movements))
    return booked
