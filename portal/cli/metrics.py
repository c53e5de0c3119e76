"""The figures of this machine for Prometheus, where no web process tells them: a host of workers, a scheduler's."""

import sys

from portal.cli.place import required


def metrics() -> None:
    """Print what /metrics tells, from the database and from what the processes of this machine counted."""
    url = required("PORTAL_DATABASE_URL")
    import psycopg

    from portal.platform.watching import exposition
    from portal.platform.watching import metrics as figures
    from portal.platform.watching.waiting import WAITING, told

    figures.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            waiting = told(connection.execute(WAITING).fetchall())
    except psycopg.Error:
        waiting = None  # the page says so
    sys.stdout.buffer.write(exposition.text(figures.folder(), waiting))
    sys.stdout.flush()
