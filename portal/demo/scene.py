"""One order on the stage: where it stands, whose turn it is, and what day it is in the story."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from portal.demo.cast import Firm, Good
from portal.demo.stage import Stage
from portal.orders.forms import OrderOut
from portal.orders.queries import order_out
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing

SHORTLY_BEFORE_NOW = 0.02


class Plot(NamedTuple):
    """One order: who sells, what and how much, when it was entered (days ago), and how it goes."""

    supplier: Firm
    goods: tuple[tuple[Good, int], ...]
    begun: float
    course: str


class Scene:
    """The order of one plot. Steps read and act through it; `wait` lets days pass, never beyond today."""

    def __init__(self, stage: Stage, plot: Plot) -> None:
        self.stage = stage
        self.plot = plot
        self.days_ago = plot.begun
        self.order_id: Any = None
        self.advice_id: Any = None
        self.invoice_id: Any = None
        self.credit_id: Any = None
        self.entry_id: Any = None
        self.receipt_id: Any = None
        self.change_id: Any = None
        self.invoices = 0
        stage.at(self.days_ago)

    def wait(self, days: float) -> None:
        self.days_ago = max(self.days_ago - days, SHORTLY_BEFORE_NOW)
        self.stage.at(self.days_ago)

    def wait_until(self, day: Any, *, late: float = 0) -> None:
        """Until the morning of a day of the story, or some days after it."""
        moment = datetime.combine(day, datetime.min.time(), self.stage.now.tzinfo) + timedelta(days=late, hours=8)
        self.wait(max(self.days_ago - (self.stage.now - moment) / timedelta(days=1), 0.1))

    @property
    def today(self) -> datetime:
        return self.stage.now - timedelta(days=self.days_ago)

    def buyer_side(self, name: str) -> Actor:
        return self.stage.people[f"{name}@demo.test"]

    @property
    def desk(self) -> Actor:
        """The supplier's person, who answers, ships and bills."""
        return self.stage.people[self.plot.supplier.members[0].email]

    async def order(self) -> OrderOut:
        async with viewing(self.buyer_side("auditor")) as view:
            return await order_out(view, self.order_id)

    async def lines(self) -> list[Any]:
        return (await self.order()).lines


def form(struct: Any, /, **body: Any) -> Any:
    """A form as a client would have sent it."""
    return convert(struct, {name: value for name, value in body.items() if value is not None})


def part(quantity: Decimal, percent: int) -> Decimal:
    """A whole number of pieces: some percent, at least one."""
    return max((quantity * percent / 100).to_integral_value(), Decimal(1))
