"""A sealer that is killed at one point of its work: `python -m tests.harness.killed_sealer POINT`.

The points are at the edges of what it calls, in this process alone: the signature, the database, the file system.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

from portal.audit import witnesses
from portal.audit.checkpoints import Signer
from portal.platform.settings import settings
from portal.worker.seal import seal_once

APPENDS = "select portal.seal("


def die(*_given: Any, **_named: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def before_signing() -> None:
    """The leaves are appended to the tree, in memory; nothing is signed."""
    Signer.note = die


def before_writing() -> None:
    """The checkpoint is signed; the database knows nothing of it."""
    _execute(lambda sql: die() if sql.startswith(APPENDS) else None, None)


def before_committing() -> None:
    """Leaves and checkpoint are written in a transaction that nobody commits."""
    _execute(None, lambda sql: die() if sql.startswith(APPENDS) else None)


def before_keeping() -> None:
    """The log is sealed; the data folder holds the note before."""
    witnesses.keep = die


def before_replacing() -> None:
    """The newest note is written beside the one before, and does not stand in its place yet."""
    Path.replace = die


def _execute(first: Callable[[str], None] | None, then: Callable[[str], None] | None) -> None:
    execute = asyncpg.Connection.execute

    async def killed(self: Any, query: str, *args: Any, **named: Any) -> Any:
        if first:
            first(query)
        done = await execute(self, query, *args, **named)
        if then:
            then(query)
        return done

    asyncpg.Connection.execute = killed


POINTS = {each.__name__: each for each in (
    before_signing, before_writing, before_committing, before_keeping, before_replacing
)}  # fmt: skip


async def main(point: str) -> None:
    connection = await asyncpg.connect(settings().database_url)
    POINTS[point]()
    await seal_once(connection)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
