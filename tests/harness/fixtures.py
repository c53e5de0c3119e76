"""Fixtures for stories over HTTP: clients signed in as somebody, a counter of statements, a clock."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar

from portal.access.commands import open_session
from portal.access.queries import forget_person, identities
from portal.platform import database as platform_database
from portal.platform.actor import Actor
from portal.platform.database import SafeTransaction
from tests.harness.places import door

# What a new connection asks once about types, whoever comes first: none of a story's own statements.
LEARNING = ("typeinfo_tree", "'jit'")
AsClient = Callable[[Actor], Any]
# Whose statements are counted: what earlier stories left to be done later is not theirs.
COUNTED: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@pytest.fixture(scope="session")
async def app(connected: None) -> Litestar:
    from portal.app import create_app

    return create_app()


@pytest.fixture
async def anonymous(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=door(app), base_url="http://portal.test") as client:
        yield client


@pytest.fixture
async def client_of(app: Litestar, superuser: psycopg.Connection) -> AsyncIterator[AsClient]:
    """`await client_of(company.buyer)`: an HTTP client with that person's own session; of somebody who has `proved_at`
    a second factor, it is proved in it."""
    clients = []

    async def signed_in(actor: Actor) -> httpx.AsyncClient:
        assert actor.person_id is not None
        opened = await open_session(actor.person_id, actor.organisation_id, "127.0.0.1", "tests")
        if actor.proved_at is not None:
            superuser.execute("update session set proved_at = now() where person_id = %s", [actor.person_id])
            forget_person(actor.person_id)
        client = httpx.AsyncClient(
            transport=door(app),
            base_url="http://portal.test",
            cookies={"session": opened.token},
            headers={"x-csrf-token": opened.csrf},
        )
        clients.append(client)
        return client

    yield signed_in
    for client in clients:
        await client.aclose()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """`with counted() as statements:` lists every SQL statement sent to PostgreSQL meanwhile."""

    monkeypatch.setattr(identities, "_REMEMBERED", 600)  # else a session is asked for anew once a second

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []
        listening: list[Any] = []
        original = SafeTransaction.get_connection

        def listen(record: Any) -> None:
            if COUNTED.get() is statements and not any(word in record.query for word in LEARNING):
                statements.append(record.query)

        async def observed(self: SafeTransaction) -> Any:
            connection = await original(self)
            if connection not in listening:
                listening.append(connection)
                connection.add_query_logger(listen)
            return connection

        with monkeypatch.context() as patch:
            patch.setattr(SafeTransaction, "get_connection", observed)
            token = COUNTED.set(statements)
            yield statements
            COUNTED.reset(token)

    return counting


@pytest.fixture
async def clock(connected: None) -> AsyncIterator[Callable[[datetime], Any]]:
    """`await clock(instant)`: from now on it is then, for every command and query of this test."""

    async def move(instant: datetime) -> None:
        platform_database.set_clock(instant)

    yield move
    platform_database.set_clock(None)
