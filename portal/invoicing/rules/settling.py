"""When an invoice is settled: what comes off it, what its credit notes are needed for, the discount for paying soon."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portal.invoicing.rules.terms import Discount
from portal.platform.decimals import ZERO, difference, total


def owed(due: Decimal, paid: Decimal, notes: Iterable[Any]) -> Decimal:
    """What is left to pay of an invoice that asks for `due`; less than nothing where its credit notes give back more.

    A credit note that is settled took off what was set off of it, one that is agreed to takes off all of it.
    """
    came_off = total(note.set_off if note.state == "settled" else note.due for note in notes)
    return difference(difference(due, paid), came_off)


def needed(notes: Iterable[Any], beyond: Decimal) -> list[tuple[Any, Decimal]]:
    """How much of each agreed credit note lowers the invoice, if they give back so much more than it asks for.

    The oldest are taken up first; the rest of the others is the supplier's debt.
    """
    agreed = sorted((note for note in notes if note.state == "approved"), key=lambda note: (note.issue_date, note.id))
    wanted = difference(total(note.due for note in agreed), beyond)
    shares = []
    for note in agreed:
        share = min(note.due, max(wanted, ZERO))
        wanted = difference(wanted, share)
        shares.append((note, share))
    return shares


def discount_taken(
    steps: Sequence[Discount], left: Decimal, paid: Decimal, now: Decimal, days: Iterable[date | None]
) -> Decimal:
    """What a payment of `now` after `paid` keeps back: the rest, if both come to what a step of the terms asks for.

    `days` are those on which it was paid, now and before; all lie within the days of that step.
    """
    last = max(day for day in days if day is not None)
    taken = any(step.until and last <= step.until and total((paid, now)) == step.amount for step in steps)
    return difference(left, now) if taken else ZERO
