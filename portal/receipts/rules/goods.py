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
    to_inspect: Decimal = ZERO


def arrived(came: Iterable[Came]) -> dict[UUID, Decimal]:
    """How much came of each line of a delivery, accepted, rejected or to be inspected."""
    sums: dict[UUID, Decimal] = {}
    for each in came:
        if each.despatch_line_id is not None:
            before = sums.get(each.despatch_line_id, ZERO)
            sums[each.despatch_line_id] = total((before, each.accepted, each.rejected, each.to_inspect))
    return sums


def awaited(line: Any, just_now: Mapping[UUID, Decimal]) -> Decimal:
    """What of a despatch line is still to come, also counting what came `just_now`; never negative."""
    gone = total((line.received, line.missing, just_now.get(line.id, ZERO)))
    return max(difference(line.quantity, gone), ZERO)


class Share(NamedTuple):
    """A part of what came, and the line of the delivery that it belongs to."""

    line: Any
    accepted: Decimal
    rejected: Decimal
    to_inspect: Decimal = ZERO


def spread(
    accepted: Decimal,
    rejected: Decimal,
    lines: Sequence[Any],
    just_now: Mapping[UUID, Decimal],
    to_inspect: Decimal = ZERO,
) -> list[Share]:
    """Share what came of one order line among its lines of a delivery (one per batch), in their sequence.

    Each takes what it still awaits, accepted goods first, then those to inspect; the last takes what is left, were it
    too much.
    """
    shares = []
    for line in lines[:-1]:
        room = awaited(line, just_now)
        good = min(accepted, room)
        waits = min(to_inspect, difference(room, good))
        bad = min(rejected, difference(room, total((good, waits))))
        shares.append(Share(line, good, bad, waits))
        accepted, rejected = difference(accepted, good), difference(rejected, bad)
        to_inspect = difference(to_inspect, waits)
    shares.append(Share(lines[-1], accepted, rejected, to_inspect))
    return [share for share in shares if any(part > ZERO for part in share[1:])]
