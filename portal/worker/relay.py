"""The outbox: with a broker of its own, jobs still begin in the database, and are carried to the broker from there.

So a rollback leaves no job and a crash loses none. A crash between handing over and forgetting hands a job over twice,
which jobs allow for.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from dramatiq import Message
from dramatiq.common import q_name

from portal.platform.database import Connection
from portal.worker.brokers import outside

log = structlog.get_logger("scheduler")
_OLDEST = """
select message_id, message::text from dramatiq.queue where state = 'queued' and available_at <= now()
order by available_at, position limit 200 for update skip locked
"""


class Relay:
    """Carries jobs from the database to the broker of an address."""

    PAUSE = 0.25  # seconds between two looks

    def __init__(self, url: str) -> None:
        self.broker = outside(url)
        self._hand = ThreadPoolExecutor(1, "relay")  # the clients of brokers keep one connection a thread

    async def carry(self, connection: Connection) -> int:
        """Hand over what waits, oldest first; gives how many. Nothing is lost when the broker does not answer."""
        async with connection.transaction():
            waiting = await connection.fetch(_OLDEST)
            if not waiting:
                return 0
            try:
                await asyncio.get_running_loop().run_in_executor(self._hand, self._hand_over, waiting)
            except Exception as error:
                log.warning("the broker does not answer", error=str(error), waiting=len(waiting))
                return 0
            ids = [row["message_id"] for row in waiting]
            await connection.execute("delete from dramatiq.queue where message_id = any($1)", ids)
        return len(waiting)

    def _hand_over(self, waiting: Sequence[Any]) -> None:
        for row in waiting:
            message = Message.decode(row["message"].encode())
            options = {name: value for name, value in message.options.items() if name != "eta"}
            queue = q_name(message.queue_name)
            self.broker.declare_queue(queue)
            self.broker.enqueue(Message(**message.asdict() | {"queue_name": queue, "options": options}))
