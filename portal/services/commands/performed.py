"""What may be entered: the order lines behind a form, or everything that speaks against it at once."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from portal.orders.commands import OverTolerance, over
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change
from portal.services import queries
from portal.services.forms import ServiceEntryForm, ServiceLineForm
from portal.services.queries import ServiceLine
from portal.services.rules import net_of, quantity_of

# Somewhere it is tomorrow already.
_EARLIEST_ZONE = timedelta(hours=14)


class Performed(NamedTuple):
    """One line of an entry to be: of which order line, how much, what it costs, and what was done."""

    of: ServiceLine
    quantity: Decimal
    net: Decimal
    text: str


async def performed_of(change: Change, form: ServiceEntryForm) -> list[Performed]:
    """What the form says, line by line; refuses what is not the supplier's, not open, not past, or too much."""
    known = await queries.services(change, [line.order_line_id for line in form.lines])
    errors = []
    if form.performed_until > (change.now + _EARLIEST_ZONE).date():
        errors.append(FieldError("performed_until", _("What is still to come cannot have been performed.")))
    done: list[Performed] = []
    for number, line in enumerate(form.lines):
        of = known.get(line.order_line_id)
        if of is None or of.order_id != form.order_id:
            message = _("This is not a service of this order.")
            errors.append(FieldError(f"lines.{number}.order_line_id", message))
        elif of.not_before is not None and form.performed_from < of.not_before:
            errors.append(FieldError("performed_from", _too_early(of)))
        elif isinstance(each := _performed(line, of), Message):
            errors.append(FieldError(f"lines.{number}.amount", each))
        else:
            done.append(each)
    if errors:
        raise Invalid(errors=errors)
    if obstacle := done[0].of.obstacle:
        raise Conflict(obstacle, subject_id=form.order_id)
    if over := list(_over(done)):
        raise OverTolerance(over, form.order_id)
    return done


def _too_early(of: ServiceLine) -> Message:
    return _(
        "Order {number} was issued on {day}: its services cannot have begun before.",
        number=of.order_number,
        day=of.not_before,
    )


def _performed(line: ServiceLineForm, of: ServiceLine) -> Performed | Message:
    quantity = line.quantity
    if line.amount is not None:
        quantity = quantity_of(of, line.amount, of.currency)
    if quantity is None:
        return _("No quantity of this line costs just that. Enter the quantity instead.")
    return Performed(of, quantity, net_of(of, quantity, of.currency), line.text or "")


def _over(done: list[Performed]) -> Iterator[FieldError]:
    """Say at once what the ledger would refuse on acceptance; the ledger alone decides then."""
    for number, (of, quantity, _net, _text) in enumerate(done):
        if message := over(of, "accepted", quantity):
            yield FieldError(f"lines.{number}.quantity", message)
