"""What keeps a receipt or an acceptance from being undone: something rests on it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.platform.decimals import difference
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.units import short


class NotUndone(Conflict):
    """Something rests on the record; `errors` names each line."""

    def __init__(self, errors: list[FieldError], subject_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=subject_id)
        self.errors = tuple(errors)


class InvoicedAlready(NotUndone):
    """Less would have come, or been accepted, than the supplier has invoiced by it."""

    title = _("This was invoiced already")


def require_not_billed(lines: Sequence[Any], subject_id: UUID) -> None:
    """Refuse if more of these order lines, as the ledger has them now, went back than would have come, or is invoiced
    than would remain to be paid.

    `subject_id` is the record that is undone.
    """
    if gone := [line for line in lines if line.returned > line.received]:
        text = _("Line {line}: goods of it went back already, and were credited.")
        errors = [FieldError("", Message(text.text, {"line": line.line})) for line in gone]
        raise NotUndone(errors, subject_id)
    errors = [
        FieldError(
            "",
            _(
                "Line {line}: {invoiced} {unit} are invoiced already, and only {left} would remain to be paid. "
                "Ask the supplier for a credit note first.",
                line=line.line,
                invoiced=difference(line.invoiced, line.credited),
                unit=short(line.unit),
                left=_counting(line),
            ),
        )
        for line in lines
        if line.match_basis != "two_way" and _counting(line) < difference(line.invoiced, line.credited)
    ]
    if errors:
        raise InvoicedAlready(errors, subject_id)


def _counting(line: Any) -> Decimal:
    """What came of a line and did not go back; where invoices are matched with the order alone, none of it counts."""
    if line.match_basis == "three_way":
        return difference(difference(line.received, line.returned_for_replacement), line.returned)
    return difference(line.accepted, line.returned)
