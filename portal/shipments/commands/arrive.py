"""What a receipt tells the despatch advice it was booked against."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from portal.platform.decimals import total
from portal.platform.work import Change
from portal.shipments.rules import arrival
from portal.shipments.tables import DespatchAdvice, DespatchLine


def note_arrival(
    change: Change, advice: DespatchAdvice, lines: Sequence[DespatchLine], arrived: Mapping[UUID, Decimal]
) -> None:
    """Keep how much of each line came (negative where a receipt is undone) and how far the advice is.

    `lines` are all lines of the advice, read under its lock; the receipt records the event.
    """
    for line in lines:
        line.received = total((line.received, arrived.get(line.id, Decimal(0))))
    change.write_all(lines)
    advice.receipt_status = arrival(lines)
    change.write(advice)
