"""W6: an order of two thousand lines, step by step."""

import time
from functools import partial
from typing import Any

import asyncpg

from tests.benchmarks import floor
from tests.benchmarks.cycle import Cycle
from tests.benchmarks.figures import Asked, Figure, Taken, floor_cpu, measured
from tests.benchmarks.stage import Spent, Stage
from tests.harness.world import line, order_body

LINES = 2000


class Large:
    """One large order on its way; each step needs the ones before."""

    def __init__(self, stage: Stage, number: int) -> None:
        self.desk, self.number = Cycle(stage, f"L{number}", LINES), number
        self.body = order_body(stage.supplier, [line() for _ in range(LINES)])
        self.order: dict[str, Any] = {}

    async def issue(self) -> None:
        self.order = await self.desk.step("requester", "/purchase-orders", self.body)
        for who, verb in (("requester", "submit"), ("approver", "approve"), ("buyer", "issue")):
            await self.desk.step(who, f"/purchase-orders/{self.order['id']}/{verb}")

    async def answer(self) -> None:
        await self.desk.step("order_desk", f"/purchase-orders/{self.order['id']}/responses", {"code": "AP"})

    async def receive(self) -> None:
        came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in self.order["lines"]]
        await self.desk.step("receiver", "/goods-receipts", {"lines": came})

    async def invoice(self) -> None:
        bill = {"order_id": self.order["id"], "number": f"L-{self.number}", "issue_date": time.strftime("%F")}
        invoice = await self.desk.step("billing", "/invoices", bill)
        sent = await self.desk.step("billing", f"/invoices/{invoice['id']}/submit")
        assert sent["match_state"] == "matched", sent["match_state"]


STEPS = {
    "create, approve and issue": Large.issue,
    "answer": Large.answer,
    "receive": Large.receive,
    "invoice and match": Large.invoice,
}


async def workloads(stage: Stage, asked: Asked) -> list[Figure]:
    taken: dict[str, list[Taken]] = {name: [] for name in STEPS}
    with stage.front():
        for number in range(max(3, asked.times // 40)):
            large = Large(stage, number)
            for name, step in STEPS.items():
                taken[name].append(await measured(stage, partial(step, large), 1, warm=0))
    floors = await _floors(stage)
    return [
        _united(each).figure(f"W6 {name} of 2,000 lines", asked.orders, floors[name]) for name, each in taken.items()
    ]


def _united(taken: list[Taken]) -> Taken:
    spent = [sum(each) / len(taken) for each in zip(*(one.spent for one in taken), strict=True)]
    return Taken([time for one in taken for time in one.times], Spent(*spent))


async def _floors(stage: Stage) -> dict[str, float]:
    """Milliseconds of processor time of each step by bare SQL; the bare answer is the order's new state."""
    connection: Any = await asyncpg.connect(stage.cluster.url("postgres"))
    try:
        await connection.execute(floor.SCHEMA)
        found, rounds = dict.fromkeys(STEPS, 0.0), 5
        for number in range(rounds):
            order = floor.Order(connection, stage.supplier.id, f"L{number}", LINES)
            acts = {"answer": order.answer, "receive": order.receive, "invoice and match": order.invoice}

            async def issue(bare: floor.Order = order) -> None:
                await bare.create()
                await bare.approve_and_issue()

            for name, act in ({"create, approve and issue": issue} | acts).items():
                found[name] += await floor_cpu(stage, act, 1, warm=0) / rounds
        return found
    finally:
        await connection.close()
