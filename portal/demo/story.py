"""The story: half a year of orders, each a plot that leads as far as it tells.

The plots come from a fixed seed, so every first start tells the same; days count back from today.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from portal.demo.cast import GOODS, SUPPLIERS, Firm, Good
from portal.demo.stage import Stage
from portal.orders import commands as orders
from portal.orders.forms import OrderForm, ResponseForm
from portal.platform.convert import convert

Tell = Callable[[float, str], None]
SEED = 2026


class Plot(NamedTuple):
    """One order: who sells, what, when it was entered (days ago), and how it went."""

    supplier: Firm
    goods: tuple[tuple[Good, int], ...]
    begun: float
    course: str


async def play(stage: Stage, tell: Tell) -> None:
    told = plots()
    for number, plot in enumerate(told):
        tell(number / len(told), f"Orders of {plot.supplier.name}")
        await _play(stage, plot)


def plots() -> list[Plot]:
    """Older orders have come to their end, younger ones stand at every step in between."""
    chance = random.Random(SEED)
    told = []
    for days_ago in range(190, 0, -2):
        supplier = chance.choice(SUPPLIERS)
        sold = [good for good in GOODS if good.supplier == supplier.name]
        goods = chance.sample(sold, k=chance.randint(1, len(sold)))
        lines = tuple((good, good.usual * chance.randint(1, 4) // 2 or 1) for good in goods)
        told.append(Plot(supplier, lines, days_ago + chance.random(), _course(chance, days_ago)))
    return told


def _course(chance: random.Random, days_ago: int) -> str:
    if days_ago > 45:
        return chance.choice(("accepted", "accepted", "accepted", "accepted", "rejected", "cancelled"))
    return chance.choice(
        ("draft", "in_approval", "approved", "issued", "acknowledged", "countered", "accepted", "held")
    )


async def _play(stage: Stage, plot: Plot) -> None:
    """Each verb of the course, in turn, some hours or days after the one before."""
    requester, buyer = stage.people["requester@demo.test"], stage.people["buyer@demo.test"]
    head, desk = stage.people["head-of-purchasing@demo.test"], stage.people[plot.supplier.members[0].email]
    begun = stage.at(plot.begun)
    order = await orders.create(requester, _form(stage, plot, begun))
    steps: dict[str, Callable[[], Any]] = {
        "in_approval": lambda: orders.submit(requester, order.id),
        "approved": lambda: orders.approve(head, order.id),
        "issued": lambda: orders.issue(buyer, order.id),
    }
    for number, (state, act) in enumerate(steps.items(), start=1):
        if plot.course == "draft":
            return
        stage.at(max(plot.begun - number * 0.4, 0.01))
        await act()
        if plot.course == state:
            return
    stage.at(max(plot.begun - 2, 0))
    await _ANSWERS.get(plot.course, _accept)(stage, plot, order, desk, buyer)


def _form(stage: Stage, plot: Plot, begun: Any) -> OrderForm:
    lines = [_line(stage, good, quantity, begun) for good, quantity in plot.goods]
    supplier = stage.organisations[plot.supplier.name]
    return convert(OrderForm, {"supplier_id": str(supplier), "currency": plot.supplier.currency, "lines": lines})


def _line(stage: Stage, good: Good, quantity: int, begun: Any) -> dict[str, Any]:
    item = stage.items[good.number]
    return {
        "item_id": str(item.id),
        "description": good.name,
        "quantity": str(quantity),
        "unit": good.unit,
        "unit_price": good.unit_price,
        "base_quantity": good.base_quantity,
        "requested_date": (begun + timedelta(days=good.lead_time_days + 3)).date().isoformat(),
        "tax_category": item.tax_category,
        "tax_rate": str(item.tax_rate),
    }


async def _accept(_stage: Stage, _plot: Plot, order: Any, desk: Any, _buyer: Any) -> None:
    await orders.respond(desk, order.id, convert(ResponseForm, {"code": "AP"}))


async def _acknowledge(_stage: Stage, _plot: Plot, order: Any, desk: Any, _buyer: Any) -> None:
    await orders.respond(desk, order.id, convert(ResponseForm, {"code": "AB"}))


async def _counter(_stage: Stage, plot: Plot, order: Any, desk: Any, _buyer: Any) -> None:
    good, quantity = plot.goods[0]
    day = (order.requested_date + timedelta(days=9)).isoformat()
    line = {"line": 1, "code": "3", "quantity": str(quantity - quantity // 4), "promised_date": day}
    reason = f"{good.name}: we have less in stock than you need, the rest comes with the next order."
    await orders.respond(desk, order.id, convert(ResponseForm, {"code": "CA", "lines": [line | {"reason": reason}]}))


async def _reject(_stage: Stage, _plot: Plot, order: Any, desk: Any, _buyer: Any) -> None:
    reason = "This article is being replaced; we will offer its successor."
    await orders.respond(desk, order.id, convert(ResponseForm, {"code": "RE", "reason": reason}))


async def _cancel(_stage: Stage, _plot: Plot, order: Any, _desk: Any, buyer: Any) -> None:
    await orders.cancel(buyer, order.id, "The project was put off.")


async def _hold(_stage: Stage, _plot: Plot, order: Any, _desk: Any, buyer: Any) -> None:
    await orders.hold(buyer, order.id, "The drawing is being revised.")


_ANSWERS: dict[str, Callable[..., Any]] = {
    "acknowledged": _acknowledge,
    "countered": _counter,
    "rejected": _reject,
    "cancelled": _cancel,
    "held": _hold,
    "issued": _accept,
}
