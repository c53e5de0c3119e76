"""How far an order is: what was agreed counts, not what was once wished for."""

from decimal import Decimal
from types import SimpleNamespace

from portal.orders.rules import progress


def line(quantity: int, confirmed: int, received: int, *, short_closed: bool = False) -> SimpleNamespace:
    figures = {"quantity": quantity, "confirmed": confirmed, "received": received}
    return SimpleNamespace(short_closed=short_closed, **{name: Decimal(value) for name, value in figures.items()})


def received(*lines: SimpleNamespace) -> str:
    return progress(lines, lambda each: each.received)


def test_before_the_supplier_answers_the_ordered_quantity_is_the_measure():
    assert received(line(10, 0, 0)) == "none"
    assert received(line(10, 0, 8)) == "partial"
    assert received(line(10, 0, 10)) == "complete"


def test_an_order_agreed_at_less_is_complete_when_that_has_come():
    assert received(line(10, 8, 8)) == "complete"
    assert received(line(10, 8, 7)) == "partial"


def test_a_line_that_the_supplier_declined_is_not_waited_for():
    assert received(line(10, 10, 10), line(5, 0, 0)) == "complete"


def test_a_line_closed_short_is_not_waited_for():
    assert received(line(10, 10, 10), line(5, 5, 2, short_closed=True)) == "complete"
