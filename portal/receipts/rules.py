"""Pure rules of receipts: what came of which line of an order and of a delivery."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.decimals import ZERO, difference, total


class Came(NamedTuple):
    """What came of one order line, in its unit; negative where a receipt is undone. `to_replace` of it comes again.

    `field` is the dotted path of the input that said so, for an error message.
    """

    order_id: UUID
    order_line_id: UUID
    despatch_line_id: UUID | None
    accepted: Decimal
    rejected: Decimal
    to_replace: Decimal
    field: str = ""


def arrived(came: Iterable[Came]) -> dict[UUID, Decimal]:
    """How much came of each line of a delivery, accepted or not."""
    sums: dict[UUID, Decimal] = {}
    for each in came:
        if each.despatch_line_id is not None:
            before = sums.get(each.despatch_line_id, ZERO)
            sums[each.despatch_line_id] = total((before, each.accepted, each.rejected))
    return sums


def awaited(line: Any, just_now: Mapping[UUID, Decimal]) -> Decimal:
    """What of a despatch line has not come yet, also counting what came `just_now`; never negative."""
    return max(difference(line.quantity, total((line.received, just_now.get(line.id, ZERO)))), ZERO)


class Share(NamedTuple):
    """A part of what came, and the line of the delivery that it belongs to."""

    line: Any
    accepted: Decimal
    rejected: Decimal


def spread(accepted: Decimal, rejected: Decimal, lines: Sequence[Any], just_now: Mapping[UUID, Decimal]) -> list[Share]:
    """Share what came of one order line among its lines of a delivery (one per batch), in their sequence.

    Each takes what it still awaits, accepted goods first; the last takes what is left, were it too much.
    """
    shares = []
    for line in lines[:-1]:
        room = awaited(line, just_now)
        good = min(accepted, room)
        bad = min(rejected, difference(room, good))
        shares.append(Share(line, good, bad))
        accepted, rejected = difference(accepted, good), difference(rejected, bad)
    shares.append(Share(lines[-1], accepted, rejected))
    return [share for share in shares if share.accepted > ZERO or share.rejected > ZERO]
