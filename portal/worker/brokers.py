"""Where jobs wait: in the database, or in the Redis or RabbitMQ that PORTAL_BROKER_URL names.

Either way a job is inserted into the database together with the rows it is about; with a broker of its own, the
scheduler carries it there (`portal.worker.relay`).
"""

from urllib.parse import quote, urlsplit

from dramatiq import Broker
from dramatiq.middleware import AsyncIO, Retries, TimeLimit
from dramatiq_postgres import PostgresBroker

from portal.platform.settings import settings
from portal.worker.middleware import Connected, Told

# Claims are planned badly while statistics are fresh: 192 ms by a sequential scan, 3 ms by the index.
BY_INDEX = "options=" + quote("-c enable_seqscan=off")
# Seconds. A worker that is killed loses its jobs to the others after 6 to 11 seconds.
HEARTBEAT, FORGOTTEN, MAINTENANCE = 2.0, 6.0, 3.0
# Milliseconds from the first retry to the longest pause between two.
FIRST_PAUSE, LONGEST_PAUSE = 1_000, 600_000


def broker() -> Broker:
    """The broker that this installation's workers take jobs from."""
    named = settings().broker_url
    return _of_postgres(_database()) if named is None else outside(named)


def outside(url: str) -> Broker:
    """The broker of a `redis:` or `amqp:` address. Redis keeps queued jobs over a kill only with appendonly."""
    if urlsplit(url).scheme.startswith("redis"):
        from dramatiq.brokers.redis import RedisBroker

        return RedisBroker(url=url, middleware=_middleware())
    from dramatiq.brokers.rabbitmq import RabbitmqBroker

    return RabbitmqBroker(url=url, middleware=_middleware(), confirm_delivery=True)


def _of_postgres(url: str) -> Broker:
    return PostgresBroker(
        url=f"{url}{'&' if '?' in url else '?'}{BY_INDEX}",
        results=False,
        heartbeat_interval=HEARTBEAT,
        heartbeat_ttl=FORGOTTEN,
        maintenance_interval=MAINTENANCE,
        middleware=_middleware(),
    )


def _database() -> str:
    url = settings().database_url
    if url is None:
        raise RuntimeError("PORTAL_DATABASE_URL is not set.")
    return url


def _middleware() -> list:
    return [
        TimeLimit(),
        AsyncIO(),
        Connected(),
        Retries(min_backoff=FIRST_PAUSE, max_backoff=LONGEST_PAUSE),
        Told(),
    ]
