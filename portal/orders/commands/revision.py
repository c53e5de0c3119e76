"""The next revision of an issued order: there is one way to make it, whichever side wanted what is different."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from portal.orders.commands.issue import freeze_revision
from portal.orders.commands.lines import set_totals
from portal.orders.rules import first_wanted
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import Terms
from portal.platform.work import Change


def next_revision(
    change: Change,
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    agreement: Terms,
    split: Mapping[UUID, Sequence[tuple[Decimal, date | None]]] | None = None,
) -> None:
    """Count up, sum up and freeze; the lines are as they are to be, and the caller writes them and the order."""
    order.revision += 1
    set_totals(order, lines)
    order.requested_date = first_wanted(lines)
    freeze_revision(change, order, lines, agreement, split)
