"""The connection to PostgreSQL: one Piccolo engine with an asyncpg pool per process, and a transaction that is safe.

Safe means: it never nests, a failed COMMIT still gives the connection back, and a connection that comes back inside a
transaction is rolled back before the next request may have it. The application connects as a role that owns nothing.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from portal.platform.plain_json import plain_json
from portal.platform.settings import settings

os.environ.setdefault("PICCOLO_CONF", "portal.platform.piccolo_conf")

Connection = PoolConnectionProxy | asyncpg.Connection
_current: PostgresEngine | None = None
_following: PostgresEngine | None = None
_clock: ContextVar[datetime | None] = ContextVar("portal_clock", default=None)


class Engine(PostgresEngine):
    """Piccolo's engine, which asks the server nothing until it is used."""

    async def check_version(self) -> None:
        """The portal's own start checks what it needs of the server."""

    async def prep_database(self) -> None:
        """Migrations, run by the owner, make the extensions."""


class SafeTransaction(PostgresTransaction):
    """A transaction whose opening (BEGIN, context, row lock) is one round trip, and whose end always frees the pool.

    One that `stays_open` waits, when its block went well, until somebody calls `end`.
    """

    def __init__(self, engine: PostgresEngine, opening: str, *, stays_open: bool = False) -> None:
        super().__init__(engine, allow_nested=False)
        self.opening = opening
        self.opened = ""
        self.stays_open = stays_open
        self.waiting = False

    async def __aenter__(self) -> "SafeTransaction":
        self.connection = await self.get_connection()
        try:
            self.opened = await self.connection.execute(self.opening)
        except BaseException:
            await self._give_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        self.engine.current_transaction.reset(self.context)
        self.waiting = self.stays_open and exception_type is None
        if not self.waiting:
            await self.end(commit=exception_type is None)
        return False

    async def end(self, *, commit: bool) -> None:
        self.waiting = False
        try:
            await self.connection.execute("COMMIT" if commit else "ROLLBACK")
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        assert self.engine.pool is not None, "the transaction came from a pool"
        await self.engine.pool.release(self.connection)


def engine() -> PostgresEngine:
    """This process's engine; `connect()` must have run."""
    if _current is None:
        raise RuntimeError("The portal is not connected to its database: call connect() first.")
    return _current


def reporting_engine() -> PostgresEngine:
    """Where reports are read: the copy that follows, if one is set, else the database itself."""
    return _following or engine()


async def connect(url: str | None = None, *, least: int = 1, most: int = 10) -> PostgresEngine:
    """Open the pools of this process and event loop as the application's role."""
    global _current, _following
    present = settings()
    _current = await _opened(url or present.database_url, least, most)
    copy = None if url else present.database_replica_url
    _following = await _opened(copy, 0, most) if copy else None
    return _current


async def disconnect() -> None:
    global _current, _following
    for opened in (_current, _following):
        if opened is not None and opened.pool is not None:
            await opened.pool.close()
    _current = _following = None


async def _opened(url: str | None, least: int, most: int) -> PostgresEngine:
    opened = Engine(config={"dsn": url})
    opened.pool = await asyncpg.create_pool(
        dsn=url,
        min_size=least,
        max_size=most,
        init=_prepare,
        reset=_clean,
        server_settings={"application_name": "portal", "jit": "off"},
    )
    return opened


def context_sql(organisation: UUID | None, person: UUID | None) -> str:
    """The statement that sets whose rows are seen until the transaction ends. All values are typed, none is text."""
    moment = _clock.get()
    told = f", set_config('portal.now', '{moment.isoformat()}', true)" if moment else ""
    return (
        f"SELECT set_config('portal.organisation', '{organisation or ''}', true), "
        f"set_config('portal.person', '{person or ''}', true){told}"
    )


def set_clock(moment: datetime | None) -> None:
    """From here on, in this task, it is `moment` for every command: how stories of months are told in seconds."""
    _clock.set(moment)


async def _prepare(connection: asyncpg.Connection) -> None:
    """Types as the portal speaks them. A numeric comes as its text, `1000000`, which PostgreSQL never writes with an
    exponent: asyncpg's own reading of its binary form gives 1.00E+6 (and costs half as much again).
    """
    await connection.set_type_codec("numeric", encoder=str, decoder=Decimal, schema="pg_catalog")
    await connection.set_type_codec("jsonb", encoder=_encode, decoder=msgspec.json.decode, schema="pg_catalog")


def _encode(value: Any) -> str:
    return plain_json(value, str).decode()


async def _clean(connection: PoolConnectionProxy) -> None:
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


@asynccontextmanager
async def gate() -> AsyncIterator[Connection]:
    """A transaction without context: it sees no rows, only the gate's named functions (sign-in, sessions)."""
    async with SafeTransaction(engine(), f"BEGIN; {context_sql(None, None)}") as transaction:
        yield transaction.connection
