"""Jobs that were given up: which they are, and trying them again once their cause is mended."""

from typing import Annotated, Any

import typer

from portal.cli.place import Data, database, required
from portal.cli.screen import Json, remark, say_json, table

jobs = typer.Typer(help="Jobs that were given up.", no_args_is_help=True)
Name = Annotated[str | None, typer.Option("--job", help="Jobs of this name alone, such as messaging.send.")]
_DEAD = """
select message ->> 'actor_name' as job, count(*)::int as number, min(mtime)::text as since from dramatiq.queue
where state = 'rejected' group by 1 order by 1
"""
_AGAIN = """
with again as (update dramatiq.queue set state = 'queued', worker_id = null, consumed_at = null, available_at = now(),
    mtime = now(), message = jsonb_set(message, '{options}', (message -> 'options') - '{retries,eta,traceback}'::text[])
  where state = 'rejected' and (%(job)s::text is null or message ->> 'actor_name' = %(job)s) returning 1)
select count(*)::int, pg_notify('dramatiq.default.enqueue', '')::text from again
"""


@jobs.command("list")
def given_up(data: Data = None, json: Json = False) -> None:
    """Say which jobs were given up, how many of each, and since when. Their log lines say why."""
    rows = [dict(zip(("job", "number", "since"), row, strict=True)) for row in _ask(data, _DEAD)]
    if json:
        say_json(rows)
    else:
        table("", ("Job", "Number", "Since"), [tuple(map(str, row.values())) for row in rows])


@jobs.command("retry")
def retry(job: Name = None, data: Data = None, json: Json = False) -> None:
    """Put jobs that were given up back into the queue. Each is safe to run twice."""
    number = _ask(data, _AGAIN, {"job": job})[0][0]
    if json:
        say_json({"queued": number})
    else:
        remark(f"Jobs that are tried again: {number}.")


def _ask(data: Any, sql: str, values: dict[str, Any] | None = None) -> list[Any]:
    import psycopg

    with database(data), psycopg.connect(required("PORTAL_DATABASE_URL"), connect_timeout=5) as connection:
        return connection.execute(sql.encode(), values).fetchall()
