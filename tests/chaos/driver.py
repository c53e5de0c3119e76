"""Who works meanwhile: desks of people who take orders through, each step under a key, asked until it is answered.

A step whose answer did not come (the connection broke, 503) is asked again under the same `Idempotency-Key`; any other
refusal is a fault of the portal, since people here ask for nothing that is not theirs to do.
"""

import asyncio
import time
from typing import Any

import httpx

from tests.chaos.journal import Journal
from tests.harness.world import line

API = "/api/v1"
STEPS = 12  # acknowledged answers of a cycle
SECONDS = 30.0  # that an answer may take; then it is asked for again
AGAIN = 0.1  # seconds
PATIENCE = 600.0  # seconds; then the portal is held to be gone for good
DOCUMENTS = 3  # one order of so many is asked for as a document, too


class Wrong(Exception):
    """The portal answered what it may not answer."""


class Driver:
    """All desks together, and what became of their work."""

    def __init__(self, url: str, told: dict[str, Any], journal: Journal, lines: int = 2) -> None:
        self.url, self.told, self.journal, self.lines = url, told, journal, lines
        self.steps, self.repeated, self.wrong = 0, 0, list[str]()
        self._clients = {role: self._client(key) for role, key in told["keys"].items()}
        self._next = 0

    def _client(self, key: str) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=SECONDS, trust_env=False)

    async def run(self, cycles: int, desks: int) -> None:
        self._cycles = self._next + cycles
        await asyncio.gather(*(self._desk() for _desk in range(desks)))

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def _desk(self) -> None:
        while self._next < self._cycles:
            self._next += 1
            try:
                await self._cycle(self._next)
            except Wrong as wrong:
                self.wrong.append(str(wrong))

    async def _cycle(self, number: int) -> None:
        lines = [line() for _line in range(self.lines)]
        body = {"supplier_id": self.told["supplier"], "currency": "EUR", "lines": lines}
        order = await self._step(number, "create", "requester", "/purchase-orders", body)
        at = f"/purchase-orders/{order['id']}"
        await self._step(number, "submit", "requester", f"{at}/submit")
        await self._step(number, "approve", "approver", f"{at}/approve")
        await self._step(number, "issue", "buyer", f"{at}/issue")
        if number % DOCUMENTS == 0:
            await self._document(number, order["id"])
        await self._step(number, "respond", "order_desk", f"{at}/responses", {"code": "AP"})
        goods = [{"order_line_id": each["id"], "quantity": each["quantity"]} for each in order["lines"]]
        advice = await self._step(number, "advise", "shipping", "/despatch-advices", {"lines": goods})
        await self._step(number, "despatch", "shipping", f"/despatch-advices/{advice['id']}/despatch")
        came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in order["lines"]]
        receipt = {"despatch_advice_id": advice["id"], "lines": came}
        await self._step(number, "receive", "receiver", "/goods-receipts", receipt)
        bill = {"order_id": order["id"], "number": f"C-{number}", "issue_date": time.strftime("%F")}
        invoice = await self._step(number, "bill", "billing", "/invoices", bill)
        await self._step(number, "send", "billing", f"/invoices/{invoice['id']}/submit")
        await self._step(number, "agree", "payable", f"/invoices/{invoice['id']}/approve")
        self._acknowledged(number, "done", order["id"])

    async def _step(self, cycle: int, step: str, who: str, path: str, body: Any = None) -> Any:
        key = {"idempotency-key": f"{cycle}-{step}"}
        answer = await self._asked(who, "POST", path, json=body, headers=key)
        if answer.status_code not in (200, 201):
            raise Wrong(f"cycle {cycle}, {step}: {answer.status_code} {answer.text[:300]}")
        told = answer.json()
        self._acknowledged(cycle, step, told["id"])
        return told

    async def _document(self, cycle: int, order_id: str) -> None:
        answer = await self._asked("order_desk", "GET", f"/purchase-orders/{order_id}/document.pdf")
        if answer.status_code not in (200, 202):
            raise Wrong(f"cycle {cycle}, document: {answer.status_code} {answer.text[:300]}")
        self.journal.acknowledged(cycle=cycle, step="document", id=order_id)

    async def document(self, order_id: str) -> bytes:
        """The finished document, however long it takes."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = await self._asked("order_desk", "GET", f"/purchase-orders/{order_id}/document.pdf")
            if answer.status_code == 200:
                return answer.content
            if answer.status_code != 202:
                raise Wrong(f"document of {order_id}: {answer.status_code} {answer.text[:300]}")
            await asyncio.sleep(AGAIN)
        raise Wrong(f"document of {order_id}: not made within {PATIENCE:g} s")

    async def _asked(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = await self._clients[who].request(method, API + path, **more)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code != 503:
                return answer
            if answer is not None and "retry-after" not in answer.headers:
                raise Wrong(f"{path}: 503 without a time to come back: {answer.text[:300]}")
            self.repeated += 1
            await asyncio.sleep(AGAIN)
        raise Wrong(f"{path}: no answer within {PATIENCE:g} s")

    def _acknowledged(self, cycle: int, step: str, record: str) -> None:
        self.journal.acknowledged(cycle=cycle, step=step, id=record)
        self.steps += 1
