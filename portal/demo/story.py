"""The story: orders of a year and some days, each a plot that leads as far as it tells.

Courses are tables of steps. Which order takes which course comes from a fixed seed, so every first start tells the
same; days count back from today: older orders have come to their end, younger ones stand at every step in between.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from portal.demo import alterations as a
from portal.demo import credits as c
from portal.demo import steps as s
from portal.demo import turns as t
from portal.demo.cast import GOODS, SUPPLIERS
from portal.demo.opinions import say
from portal.demo.scene import Plot, Scene
from portal.demo.stage import Stage

Tell = Callable[[float, str], None]
Step = Callable[[Scene], Awaitable[Any]]
SEED = 2026
SERVICER = "Hawthorn Maintenance"
_SELLERS = [firm for firm in SUPPLIERS if firm.name != SERVICER]
VISITS = range(370, 4, -33)  # once a month or so somebody comes for the machines
FIRST_DAY, OLD, YOUNG, FRESH, EVERY = 380, 115, 45, 20, 2.0

_ISSUED: tuple[Step, ...] = (s.enter, s.submit, s.approve, s.issue)
_ACCEPTED = (*_ISSUED, s.accept)
_SENT = (*_ACCEPTED, s.despatch)
_RECEIVED = (*_SENT, s.receive)
_PARTLY = (*_ACCEPTED, s.despatch_a_part, s.receive)
_PAID = (s.bill, s.approve_invoice, s.settle)
COURSES: dict[str, tuple[Step, ...]] = {
    "draft": (s.enter,),
    "in approval": (s.enter, s.submit),
    "approved": (s.enter, s.submit, s.approve),
    "issued": _ISSUED,
    "acknowledged": (*_ISSUED, s.acknowledge),
    "countered": (*_ISSUED, s.counter),
    "rejected": (*_ISSUED, s.refuse),
    "cancelled": (*_ISSUED, s.cancel),
    "on hold": (*_ACCEPTED, s.hold),
    "accepted": _ACCEPTED,
    "despatch prepared": (*_ACCEPTED, s.prepare_despatch),
    "under way": (*_ACCEPTED, s.despatch),
    "partly under way": (*_ACCEPTED, s.despatch_a_part),
    "received": _RECEIVED,
    "partly received": _PARTLY,
    "invoice prepared": (*_RECEIVED, s.prepare_bill),
    "to approve": (*_RECEIVED, s.bill),
    "price difference": (*_RECEIVED, s.bill_dearer),
    "disputed": (*_RECEIVED, s.bill_dearer, s.dispute),
    "invoice approved": (*_RECEIVED, s.bill, s.approve_invoice),
    "paid": (*_RECEIVED, *_PAID),
    "paid and closed": (*_RECEIVED, *_PAID, s.close),
    "late": (*_ISSUED, s.answer_too_late, s.despatch_late, s.receive, *_PAID),
    "late and bad": (
        *_ISSUED,
        s.answer_too_late,
        s.despatch_late,
        s.receive_with_rejects,
        s.bill_dearer,
        s.dispute,
        s.reject_invoice,
        *_PAID,
        s.close,
    ),
    "some rejected": (*_ACCEPTED, s.despatch, s.receive_with_rejects, *_PAID, s.close),
    "two deliveries": (
        *_ACCEPTED,
        s.despatch_a_part,
        s.receive,
        s.bill,
        s.approve_invoice,
        s.despatch,
        s.receive,
        *_PAID,
    ),
    "agreed otherwise": (*_ISSUED, s.counter, s.agree, s.despatch, s.receive, *_PAID),
    "change to approve": (*_ACCEPTED, a.ask_for_more),
    "change proposed": (*_ACCEPTED, a.ask_for_more, a.approve_the_change),
    "change offered": (*_ACCEPTED, a.offer_a_later_day),
    "changed": (
        *_ACCEPTED,
        a.ask_for_more,
        a.approve_the_change,
        a.take_the_change,
        s.despatch,
        s.receive,
        *_PAID,
    ),
    "change agreed": (*_ACCEPTED, a.offer_a_later_day, a.agree_to_the_change, s.despatch, s.receive, *_PAID),
    "some sent back": (
        *_RECEIVED,
        s.bill,
        s.approve_invoice,
        c.credit_the_goods,
        c.approve_credit,
        s.settle,
    ),
    "credited": (*_RECEIVED, s.bill_dearer, s.give_in, s.settle, c.credit_the_price, c.approve_credit),
    "credit to check": (*_RECEIVED, s.bill_dearer, s.give_in, c.credit_the_price),
    "disputed and paid": (*_RECEIVED, s.bill_dearer, s.dispute, s.give_in, s.settle),
    "billed twice": (*_RECEIVED, s.bill_dearer, s.dispute, s.reject_invoice, *_PAID),
    "short": (*_PARTLY, *_PAID, s.close),
    "in inspection": (*_SENT, t.receive_to_inspect),
    "inspected": (*_SENT, t.receive_to_inspect, t.inspect, *_PAID),
    "received again": (*_SENT, t.receive_by_mistake, s.receive, *_PAID),
    "delivery billed": (*_RECEIVED, t.bill_the_delivery, s.give_in, s.settle),
    "with a rebate": (*_RECEIVED, t.bill_with_rebate, s.approve_invoice, s.settle),
    "paid in part": (*_RECEIVED, s.bill, s.approve_invoice, t.pay_a_part),
    "paid in parts": (*_RECEIVED, s.bill, s.approve_invoice, t.pay_a_part, t.pay_the_rest),
    "closed short": (*_PARTLY, t.close_short, *_PAID),
    "billed late": (*_RECEIVED, s.close, t.bill_after_the_close, s.approve_invoice, s.settle),
    "credit in writing": (*_RECEIVED, s.bill_dearer, s.give_in, c.begin_a_credit),
    "services to accept": (*_ACCEPTED, s.perform),
    "services to bill": (*_ACCEPTED, s.perform, s.accept_services),
    "services paid": (*_ACCEPTED, s.perform, s.accept_services, *_PAID),
}
ENDED = (
    "paid", "paid", "some sent back", "paid and closed", "paid and closed", "late", "some rejected", "two deliveries",
    "agreed otherwise", "disputed and paid", "billed twice", "credited", "short", "rejected", "cancelled",
    "inspected", "received again", "delivery billed", "with a rebate", "paid in parts", "closed short", "billed late",
    "changed", "change agreed",
)  # fmt: skip
TO_BE_PAID = (
    "invoice approved", "credit to check", "to approve", "disputed", "price difference", "partly received",
    "invoice approved", "paid", "paid in part", "credit in writing",
)  # fmt: skip
ON_THE_WAY = (
    "received",
    "invoice prepared",
    "to approve",
    "under way",
    "partly under way",
    "partly received",
    "late",
    "in inspection",
)
BEGUN = (
    "accepted", "issued", "accepted", "countered", "acknowledged", "draft", "in approval", "on hold", "approved",
    "issued", "accepted", "despatch prepared", "in approval", "rejected",
)  # fmt: skip
LATELY = (
    ("Quillon Bearings", 96.5, "change agreed"),
    ("Brightbolt Fasteners", 31.5, "credit in writing"),
    ("Brightbolt Fasteners", 24.5, "paid in part"),
    ("Brightbolt Fasteners", 15.5, "in inspection"),
    ("Petrel Packaging", 9.5, "in inspection"),
    ("Brightbolt Fasteners", 6.5, "change proposed"),
    ("Quillon Bearings", 5.5, "change offered"),
    ("Petrel Packaging", 4.5, "change to approve"),
    ("Petrel Packaging", 2.6, "accepted"),
    ("Petrel Packaging", 2.4, "accepted"),
    ("Brightbolt Fasteners", 2.2, "countered"),
    ("Brightbolt Fasteners", 1.6, "issued"),
    ("Brightbolt Fasteners", 1.2, "issued"),
)
# What a supplier is known for decides some of its courses: one is often late, one often sends bad goods.
HABITS = {
    "Tarnwick Metals": (("late", 4),),
    "Petrel Packaging": (("some rejected", 5),),
    "Fenwick Hydraulics": (("late and bad", 8), ("short", 10)),
}


async def play(stage: Stage, tell: Tell) -> None:
    told = plots()
    for number, plot in enumerate(told):
        tell(number / len(told), f"Orders of {plot.supplier.name}")
        scene = Scene(stage, plot)
        for step in COURSES[plot.course]:
            await step(scene)
        await say(scene)


def plots() -> list[Plot]:
    """One order every other day or so, from more than a year ago until today, more of them lately."""
    chance, told, days_ago, number = random.Random(SEED), [], float(FIRST_DAY), 0
    while days_ago > 1:
        supplier = _SELLERS[number % len(_SELLERS)] if number % 5 else _SELLERS[0]
        sold = [good for good in GOODS if good.supplier == supplier.name]
        goods = chance.sample(sold, k=chance.randint(1, len(sold)))
        lines = tuple((good, max(good.usual * chance.randint(1, 4) // 2, 1)) for good in goods)
        told.append(Plot(supplier, lines, days_ago, _course(chance, supplier.name, lines, days_ago, number)))
        days_ago -= EVERY * chance.uniform(0.6, 1.4) * (1 if days_ago > FRESH else 0.5)
        number += 1
    return sorted([*told, *_visits(), *_lately()], key=lambda plot: -plot.begun)


def _lately() -> list[Plot]:
    """What every account finds to do: orders to answer, goods to look at, an invoice half paid, a credit begun."""
    told = []
    for name, days_ago, course in LATELY:
        supplier = next(firm for firm in SUPPLIERS if firm.name == name)
        sold = [good for good in GOODS if good.supplier == name]
        told.append(Plot(supplier, tuple((good, good.usual) for good in sold[:2]), days_ago, course))
    return told


def _visits() -> list[Plot]:
    """Orders of services: entered when performed, accepted, billed; the last visits are still on their way."""
    servicer = next(firm for firm in SUPPLIERS if firm.name == SERVICER)
    sold = [good for good in GOODS if good.supplier == SERVICER]
    told = []
    for number, days_ago in enumerate(VISITS):
        course = "services paid" if days_ago > 60 else "services to bill" if days_ago > 30 else "services to accept"
        told.append(Plot(servicer, tuple((good, good.usual + 4 * (number % 3)) for good in sold), days_ago, course))
    return told


def _course(chance: random.Random, supplier: str, lines: Sequence[Any], days_ago: float, number: int) -> str:
    if days_ago <= FRESH:
        return BEGUN[number % len(BEGUN)]
    if max(good.lead_time_days for good, _quantity in lines) + 8 > days_ago:
        return "accepted"  # it is not due yet
    if days_ago <= YOUNG:
        return ON_THE_WAY[number % len(ON_THE_WAY)]
    for habit, up_to in HABITS.get(supplier, ()) if days_ago > OLD else ():
        if chance.randrange(10) < up_to:
            return habit
    return chance.choice(ENDED) if days_ago > OLD else TO_BE_PAID[number % len(TO_BE_PAID)]
