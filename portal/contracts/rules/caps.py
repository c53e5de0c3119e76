"""How much of a contract is left, and how much of it an order takes."""

from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.decimals import HUNDRED, ZERO, half_up, product, quotient, scale, total
from portal.platform.i18n import Message, _
from portal.platform.units import convert, short

_DECIMALS = 6


class Called(NamedTuple):
    """What a line of an order calls off in all, as the order is now: `net` in the order's currency."""

    line_id: UUID
    line: int
    contract_id: UUID
    item_id: UUID | None
    quantity: Decimal
    unit: str
    net: Decimal


def at_most(agreed: Decimal, allowance: Decimal) -> Decimal:
    """An agreed quantity with the allowance, in percent, on top."""
    return quotient(product(agreed, total((HUNDRED, allowance))), HUNDRED)


def counted(called: Called, unit: str | None) -> Decimal:
    """The quantity in the unit in which a contract counts the item; 0 where it does not. Raises `Incompatible`."""
    exact = ZERO if unit is None else convert(called.quantity, called.unit, unit)
    return exact if scale(exact) <= _DECIMALS else half_up(exact, _DECIMALS)


def beyond_quantity(called: Called, number: str, unit: str, left: Decimal, wanted: Decimal) -> Message:
    return _(
        "Line {line}: {left} {unit} are left under contract {number}, and {wanted} {unit} are wanted. Order less, or "
        "give the line a price of its own: then it is not ordered under the contract.",
        line=called.line,
        left=max(left, ZERO),
        unit=short(unit),
        number=number,
        wanted=wanted,
    )


def beyond_value(contract: Any, left: Decimal, wanted: Decimal) -> Message:
    return _(
        "{left} {currency} are left under contract {number}, and this order takes {wanted} {currency}. Order less, or "
        "order what goes beyond it without the contract.",
        left=max(left, ZERO),
        currency=contract.currency,
        number=contract.number,
        wanted=wanted,
    )
