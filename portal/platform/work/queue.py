"""Jobs inserted in the transaction of the rows they are about, in Dramatiq's own message format.

A rollback leaves no job and a crash after commit loses none. PostgreSQL sends the wake-up at commit.
"""

import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from portal.platform.watching import tracing
from portal.platform.wiring import Job
from portal.platform.work.flush import Piece

QUEUE = "default"


def insert_jobs(jobs: Sequence[Job], cause: str) -> Piece:
    """One insert for all the jobs of a change; `cause` is the request id that they carry into their logs, as the
    message's options carry its trace."""
    rows = [_row(job, cause) for job in jobs]
    return Piece(
        "insert into dramatiq.queue (queue_name, message_id, state, message) "
        f"select '{QUEUE}', r.message_id, 'queued', r.message "
        "from jsonb_to_recordset($1) as r (message_id uuid, message jsonb)",
        (rows,),
    )


WAKE = Piece(f"select pg_notify('dramatiq.{QUEUE}.enqueue', '')", ())


def _row(job: Job, cause: str) -> dict[str, Any]:
    message_id = str(uuid4())
    message = {
        "queue_name": QUEUE,
        "actor_name": job.name,
        "args": [],
        "kwargs": {"organisation_id": str(job.organisation_id), "cause": cause, **_plain(job)},
        "options": tracing.carried(),
        "message_id": message_id,
        "message_timestamp": int(time.time() * 1000),
    }
    return {"message_id": message_id, "message": message}


def _plain(job: Job) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | bool | None) else str(value) for name, value in job.arguments.items()
    }
