"""The connection to PostgreSQL: one Piccolo engine with an asyncpg pool per process, and a transaction that is safe.

Safe means: it never nests, a failed COMMIT still gives the connection back, and a connection that comes back inside a
transaction is rolled back before the next request may have it. The application connects as a role that owns nothing.
"""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, NamedTuple

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from portal.platform import position
from portal.platform.openings import Said
from portal.platform.plain_json import plain_json
from portal.platform.refusals import Unavailable, Unsure
from portal.platform.settings import settings
from portal.platform.watching import metrics
from portal.platform.watching.connection import Watched

os.environ.setdefault("PICCOLO_CONF", "portal.platform.piccolo_conf")

Connection = PoolConnectionProxy | asyncpg.Connection
Opening = Sequence[str | Said]
_changed: ContextVar[bool] = ContextVar("portal_changed", default=False)
_pools: "Pools | None" = None
_away_until = 0.0
AWAY = 5.0  # seconds until a copy that did not answer is tried again
GLANCE = 1.0  # seconds between two looks at the pools


class Engine(PostgresEngine):
    """Piccolo's engine, which asks the server nothing until it is used."""

    async def check_version(self) -> None:
        """The portal's own start checks what it needs of the server."""

    async def prep_database(self) -> None:
        """Migrations, run by the owner, make the extensions."""


class SafeTransaction(PostgresTransaction):
    """A transaction whose opening (BEGIN, context, row lock) is one round trip, and whose end always frees the pool.

    A database that is gone is `Unavailable`: nothing was kept. Gone during COMMIT it is `Unsure`, where the transaction
    `changes` something that people asked for; `was_changed` tells the rest of the request. One that `stays_open` waits,
    when its block went well, until somebody calls `end`.
    """

    def __init__(
        self, engine: PostgresEngine, opening: str | Opening, *, changes: bool = False, stays_open: bool = False
    ) -> None:
        super().__init__(engine, allow_nested=False)
        self.opening = opening
        self.opened = ""
        self.changes = changes
        self.stays_open = stays_open
        self.waiting = False

    async def __aenter__(self) -> "SafeTransaction":
        asked = time.perf_counter()
        with gone_as_refused():
            self.connection = await self.get_connection()
        metrics.waited(time.perf_counter() - asked)
        try:
            self.opened = await self._open()
        except BaseException as error:
            gone = self._is_gone(error)
            if not gone:
                await self._undo(error)
            await self._give_back()
            if gone:
                raise _lost() from error
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def _open(self) -> str:
        if isinstance(self.opening, str):
            return await self.connection.execute(self.opening)
        connection: Any = self.connection
        message, told = connection.names.message(self.opening)
        try:
            return await connection.execute(message)
        except BaseException:
            connection.names.forget(told)
            raise

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        self.engine.current_transaction.reset(self.context)
        self.waiting = self.stays_open and exception is None
        if not self.waiting:
            await self.end(exception)
        return False

    async def end(self, exception: BaseException | None = None, *, commit: bool = True) -> None:
        """Commit, or undo, be it for an exception's sake; the connection goes back either way."""
        self.waiting = False
        try:
            await (self._keep() if commit and exception is None else self._undo(exception))
        finally:
            await self._give_back()

    async def _keep(self) -> None:
        before = _changed.get()
        _changed.set(before or self.changes)
        try:
            await self.connection.execute("COMMIT")
        except Exception as error:
            if not self._is_gone(error):
                _changed.set(before)
                raise
            raise _lost() from error
        if self.changes and _opened().following is not None:
            position.present().commit(await self._where())

    async def _where(self) -> str:
        """How far the database's log goes now: what was just committed lies before it."""
        try:
            return str(await self.connection.fetchval(position.NOW))
        except OF_THE_DATABASE:
            return position.UNKNOWN

    async def _undo(self, exception: BaseException | None) -> None:
        if not self._is_gone(exception):
            with suppress(OSError, *_GONE):
                await self.connection.execute("ROLLBACK")
        elif isinstance(exception, OF_THE_DATABASE):
            raise _lost() from exception

    def _is_gone(self, error: BaseException | None) -> bool:
        try:
            return isinstance(error, _GONE) or self.connection.is_closed()
        except asyncpg.InterfaceError:  # the pool has taken a lost connection back already
            return True

    async def _give_back(self) -> None:
        """Whatever becomes of the connection: what was committed stays so, what failed has its own reason."""
        assert self.engine.pool is not None, "the transaction came from a pool"
        with suppress(*OF_THE_DATABASE):
            await self.engine.pool.release(self.connection)


