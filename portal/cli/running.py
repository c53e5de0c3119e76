"""What the doctor asks of a portal at work: what waits and for how long, who was heard of, how full the pools are.

It reads the same figures as `/metrics`, from the database and from the folder where processes count.
"""

import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.cli.checks import Finding, judged
from portal.platform.settings import override, without_password
from portal.platform.watching import metrics, tracing
from portal.platform.watching.waiting import WAITING, Waiting, told

LATE = 120  # seconds: jobs begin and entries are sealed in a few, workers and schedulers say more often that they live
LATE_MAIL = 900  # seconds; servers of others may ask for patience
CROWDED = 0.8  # of the connections that the server allows
ANSWER = 3.0  # seconds
_SERVER = """
select count(*) filter (where application_name = 'portal' and usename = current_user and pid <> pg_backend_pid()),
  count(*), current_setting('max_connections')::int from pg_stat_activity where backend_type = 'client backend'
"""
_BACK = """
select count(*) from person p where (p.id = any(%s) or exists (select from person_erasure e where e.person_id = p.id))
  and (exists (select from person_key k where k.person_id = p.id)
    or not exists (select from person_erasure e where e.person_id = p.id))
"""


def examine(folder: Path, app: str | None, owner: str | None) -> Iterator[Finding]:
    """All of it; of a database that does not answer, or is older than this release, others tell."""
    import psycopg

    yield from _traces()
    if app is None:
        return
    try:
        with psycopg.connect(app, connect_timeout=5) as connection:
            serving, used, most = connection.execute(_SERVER).fetchone() or (0, 0, 1)
            waiting = told(connection.execute(WAITING).fetchall())
    except psycopg.Error as error:
        yield Finding("Work", "note", without_password(str(error)).strip().splitlines()[0], "portal migrate")
        return
    yield from _signs_of_life(waiting, serving > 0)
    yield from _queue(waiting)
    yield mails(waiting)
    yield _sealed(waiting)
    yield _policy(waiting)
    yield judged("Connections", used <= most * CROWDED, f"{used} of {most}", "raise max_connections, or pool them")
    with override(data=folder):
        yield from _pools()
        if owner:
            yield _erasures(owner)


def _signs_of_life(waiting: Iterable[Waiting], serving: bool) -> Iterator[Finding]:
    """A part that is not there is bad where pages are served, and may be meant so where nothing runs."""
    known = {each.kind: each.seconds for each in waiting}
    for kind in ("worker", "scheduler"):
        age = known.get(kind)
        said = "never heard of" if age is None else f"heard of {age:.0f} s ago"
        lives = age is not None and age < LATE
        yield judged(kind.capitalize(), lives, said, f"portal {kind}", "bad" if serving else "note")


def _queue(waiting: Sequence[Waiting]) -> Iterator[Finding]:
    late = [each for each in waiting if each.kind == "queued" and (each.seconds or 0) > LATE]
    number = sum(each.number for each in waiting if each.kind == "queued")
    said = ", ".join(f"{each.number} {each.name}, the oldest for {each.seconds:.0f} s" for each in late[:5])
    mend = "portal worker, or one more of it"
    yield judged("Queue", not late, said or f"{number} jobs, none of them late", mend)
    dead = [each for each in waiting if each.kind == "dead"]
    said = ", ".join(f"{each.number} {each.name}" for each in dead[:5])
    yield judged("Jobs given up", not dead, said or "none", "mend what their log says, then: portal jobs retry")


def mails(waiting: Iterable[Waiting]) -> Finding:
    number, age = _of(waiting, "mail")
    said = f"{number} wait, the oldest for {age:.0f} s" if number else "none waits"
    return judged(
        "Mails", age < LATE_MAIL, said, "correct PORTAL_SMTP_URL, or start its server; then: portal jobs retry"
    )


def _sealed(waiting: Iterable[Waiting]) -> Finding:
    number, age = _of(waiting, "unsealed")
    said = f"{number} entries wait, the oldest for {age:.0f} s" if number else "nothing waits to be sealed"
    return judged("Sealed log", age < LATE, said, "portal scheduler; if it runs: portal audit verify")


def _policy(waiting: Iterable[Waiting]) -> Finding:
    """Whether what this release says of access is what processes loaded last."""
    from portal.access.policy import POLICY

    if not POLICY.loaded:
        POLICY.load()
    if not POLICY.loaded:
        return Finding("Policy", "bad", "does not load: everything is denied", "correct policies/, or install again")
    newest = next((each.name for each in waiting if each.kind == "policy"), "")
    same = newest in ("", POLICY.digest)
    said = f"{POLICY.digest[:12]}{', as processes loaded it' if newest and same else ''}"
    said = said if same else f"{said} here, {newest[:12]} in the processes"
    return judged("Policy", same, said, "portal policy reload; after an upgrade: restart every part", "note")


def _of(waiting: Iterable[Waiting], kind: str) -> tuple[int, float]:
    return next(((each.number, each.seconds or 0.0) for each in waiting if each.kind == kind), (0, 0.0))


def _pools() -> Iterator[Finding]:
    """How far each part of this machine uses its connections, as its processes said a few seconds ago."""
    from portal.platform.watching.slots import held

    folder = metrics.folder()
    if not folder.exists() or not held(folder):
        return
    from portal.platform.watching.exposition import pools

    for (part, pool), state in sorted(pools(folder).items()):
        said = f"{state['used']:.0f} of {state['most']:.0f} in use"
        free = state["used"] < state["most"]
        yield judged(f"Pool {pool} of {part}", free, said, f"start more processes of {part}", "note")


def _erasures(owner: str) -> Finding:
    """Whether somebody who was erased came back with an older copy."""
    import psycopg

    from portal.audit.erasures import remembered

    try:
        with psycopg.connect(owner, connect_timeout=5) as connection:
            connection.execute("set role portal_gate")
            back: Any = (connection.execute(_BACK, [remembered()]).fetchone() or (0,))[0]
    except psycopg.Error as error:
        return Finding("Erasures", "note", without_password(str(error)).splitlines()[0], "portal migrate")
    return judged("Erasures", not back, f"{back} people came back" if back else "all stand", "portal migrate")


def _traces() -> Iterator[Finding]:
    """Where traces are to go, if anywhere, and whether somebody listens there."""
    if not tracing.wanted(os.environ):
        return
    address = tracing.endpoint(os.environ)
    parts = urlsplit(address)
    shown = f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), ANSWER).close()
    except (OSError, ValueError) as error:
        yield Finding(
            "Traces", "note", f"{shown}: {error}", "start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT"
        )
        return
    spoken = tracing.protocol(os.environ) == tracing.SPOKEN
    said = f"to {shown}" if spoken else f"{tracing.protocol(os.environ)} is not spoken here"
    yield judged("Traces", spoken, said, f"set OTEL_EXPORTER_OTLP_PROTOCOL to {tracing.SPOKEN}")
