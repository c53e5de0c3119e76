"""The gate: what is asked before anybody is known, by named functions of the database and by nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portal.platform.context import context_sql
from portal.platform.database import Connection, SafeTransaction, engine, gone_as_refused


@asynccontextmanager
async def gate() -> AsyncIterator[Connection]:
    """A transaction without context: it sees no rows, only the gate's named functions (sign-in, sessions)."""
    async with SafeTransaction(engine(), f"BEGIN; {context_sql(None, None)}") as transaction:
        yield transaction.connection


@asynccontextmanager
async def glance() -> AsyncIterator[Connection]:
    """The gate without a transaction: each statement stands for itself."""
    pool = engine().pool
    assert pool is not None, "the engine is connected"
    with gone_as_refused():
        async with pool.acquire() as connection:
            yield connection
