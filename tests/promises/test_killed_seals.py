"""kill -9 exactly inside a seal, at each of its edges: the next one goes on, nothing is sealed twice or lost."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from portal.audit.verifying import verify
from portal.audit.witnesses import kept, newest
from portal.platform.settings import override, settings
from portal.worker.seal import seal_once
from tests.harness import cluster
from tests.harness.killed_sealer import POINTS
from tests.harness.log_rows import many_entries

UNCOMMITTED = {"before_signing", "before_writing", "before_committing"}


@pytest.fixture
async def app(database: str, connected: None, tmp_path: Path) -> AsyncIterator[Any]:
    """A connection as the application to a database of this story's own, with a data folder of its own."""
    name = f"{database}_killed"
    cluster.clone(name)
    urls = {"database_url": cluster.url("portal_app", name), "owner_url": cluster.url("portal_owner", name)}
    connection = await asyncpg.connect(urls["database_url"])
    with override(data=tmp_path, **urls):
        yield connection
    await connection.close()


def killed(point: str) -> int:
    """A sealer in a process of its own that dies there; gives how it ended."""
    known = {
        "PORTAL_DATABASE_URL": str(settings().database_url),
        "PORTAL_SECRET_KEYS": ",".join(settings().secret_keys),
        "PORTAL_DATA": str(settings().data),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    command = [sys.executable, "-m", "tests.harness.killed_sealer", point]
    return subprocess.run(command, env=clean | known, timeout=60, check=False).returncode


@pytest.mark.parametrize("point", POINTS)
async def test_a_seal_that_was_killed_is_whole_or_not_there_and_the_next_goes_on(app, point):
    await many_entries(app, 40)
    await seal_once(app)
    first = newest()
    written = await many_entries(app, 300)

    assert killed(point) == -signal.SIGKILL

    sealed = await app.fetchval("select size from portal.last_checkpoint()")
    assert sealed == (40 if point in UNCOMMITTED else 340)
    assert newest() == first, "the note in the data folder is whole, and the one of before"
    assert verify(str(settings().owner_url), kept()).faults == []

    later = await many_entries(app, 5)
    await seal_once(app)

    verdict = verify(str(settings().owner_url), kept())
    assert (verdict.faults, verdict.entries, verdict.waiting) == ([], 345, 0)
    assert verdict.kept >= 1
    assert newest() == verdict.note
    assert len({*written, *later}) == 305


async def test_a_sealer_that_is_killed_again_and_again_loses_nothing(app):
    for round_, point in enumerate([*POINTS, *reversed(POINTS)], start=1):
        await many_entries(app, 7)
        assert killed(point) == -signal.SIGKILL
        assert verify(str(settings().owner_url), kept()).faults == []
        waiting = await app.fetchval("select count(*) from portal.unsealed(1000)")
        size = await app.fetchval("select size from portal.last_checkpoint()")
        assert waiting + size == 7 * round_
    await seal_once(app)
    verdict = verify(str(settings().owner_url), kept())
    assert (verdict.faults, verdict.entries, verdict.waiting) == ([], 7 * 2 * len(POINTS), 0)
