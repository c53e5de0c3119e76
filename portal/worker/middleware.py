"""What Dramatiq calls on the way of a job: the connection on the jobs' event loop, and what the log is told."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import structlog
from dramatiq import Broker, MessageProxy, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError
from dramatiq_postgres import PostgresBroker

from portal.platform import database
from portal.platform.gate import gate
from portal.platform.jobs import CAME_FROM
from portal.platform.watching import metrics, tracing
from portal.platform.work.queue import QUEUE

log = structlog.get_logger("worker")
THREADS = 8  # jobs at a time; they wait for the database and for others, not for the processor
GOODBYE = 3.0  # seconds
HOMECOMING = 15.0  # seconds that a job which was given up may take to be kept
_HOME = """
insert into dramatiq.queue (message_id, queue_name, state, message) values ($1, $2, 'rejected', $3)
on conflict (message_id) do nothing
"""


class NotConnected(MiddlewareError):
    """The database does not answer: the worker does not start."""


class Connected(Middleware):
    """Opens the pool of connections on the event loop that the jobs run on, and closes it there."""

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        try:
            _on_loop(database.connect(most=THREADS + 2), 30.0)
            metrics.begin("worker")
            tracing.begin("worker")
            self._counting = asyncio.run_coroutine_threadsafe(database.keep_counting(), _loop())
        except Exception as error:
            thread = get_event_loop_thread()
            assert thread is not None
            thread.stop()
            raise NotConnected(str(error)) from error

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._counting.cancel()
        tracing.end()
        metrics.end()
        try:
            _on_loop(database.disconnect(), GOODBYE)
        except TimeoutError:
            log.warning("jobs are left behind: another worker does them again")


class Told(Middleware):
    """One line for each failure, with the request that caused the job; the job's own end is told by the job.

    What the message carries of that request's trace is laid where the job finds it.
    """

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        CAME_FROM.set(str(message.options.get(tracing.HEADER, "")))

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        if exception is not None:
            log.warning("job failed", **_of(message), error=f"{type(exception).__name__}: {exception}")

    def after_nack(self, broker: Broker, message: MessageProxy) -> None:
        """No further try: it failed too often, or no worker of this release knows it."""
        metrics.given_up(message.actor_name if message.actor_name in broker.actors else "-")
        log.error("job given up", **_of(message), known=message.actor_name in broker.actors)
        if not isinstance(broker, PostgresBroker):
            _on_loop(_bring_home(message), HOMECOMING)


async def _bring_home(message: MessageProxy) -> None:
    """Keep it where jobs begin, whichever broker it was given up in: `portal jobs retry` looks there."""
    async with gate() as connection:
        await connection.execute(_HOME, message.message_id, QUEUE, json.loads(message.encode()))


def _of(message: MessageProxy) -> dict[str, Any]:
    told = message.kwargs
    return {
        "job": message.actor_name,
        "request_id": told.get("cause", ""),
        "organisation": told.get("organisation_id", ""),
        "message_id": message.message_id,
        "retries": message.options.get("retries", 0),
    }


def _on_loop(work: Coroutine[Any, Any, Any], seconds: float) -> Any:
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(seconds)


def _loop() -> asyncio.AbstractEventLoop:
    thread = get_event_loop_thread()
    assert thread is not None, "the AsyncIO middleware stands before this one"
    return thread.loop
