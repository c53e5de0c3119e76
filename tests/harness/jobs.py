"""Doing in the test what the worker does: the jobs that wait, one after the other, in this process.

`await run_jobs()` drains the queue, also of what jobs insert; `await run_jobs("documents.render")` does those alone.
A job that fails is tried as often as the worker would, without the pauses between.
"""

from typing import NamedTuple

import msgspec

from portal.platform.gate import gate
from portal.platform.jobs import JOBS, run

_NEXT = """
delete from dramatiq.queue where message_id = (
  select message_id from dramatiq.queue where state = 'queued' and (cardinality($1::text[]) = 0
    or message ->> 'actor_name' = any ($1)) order by position limit 1 for update skip locked)
returning message::text
"""


class Done(NamedTuple):
    """A job that was run: its name, and why it was given up in the end, if it was."""

    name: str
    error: Exception | None


async def run_jobs(*names: str) -> list[Done]:
    """Run what waits until nothing waits any more."""
    done = []
    while (message := await _take(names)) is not None:
        done.append(await _run(message["actor_name"], message["kwargs"]))
    return done


async def waiting_jobs(name: str) -> list[dict]:
    """The arguments of the jobs of this name that wait."""
    async with gate() as connection:
        rows = await connection.fetch(
            "select message::text as message from dramatiq.queue where message ->> 'actor_name' = $1 order by position",
            name,
        )
    return [msgspec.json.decode(row["message"])["kwargs"] for row in rows]


async def _take(names: tuple[str, ...]) -> dict | None:
    async with gate() as connection:
        message = await connection.fetchval(_NEXT, list(names))
    return None if message is None else msgspec.json.decode(message)


async def _run(name: str, arguments: dict) -> Done:
    error = None
    for _attempt in range(JOBS[name].retries + 1):
        try:
            await run(name, **arguments)
            return Done(name, None)
        except Exception as failure:
            error = failure
    return Done(name, error)
