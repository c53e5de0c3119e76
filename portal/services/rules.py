"""Pure rules of services: what an amount is in the quantity of its order line."""

from decimal import Decimal
from typing import Any

from portal.platform.decimals import HUNDRED, ZERO, difference, half_up, product, quotient
from portal.platform.money import line_net

MOST_DECIMALS = 6


def net_of(line: Any, quantity: Decimal, currency: str) -> Decimal:
    """What so much of the order line costs, at its price."""
    return line_net(
        line.unit_price,
        quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )


def quantity_of(line: Any, amount: Decimal, currency: str) -> Decimal | None:
    """How much of the order line costs just this amount; None if no quantity of six decimals does.

    A line up to a limit is best ordered with its amount as quantity at a price of 1: then every amount is a quantity.
    """
    price = product(line.unit_price, line.price_factor, quotient(difference(HUNDRED, line.discount), HUNDRED))
    if price <= ZERO:
        return None
    quantity = half_up(quotient(product(amount, line.base_quantity), price), MOST_DECIMALS)
    return quantity if quantity > ZERO and net_of(line, quantity, currency) == amount else None
