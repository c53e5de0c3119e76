"""Booking in the ledgers of several orders at once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.orders.commands.ledger import Movement, OverTolerance, book
from portal.orders.rules import went_back
from portal.orders.tables import PurchaseOrderLine
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


async def went_back_of(change: Change, credited: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """How much of what is credited of each line had come and went back. Locks the orders, as the booking does that
    follows."""
    sql = "select o.id from purchase_order o where o.id in ({lines}) order by o.id for update"
    lines = "select order_id from purchase_order_line where id = any($1)"
    await change.fetch(sql.format(lines=lines), list(credited))
    ledger = await change.fetch("select * from purchase_order_line where id = any($1)", list(credited))
    return {line.id: went_back(line, credited[line.id]) for line in map(PurchaseOrderLine.of, ledger)}
