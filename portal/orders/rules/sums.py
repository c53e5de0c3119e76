"""What lines and orders cost (EN 16931)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.platform.money import line_net
from portal.platform.totals import Part, Totals, totals


def net_of(line: Any, currency: str) -> Decimal:
    """BT-131 of an order line: price ÷ base quantity × quantity (in price units), less the discount."""
    return line_net(
        line.unit_price,
        line.quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )


def totals_of(lines: Iterable[Any], currency: str) -> Totals:
    return totals([Part(line.net, line.tax_category, line.tax_rate) for line in lines], currency)
