"""RabbitMQ with quorum queues: what is confirmed lies on the disks of most of its hosts, and survives the loss of any.

Dramatiq declares classic queues, which one host keeps. A queue never changes its type: where `default` was declared as
a classic one before, RabbitMQ refuses, and it is deleted by its operator once it is empty.
"""

import logging
from typing import Any, Final

from dramatiq.brokers.rabbitmq import DEAD_MESSAGE_TTL, RabbitmqBroker
from dramatiq.common import xq_name
from dramatiq.middleware import Middleware

BLOCKED: Final = 5.0  # seconds that a RabbitMQ short of memory or disk may hold up whoever brings it a job
_KIND: Final = {"x-queue-type": "quorum"}
logging.getLogger("pika").setLevel(logging.CRITICAL)  # a dozen lines for each try; the portal's own log says it in one


class QuorumBroker(RabbitmqBroker):
    """Dramatiq's own client; its queues for jobs, for later tries and for given-up jobs are quorum queues."""

    def __init__(self, url: str, middleware: list[Middleware]) -> None:
        super().__init__(url=url, middleware=middleware, confirm_delivery=True)
        several: Any = self.parameters if isinstance(self.parameters, list) else [self.parameters]
        for each in several:
            each.blocked_connection_timeout = BLOCKED

    def _build_queue_arguments(self, queue_name: str) -> dict[str, Any]:
        return super()._build_queue_arguments(queue_name) | _KIND

    def _declare_xq_queue(self, queue_name: str) -> Any:
        arguments = {"x-message-ttl": DEAD_MESSAGE_TTL, **_KIND}
        return self.channel.queue_declare(queue=xq_name(queue_name), durable=True, arguments=arguments)
