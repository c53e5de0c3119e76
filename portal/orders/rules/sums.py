"""What lines and orders cost (EN 16931): as they are ordered, as they would be agreed, and at most without asking."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portal.orders.rules.answers import Agreed
from portal.orders.rules.progress import wanted
from portal.platform.decimals import ZERO
from portal.platform.money import LIMIT, AmountTooLarge, line_net
from portal.platform.tolerance import Tolerance, ceiling
from portal.platform.totals import Part, Totals, totals


def net_of(line: Any, currency: str) -> Decimal:
    """BT-131 of an order line: price ÷ base quantity × quantity (in price units), less the discount."""
    return _net(line, line.unit_price, line.quantity, currency)


def net_agreed(line: Any, offer: Agreed, currency: str) -> Decimal:
    """The same of what is offered; 0 of a line that is not taken."""
    price = line.unit_price if offer.unit_price is None else offer.unit_price
    return _net(line, price, offer.confirmed, currency) if offer.confirmed > ZERO else ZERO


def departs(line: Any) -> bool:
    """Whether a line costs another price than the contract had for it when it was entered."""
    asked = line.contract_price
    return asked is not None and (line.unit_price != asked or bool(line.discount))


def net_wanted(line: Any, quantity: Decimal, currency: str) -> Decimal:
    """What so much of a line costs."""
    return _net(line, line.unit_price, quantity, currency) if quantity > ZERO else ZERO


def totals_of(lines: Iterable[Any], currency: str) -> Totals:
    return totals([Part(line.net, line.tax_category, line.tax_rate) for line in lines], currency)


def first_wanted(lines: Iterable[Any]) -> date | None:
    """The first day on which anything of an order is wanted."""
    return min((line.requested_date for line in lines if line.requested_date and line.closed_to != ZERO), default=None)


def gross_agreed(lines: Sequence[Any], offers: Sequence[Agreed], currency: str) -> Decimal:
    """What the order comes to if all of the offers are agreed on; raises `AmountTooLarge`."""
    pairs = zip(lines, offers, strict=True)
    parts = [Part(net_agreed(line, offer, currency), line.tax_category, line.tax_rate) for line, offer in pairs]
    return totals(parts, currency).gross


def gross_at_most(lines: Sequence[Any], currency: str, tolerance: Callable[..., Tolerance]) -> Decimal | None:
    """What the order comes to at the far end of the buyer's tolerances for quantity and price; None without an end.
    `tolerance` is asked with the step, and what is said nearest to the line.

    Up to there an approval of the order carries whatever is agreed on later.
    """
    parts = []
    try:
        for line, each in wanted(lines):
            most = ceiling(each, tolerance("confirm_quantity", line.tolerances))
            dearest = ceiling(line.unit_price, tolerance("confirm_price", line.tolerances))
            if most is None or dearest is None:
                return None
            net = _net(line, dearest, most, currency) if each > ZERO else ZERO
            parts.append(Part(net, line.tax_category, line.tax_rate))
        return totals(parts, currency).gross
    except AmountTooLarge:
        return LIMIT


def _net(line: Any, price: Decimal, quantity: Decimal, currency: str) -> Decimal:
    return line_net(
        price,
        quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )
