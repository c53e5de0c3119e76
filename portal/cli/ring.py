"""What the doctor asks of the key ring: whether it opens what is sealed here, and what lies there in plain bytes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from portal.cli import old_keys
from portal.cli.checks import Finding, judged
from portal.platform import vault
from portal.platform.keyring import FILE, ring_of
from portal.platform.settings import BadSettings, override, settings, without_password

_BACK = f"bring back {FILE}, or PORTAL_SECRET_KEYS, as it was"
_PLAIN = "select count(*) from received_invoice where data_key is null"


def examine(folder: Path, app: str | None, owner: str | None, seconds: float | None) -> Iterator[Finding]:
    """Nothing is made: a folder without a ring gets none. Of a database that does not answer others tell."""
    if app is None:
        return
    try:
        keys = settings().secret_keys or (ring_of(folder / FILE) if (folder / FILE).exists() else ())
    except BadSettings as error:
        yield Finding("Key ring", "bad", str(error), _BACK)
        return
    yield _opens(app, keys) if keys else Finding("Key ring", "note", f"none in {folder}", _BACK)
    if owner:
        yield from old_keys.examine(app, owner, keys, seconds)
        yield _plain(owner)


def _opens(app: str, keys: tuple[str, ...]) -> Finding:
    """By the oldest and newest of each kind, as each part asks when it starts."""
    import psycopg
    from psycopg.rows import dict_row

    try:
        with psycopg.connect(app, connect_timeout=5) as connection, connection.cursor(row_factory=dict_row) as cursor:
            samples = cursor.execute(vault.SAMPLES).fetchall()
    except psycopg.Error as error:
        return _unanswered("Key ring", error)
    with override(secret_keys=keys):
        lost = vault.unopened(samples)
    told = _counted(lost or samples)
    said = f"does not open {told}" if lost else f"opens all that was looked at: {told or 'nothing is sealed'}"
    return judged("Key ring", not lost, said, _BACK)


def _counted(rows: Sequence[Mapping[str, Any]]) -> str:
    counted = Counter(old_keys.KINDS[row["kind"]] for row in rows)
    return ", ".join(f"{number} {kind}" for kind, number in sorted(counted.items()))


def _plain(owner: str) -> Finding:
    """Files that a release before kept in plain bytes, or that came back with an older copy."""
    import psycopg

    try:
        with psycopg.connect(owner, connect_timeout=5) as connection:
            connection.execute("set role portal_gate")
            (number,) = connection.execute(_PLAIN).fetchone() or (0,)
    except psycopg.Error as error:
        return _unanswered("Files at rest", error)
    said = f"{number} received files lie in plain bytes" if number else "every received file is sealed"
    return judged("Files at rest", not number, said, "portal scheduler and portal worker: a job seals them", "note")


def _unanswered(what: str, error: Exception) -> Finding:
    return Finding(what, "note", without_password(str(error)).strip().splitlines()[0], "portal migrate")
