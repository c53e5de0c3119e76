"""A supplier's answer beside what was ordered: line by line what differs, and what it does to the money."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec

from portal.orders.forms import OrderLineOut, OrderOut, ResponseOut
from portal.orders.rules import Agreed, agreed, by_line, net_agreed, net_of
from portal.platform.decimals import difference
from portal.platform.money import AmountTooLarge
from portal.platform.totals import Part, totals


class Delivered(msgspec.Struct, frozen=True):
    """One delivery that the supplier offers."""

    quantity: Decimal
    promised_date: date | None


class OfferedLine(msgspec.Struct, kw_only=True):
    """One line: what was ordered and what is offered; `changes` names what differs."""

    line: int
    description: str
    unit: str
    quantity: Decimal
    unit_price: Decimal | None
    requested_date: date | None
    net: Decimal | None
    confirmed: Decimal
    offered_price: Decimal | None
    deliveries: tuple[Delivered, ...]
    offered_net: Decimal | None
    substitute_item: str
    reasons: tuple[str, ...]
    changes: frozenset[str]


class Offer(msgspec.Struct, kw_only=True):
    """A response as a comparison. Sums are None where prices are not to be seen, or beyond any document."""

    response: ResponseOut
    lines: list[OfferedLine]
    as_ordered: int
    ordered: Decimal | None
    offered: Decimal | None

    @property
    def effect(self) -> Decimal | None:
        """By how much the total rises (or falls, below zero) if all of it comes as offered."""
        if self.ordered is None or self.offered is None:
            return None
        return difference(self.offered, self.ordered)


def compare(order: OrderOut, response: ResponseOut, then: Mapping[int, Mapping[str, Any]]) -> Offer:
    """The response against the revision it answers; `then` holds that revision's lines by number."""
    answers = by_line(response.lines)
    seen = [line for line in order.lines if line.quantity is not None]
    compared = [_line(_as_it_was(line, then.get(line.line, {})), answers.get(line.line, ()), order) for line in seen]
    differing = [line for line in compared if line.changes]
    return Offer(
        response=response,
        lines=differing,
        as_ordered=len(compared) - len(differing),
        ordered=_gross(order, [line.net for line in compared]),
        offered=_gross(order, [line.offered_net for line in compared]),
    )


def _as_it_was(line: OrderLineOut, then: Mapping[str, Any]) -> Any:
    """The line with quantity and price of its revision; what was agreed later stands in the present one."""
    now = {name: getattr(line, name) for name in line.__struct_fields__}
    known = ("quantity",) if line.unit_price is None else ("quantity", "unit_price")
    return SimpleNamespace(**(now | {name: Decimal(then[name]) for name in known if name in then}))


def _line(line: Any, answers: Sequence[Any], order: OrderOut) -> OfferedLine:
    offer, seen = agreed(line, answers), line.unit_price is not None
    price = line.unit_price if offer.unit_price is None or not seen else offer.unit_price
    return OfferedLine(
        line=line.line,
        description=line.description,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        requested_date=line.requested_date,
        net=_amount(seen, net_of, line, order.currency),
        confirmed=offer.confirmed,
        offered_price=price,
        deliveries=tuple(Delivered(quantity, day) for quantity, day in offer.deliveries),
        offered_net=_amount(seen, net_agreed, line, offer, order.currency),
        substitute_item=offer.substitute_item,
        reasons=tuple(answer.reason for answer in answers if answer.reason),
        changes=frozenset(_changes(line, price, offer)),
    )


def _changes(line: Any, price: Decimal | None, offer: Agreed) -> set[str]:
    seen = {
        "quantity": offer.confirmed != line.quantity,
        "price": price != line.unit_price,
        "date": any(day != line.requested_date for _quantity, day in offer.deliveries if day),
        "split": len(offer.deliveries) > 1,
        "item": bool(offer.substitute_item),
    }
    return {name for name, differs in seen.items() if differs}


def _amount(seen: bool, reckon: Callable[..., Decimal], *terms: Any) -> Decimal | None:
    """What a line comes to; None where prices are not to be seen, or beyond any document."""
    try:
        return reckon(*terms) if seen else None
    except AmountTooLarge:
        return None


def _gross(order: OrderOut, nets: Sequence[Decimal | None]) -> Decimal | None:
    if order.totals.gross is None or any(net is None for net in nets):
        return None
    parts = [Part(net, line.tax_category, line.tax_rate) for net, line in zip(nets, order.lines, strict=True) if net]
    try:
        return totals(parts, order.currency).gross
    except AmountTooLarge:
        return None