# The server ends, refuses or loses connections; a statement that it merely refuses is none of these.
_GONE = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # a connection that broke while two parts of asyncpg were at work on it
)
# What a lost connection shows itself as to whoever is using it, rather than to whoever gave up meanwhile.
OF_THE_DATABASE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@contextmanager
def gone_as_refused() -> Iterator[None]:
    """A database that cannot be reached is told as what it is to whoever asked."""
    try:
        yield
    except (OSError, TimeoutError, *_GONE) as error:
        raise _lost() from error


def lost_by(error: BaseException) -> Unavailable | Unsure | None:
    """What to tell of a lost connection that showed itself outside its transaction's block, as an answer was read."""
    return _lost() if isinstance(error, _GONE) and not isinstance(error, ConnectionError) else None


def _lost() -> Unavailable | Unsure:
    """`Unsure` also for what came before in the same request: it may never be told that nothing was changed."""
    return Unsure() if was_changed() else Unavailable()


def was_changed() -> bool:
    """Whether this task has kept something that people asked for, as far as anybody knows."""
    return _changed.get()


def nothing_changed_yet() -> None:
    """A new request begins."""
    _changed.set(False)


class Pools(NamedTuple):
    """What this process asks: the database, the copy that follows it, and a few connections of their own."""

    main: PostgresEngine
    following: PostgresEngine | None
    apart: PostgresEngine


def engine() -> PostgresEngine:
    """This process's engine; `connect()` must have run."""
    return _opened().main


def following_engine() -> PostgresEngine | None:
    """The copy that follows, if one is set and was not found away just now."""
    return _opened().following if time.monotonic() >= _away_until else None


def copy_is_away() -> None:
    """Nobody tries it for a while."""
    global _away_until
    _away_until = time.monotonic() + AWAY


def engine_apart() -> PostgresEngine:
    """A few connections of their own, for what is kept whatever becomes of the request: a request that holds one of the
    others never waits for a second of the same."""
    return _opened().apart


def _opened() -> Pools:
    if _pools is None:
        raise RuntimeError("The portal is not connected to its database: call connect() first.")
    return _pools


async def connect(url: str | None = None, *, least: int = 1, most: int = 10) -> PostgresEngine:
    """Open the pools of this process and event loop as the application's role."""
    global _pools
    present = settings()
    main = await _open(url or present.database_url, least, most)
    copy = None if url else present.database_replica_url
    following = await _open(copy, 0, most, patience=2.0) if copy else None
    _pools = Pools(main, following, await _open(url or present.database_url, 0, 2))
    return main


async def alone() -> asyncpg.Connection:
    """One connection of no pool, for who listens or holds a lock for long; whoever asks for it closes it."""
    connection = await asyncpg.connect(settings().database_url)
    await _prepare(connection)
    return connection


async def disconnect() -> None:
    global _pools
    for engine in _pools or ():
        if engine is not None and engine.pool is not None:
            await engine.pool.close()
    _pools = None


async def _open(url: str | None, least: int, most: int, *, patience: float = 60.0) -> PostgresEngine:
    opened = Engine(config={"dsn": url})
    opened.pool = await asyncpg.create_pool(
        dsn=url,
        timeout=patience,
        min_size=least,
        max_size=most,
        init=_prepare,
        reset=_clean,
        connection_class=Watched,
        server_settings={"application_name": "portal", "jit": "off"},
    )
    return opened


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


async def keep_counting() -> None:
    """Count what was noted and tell how the pools stand, every second, until cancelled."""
    while True:
        await asyncio.sleep(GLANCE)
        metrics.count()
        for name, opened in (_pools._asdict() if _pools else {}).items():
            if opened is not None and opened.pool is not None:
                pool = opened.pool
                idle = pool.get_idle_size()
                metrics.connections(name, pool.get_size() - idle, idle, pool.get_max_size())
