"""Jobs: registered here by name, run by the worker through Dramatiq.

Delivery is at least once, so every job is safe to run twice: it takes ids, locks, asks again. It runs as the system
actor of the organisation it was inserted for, and its logs carry the request id that caused it.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import dramatiq
import structlog

from portal.platform.actor import Actor

type_of_job = Callable[..., Awaitable[None]]
log = structlog.get_logger("jobs")


class Registered(NamedTuple):
    function: type_of_job
    retries: int
    seconds: int


JOBS: dict[str, Registered] = {}


def job(name: str, *, retries: int = 5, seconds: int = 120) -> Callable[[type_of_job], type_of_job]:
    """Register `async (actor, **ids)` under a stable name such as `documents.render`; `seconds` limits one run."""

    def register(function: type_of_job) -> type_of_job:
        JOBS[name] = Registered(function, retries, seconds)
        return function

    return register


def declare(broker: dramatiq.Broker) -> None:
    """Make each registered job a Dramatiq actor of this broker; only the worker does this."""
    for name, registered in JOBS.items():
        dramatiq.Actor(
            functools.partial(run, name),
            broker=broker,
            actor_name=name,
            queue_name="default",
            priority=0,
            options={"max_retries": registered.retries, "time_limit": registered.seconds * 1000},
        )


async def run(name: str, *, organisation_id: str, cause: str = "", **arguments: Any) -> None:
    """Run one job as its organisation's system actor."""
    actor = Actor.system(UUID(organisation_id), cause=cause)
    with structlog.contextvars.bound_contextvars(job=name, request_id=cause, organisation=organisation_id):
        await JOBS[name].function(actor, **arguments)
        log.info("job done")
