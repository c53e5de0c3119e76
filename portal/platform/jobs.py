"""Jobs: registered here by name, run by the worker through Dramatiq.

Delivery is at least once, so every job is safe to run twice: it takes ids, locks, asks again. It runs as the system
actor of the organisation it was inserted for; its logs carry the request id that caused it, its span is a child of that
request's.
"""

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple
from uuid import UUID

import dramatiq
import structlog

from portal.platform.actor import Actor
from portal.platform.watching import errand, metrics, slow, tracing
from portal.platform.watching.errand import Errand

type_of_job = Callable[..., Awaitable[None]]
log = structlog.get_logger("jobs")


class Registered(NamedTuple):
    function: type_of_job
    retries: int
    seconds: int


JOBS: dict[str, Registered] = {}
CAME_FROM: ContextVar[str] = ContextVar("portal_came_from", default="")  # the traceparent of the message at hand


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
    bound = structlog.contextvars.bound_contextvars(job=name, request_id=cause, organisation=organisation_id)
    with bound, _watched(name) as doing:
        await JOBS[name].function(actor, **arguments)
        log.info("job done", seconds=round(doing.seconds(), 3), statements=doing.count)


@contextmanager
def _watched(name: str) -> Iterator[Errand]:
    """See one run from its begin to its end, whichever it has."""
    doing = Errand(tracing.started("consumer", name, CAME_FROM.get(), messaging_system="dramatiq", portal_job=name))
    before, failed = errand.enter(doing), ""
    try:
        yield doing
    except BaseException as error:
        failed = type(error).__name__
        raise
    finally:
        errand.leave(before)
        seconds = doing.seconds()
        tracing.ended(doing.span, failed=failed, portal_statements=doing.count)
        metrics.job(name, "failed" if failed else "done", seconds, doing.count)
        slow.tell("job", doing, seconds, error=failed)
