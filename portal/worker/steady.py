"""A broker that outlives its database: connections break, the server restarts, and no job is lost or left lying.

Dramatiq's broker for PostgreSQL takes jobs by a statement whose answer may never arrive, and gives up putting one back
after a few tries. Here whatever this worker has in the database and not in memory goes back into the queue, and putting
back is tried for as long as the worker lives.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from dramatiq import Message, MessageProxy
from dramatiq.errors import BrokerConnectionError
from dramatiq_postgres import PostgresBroker
from dramatiq_postgres.broker import PostgresConsumer
from dramatiq_postgres.utils import transaction
from psycopg import Error

log = structlog.get_logger("worker")
AGAIN = 0.5  # seconds between two tries to reach the database
# Taken by this worker, but not known to it: the answer of the statement that took it never came. What was taken just
# now may be on its way.
_LOST = """
update dramatiq.queue set state = 'queued', worker_id = null, consumed_at = null, mtime = now()
where state = 'consumed' and worker_id = %s and not message_id = any (%s::uuid[])
  and consumed_at < now() - make_interval(secs => %s)
"""


class SteadyBroker(PostgresBroker):
    """The library's broker, which knows what its worker holds: names of queues and ids of messages.

    A message that is put back into another queue is held under both names until it is let go of in the first.
    """

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self._held: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 30_000) -> "SteadyConsumer":
        return SteadyConsumer(broker=self, queue_name=queue_name, prefetch=prefetch, timeout=timeout)

    def enqueue(self, message: Message, *, delay: int | None = None) -> Message:
        """Put a job back, mostly for a later try: were it given up, the job would be acknowledged and gone."""
        while True:
            try:
                return super().enqueue(message, delay=delay)
            except (Error, BrokerConnectionError) as error:
                if self._closed.is_set():
                    raise
                log.warning("a job cannot be put back while the database is away", error=str(error))
                self._closed.wait(AGAIN)

    def maybe_maintenance(self, conn: Any) -> None:
        """What no live worker has goes back into the queue; also what this one has without knowing."""
        due = time.monotonic() >= self._maintenance_at
        super().maybe_maintenance(conn)
        if not due:
            return
        with self._lock:
            known = [message_id for _queue, message_id in self._held]
        with transaction(conn) as cursor:
            cursor.execute(_LOST, (self.worker_id, known, self.heartbeat_ttl))
            if cursor.rowcount:
                log.warning("jobs whose taking was never answered go back", jobs=cursor.rowcount)

    def hold(self, queue: str, messages: Iterable[Message]) -> None:
        with self._lock:
            self._held.update((queue, str(message.message_id)) for message in messages)

    def let_go(self, queue: str, messages: Iterable[Message | MessageProxy] | None = None) -> None:
        """Of these, or of all that came from this queue."""
        with self._lock:
            gone = {(queue, str(message.message_id)) for message in messages or ()}
            self._held -= gone if messages is not None else {each for each in self._held if each[0] == queue}

    def close(self) -> None:
        self._closed.set()
        super().close()


class SteadyConsumer(PostgresConsumer):
    """Tells the broker what it takes and what it lets go of; whatever breaks is a lost connection."""

    broker: SteadyBroker

    def __next__(self) -> MessageProxy | None:
        return _connected(super().__next__)

    def claim(self, limit: int) -> None:
        super().claim(limit)
        self.broker.hold(self.queue_name, self.buffer)

    def ack(self, message: MessageProxy) -> None:
        _connected(super().ack, message)
        self.broker.let_go(self.queue_name, [message])

    def nack(self, message: MessageProxy) -> None:
        _connected(super().nack, message)
        self.broker.let_go(self.queue_name, [message])

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        given = list(messages)
        _connected(super().requeue, given)
        self.broker.let_go(self.queue_name, given)

    def close(self) -> None:
        """What was taken and given to nobody is not held any more; delayed ones Dramatiq forgets with us."""
        delayed = self.queue_name in self.broker.delay_queues
        self.broker.let_go(self.queue_name, None if delayed else self.buffer)
        self.buffer = []
        super().close()


def _connected(act: Callable[..., Any], *given: Any) -> Any:
    """Dramatiq tries again after a lost connection, and gives up a message after anything else."""
    try:
        return act(*given)
    except Error as error:
        raise BrokerConnectionError(str(error)) from error
