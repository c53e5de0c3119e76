"""Two companies on one server at once: neither is ever answered with a byte of the other's."""

import asyncio
import random
from typing import Any, NamedTuple

import httpx

from tests.harness.marked import World, marked_world
from tests.harness.routes import Route, address, ask, routes
from tests.harness.world import BUYING, a_colleague

REQUESTS = 1_000
AT_ONCE = 12
TIMES = 5
# What is made anew by a renderer or packed for each request, and streams without an end, are stories of their own.
SLOW = ("/documents/", ".pdf", ".xlsx", ".zip", "/events", "/bundle", "/stream")
PRIVATE = "no-store"


class Visitor(NamedTuple):
    """Somebody at work in a world with a mark; `foreign` is the other world's."""

    client: httpx.AsyncClient
    world: World
    own: str
    foreign: str


async def visit(visitor: Visitor, route: Route, met: list[Any]) -> None:
    """A busy portal says when to come back; whoever is told so does."""
    path = address(route, visitor.world.ids)
    for _time in range(TIMES):
        answer = await ask(visitor.client, route, path)
        if answer.status_code != 503:
            break
        await asyncio.sleep(1)
    met.append(
        (visitor.own, route.path, answer.status_code, visitor.own in answer.text, visitor.foreign in answer.text)
    )
    if answer.status_code == 200:
        assert PRIVATE in answer.headers.get("cache-control", ""), route


async def test_a_thousand_requests_of_two_companies_at_once_are_never_mixed(app, client_of):
    marks = ("Kittiwake", "Goldcrest")
    worlds = {mark: await marked_world(mark) for mark in marks}
    visitors = [
        Visitor(await client_of(await a_colleague(worlds[mark].company, *BUYING)), worlds[mark], mark, other)
        for mark, other in (marks, marks[::-1])
    ]
    reads = [route for route in routes(app) if route.method == "GET" and not any(part in route.path for part in SLOW)]
    asked = [(visitor, random.choice(reads)) for visitor in visitors for _each in range(REQUESTS // 2)]
    random.shuffle(asked)
    met: list[Any] = []
    gate = asyncio.Semaphore(AT_ONCE)

    async def in_turn(visitor: Visitor, route: Route) -> None:
        async with gate:
            await visit(visitor, route, met)

    await asyncio.gather(*(in_turn(*each) for each in asked))

    assert [each for each in met if each[4]] == []
    assert [each for each in met if each[2] >= 500] == []
    assert len(met) == REQUESTS
    for mark in marks:
        assert sum(own for name, _path, _status, own, _foreign in met if name == mark) >= 20, "the mark is there to see"
