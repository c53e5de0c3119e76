"""What seeing costs: a few microseconds of a request, and tracing nothing beside that until it is on."""

import time
from statistics import median
from typing import Any

import pytest

from portal.platform.settings import override
from portal.platform.watching import errand, metrics, slow, tracing
from portal.platform.watching.errand import Errand
from tests.harness.world import trading_pair

REQUESTS, STATEMENTS, TIMES = 60, 6, 300
MOST = 0.04  # of the CPU of the cheapest list; 0.012 is measured
MOST_TRACED = 0.002  # seconds of a request with its statements; 0.0003 are measured


async def request_cost(client: Any) -> float:
    """CPU seconds of one request, the client's among them."""
    began = time.process_time()
    for _n in range(REQUESTS):
        assert (await client.get("/api/v1/purchase-orders")).status_code == 200
    return (time.process_time() - began) / REQUESTS


def seeing_cost() -> float:
    """CPU seconds that seeing one request with its statements takes."""
    began = time.process_time()
    for _n in range(TIMES):
        span = tracing.started("server", "GET") if tracing.is_on() else None
        doing = Errand(span)
        before = errand.enter(doing)
        for statement in range(STATEMENTS):
            doing.note(f"select a, b, c from item_{statement} where id = $1", time.perf_counter())
        errand.leave(before)
        tracing.ended(span, "GET /orders", http_route="/orders")
        metrics.request("GET", "/orders", 200, 0.01, doing.count)
        slow.tell("request", doing, 0.01)
    metrics.count()
    return (time.process_time() - began) / TIMES


@pytest.fixture
def counting(connected: None, tmp_path):
    with override(data=tmp_path):
        metrics.begin("web")
        seeing_cost()
        yield
        metrics.end()


async def test_seeing_is_a_hundredth_of_the_cheapest_list_while_nothing_is_traced(app, client_of, counting):
    company, _supplier = await trading_pair()
    client = await client_of(company.buyer)
    await request_cost(client)
    whole = median([await request_cost(client) for _round in range(5)])
    seeing = median(seeing_cost() for _round in range(5))
    print(f"{seeing * 1e6:.1f} µs of {whole * 1e6:.0f} µs")
    assert seeing < MOST * whole


async def test_a_traced_request_costs_some_tenths_of_a_millisecond(counting, collector, monkeypatch):
    for name, value in collector.environment.items():
        monkeypatch.setenv(name, value)
    tracing.begin("web")
    seeing_cost()
    traced = median(seeing_cost() for _round in range(5))
    tracing.end()
    print(f"{traced * 1e6:.1f} µs with {STATEMENTS} statements")
    assert traced < MOST_TRACED
    assert len(collector.named("GET /orders")) > TIMES
