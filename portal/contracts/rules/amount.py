"""What a contract may come to at most."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.platform.decimals import HUNDRED, ONE, ZERO, product, quotient, total
from portal.platform.money import line_net, round_amount


def most(value_cap: Decimal | None, terms: Iterable[Any], allowance: Decimal, currency: str) -> Decimal:
    """What is called off at most, allowance included: up to that an approver answers for it.

    Of a blanket it is the value cap; of a quantity agreement each item's quantity at its dearest price. Raises
    `AmountTooLarge`.
    """
    base = value_cap if value_cap is not None else _of_quantities(list(terms), currency)
    return round_amount(product(base, total((ONE, quotient(allowance, HUNDRED)))), currency)


def _of_quantities(terms: list[Any], currency: str) -> Decimal:
    dearest: dict[Any, Decimal] = {}
    caps = {term.item_id: term.quantity for term in terms if term.quantity is not None}
    for term in terms:
        net = line_net(term.unit_price, caps.get(term.item_id, ZERO), currency, base_quantity=term.base_quantity or ONE)
        dearest[term.item_id] = max(net, dearest.get(term.item_id, ZERO))
    return total(dearest.values())
