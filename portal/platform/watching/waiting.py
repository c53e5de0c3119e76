"""What waits in the database, and whether those who should look after it were heard of: numbers and ages, no rows."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

WAITING: Final = """
select case state when 'queued' then 'queued' when 'consumed' then 'running' else 'dead' end as kind,
  coalesce(message ->> 'actor_name', '') as name, count(*) as number,
  coalesce(extract(epoch from clock_timestamp() - min(coalesce(consumed_at, available_at))
    filter (where available_at <= now())), 0)::float8 as seconds
from dramatiq.queue group by 1, 2
union all
select 'worker', '', count(*), extract(epoch from clock_timestamp() - max(heartbeat_at)) from dramatiq.worker
union all
select 'scheduler', '', count(*), extract(epoch from clock_timestamp() - max(beat_at)) from dramatiq.scheduler
union all
select kind, name, number, seconds from portal.waiting()
order by 1, 2
"""


class Waiting(NamedTuple):
    """So many of a kind, the oldest (of a worker or the scheduler: the last sign of life) so many seconds ago.

    Kinds: queued, running and dead jobs by their name; worker, scheduler; unsealed entries; mail, also
    unconfirmed; policy by its digest.
    """

    kind: str
    name: str
    number: int
    seconds: float | None


def told(rows: Iterable[Any]) -> list[Waiting]:
    return [Waiting(*row) for row in rows]
