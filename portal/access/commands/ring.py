"""The key ring turned: what was sealed with any of its keys is sealed with the newest, so that an old one may go."""

from collections.abc import Sequence
from typing import Final

import asyncpg

from portal.access.loads import is_genuine, mark_of
from portal.platform import vault

_AT_ONCE: Final = 5_000  # secrets: each file that was received has one


async def reseal(owner_url: str) -> int:
    """Seal everything anew under the ring's newest key, all of it or nothing; gives how many secrets that were.

    Acts as the owner of the schema, on all organisations at once. Raises `vault.KeyLost` if something cannot be opened.
    What is changed meanwhile was sealed by a portal that may not know the key yet: it is left as it is.
    """
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            secrets = await connection.cursor("select * from portal.sealed_secrets()")
            done = 0
            while rows := await secrets.fetch(_AT_ONCE):
                done += await _reseal(connection, rows)
            await _remark(connection)
    finally:
        await connection.close()
    return done


async def _reseal(connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> int:
    anew = [vault.resealed(vault.PURPOSES[row["kind"]].format(id=row["id"]), row["sealed"]) for row in rows]
    columns = [[row[name] for row in rows] for name in ("kind", "id", "sealed")]
    return await connection.fetchval("select portal.reseal($1, $2, $3, $4)", *columns, anew) or 0


async def _remark(connection: asyncpg.Connection) -> None:
    """Loads of the policy that a key of the ring marked get the mark of its newest."""
    rows = list(filter(is_genuine, await connection.fetch("select * from portal.policy_loads()")))
    anew = [mark_of(row["digest"], row["release"], row["rules"]) for row in rows]
    ids, present = [row["id"] for row in rows], [row["mark"] for row in rows]
    await connection.execute("select portal.remark($1, $2, $3)", ids, present, anew)
