"""How far an order is: what was agreed counts, not what was once wished for."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from portal.orders.rules import statuses


def line(quantity: int, confirmed: int, received: int, *, kind: str = "goods", **others: Any) -> SimpleNamespace:
    """A line of which everything received was accepted and nothing else happened, unless `others` say so."""
    figures = {"quantity": quantity, "confirmed": confirmed, "received": received, "accepted": received}
    figures |= {"despatched": 0, "invoiced": 0, "credited": 0, "returned": 0, "returned_for_replacement": 0} | others
    told = {name: Decimal(value) for name, value in figures.items()}
    return SimpleNamespace(kind=kind, closed_to=told.pop("closed_to", None), **told)


def received(*lines: SimpleNamespace) -> str:
    return statuses(lines).receipt


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
    assert received(line(10, 10, 10), line(5, 5, 2, closed_to=2)) == "complete"


def test_goods_that_were_all_rejected_came_and_are_still_awaited():
    assert received(line(10, 10, 10, accepted=0, returned_for_replacement=10)) == "partial"


def test_goods_that_were_rejected_and_are_not_wanted_again_are_not_waited_for():
    assert received(line(10, 10, 10, accepted=6)) == "complete"


def test_a_charge_is_neither_despatched_nor_received_but_billed():
    goods, charge = line(10, 10, 10, despatched=10, invoiced=10), line(1, 1, 0, kind="charge")
    assert statuses([goods, charge]) == ("complete", "complete", "partial")
    charge.invoiced = Decimal(1)
    assert statuses([goods, charge]).invoice == "complete"


def test_an_order_of_charges_alone_has_nothing_to_deliver():
    assert statuses([line(1, 1, 0, kind="charge", invoiced=1)]) == ("none", "none", "complete")
