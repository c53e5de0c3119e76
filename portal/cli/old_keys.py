"""What still hangs on the older keys of the ring: taken away too soon, a key takes that with it."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from portal.cli.checks import Finding, judged
from portal.platform import vault
from portal.platform.keyring import FILE
from portal.platform.settings import override, without_password

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "person-key": "keys of people",
        "totp": "second factors",
        "oidc": "secrets of identity providers",
        "oidc-proposal": "secrets of proposed identity providers",
        "bank-account": "bank accounts",
        "fingerprint-key": "keys of fingerprints",
        "signing-key": "keys of certificates",
        "received-file": "received files",
    }
)
_AT_ONCE: Final = 2_000
_MEND: Final = "portal keys rotate; the log is signed by the newest key from its next seal on"
_LOST: Final = f"bring back {FILE}, or PORTAL_SECRET_KEYS, as it was"
_ALL: Final = "portal doctor --figures"
# In no order, so that what a limit in time leaves out is not all of one kind.
_SEALED: Final = "select * from portal.sealed_secrets() order by random()"


class Tried(NamedTuple):
    """How many of each kind an older key alone opens, and no key at all; of how many, and whether those are all."""

    needed: Counter[str]
    lost: Counter[str]
    looked_at: int
    whole: bool


def examine(app: str, owner: str, keys: tuple[str, ...], seconds: float | None = None) -> Iterator[Finding]:
    """Nothing for a ring of one key. What is sealed is tried with the newest alone, as if the others were gone, all of
    it or as much as the time allows."""
    import psycopg

    if len(keys) < 2:
        return
    try:
        tried = _tried(owner, keys, seconds)
        needed = tried.needed + _policies(owner, keys)
        log_needs, log_lost = _log(app, keys)
    except psycopg.Error as error:
        yield Finding("Old keys", "note", without_password(str(error)).strip().splitlines()[0], "portal migrate")
        return
    if lost := [*_told(tried.lost, "{} that no key opens"), *log_lost]:
        yield Finding("Lost keys", "bad", ", ".join(lost), _LOST)
    more = "" if tried.whole else f" ({tried.looked_at} were looked at in {seconds:g} s, not all)"
    if hangs := [*_told(needed), *log_needs]:
        yield Finding("Old keys", "note", f"still needed: {', '.join(hangs)}{more}", _MEND)
        return
    free = f"nothing is sealed or signed by the older {len(keys) - 1}{more}"
    yield judged("Old keys", tried.whole, f"{free}; links in mails of the last week may be theirs", _ALL, "note")


def _tried(owner: str, keys: tuple[str, ...], seconds: float | None) -> Tried:
    """By batches, until the time is over; the database takes no longer either to begin with."""
    import psycopg
    from psycopg.rows import dict_row

    needed, lost, looked_at, whole = Counter[str](), Counter[str](), 0, False
    end = None if seconds is None else time.monotonic() + seconds
    bound = f"-c statement_timeout={int((seconds or 0) * 1000)}"
    with (
        suppress(psycopg.errors.QueryCanceled),
        psycopg.connect(owner, connect_timeout=5, options=bound) as connection,
        connection.cursor("sealed", row_factory=dict_row) as cursor,
    ):
        cursor.execute(_SEALED)
        while rows := [] if end is not None and time.monotonic() > end else cursor.fetchmany(_AT_ONCE):
            with override(secret_keys=keys[:1]):
                older = vault.unopened(rows)
            with override(secret_keys=keys):
                none = vault.unopened(older)
            needed.update(KINDS[row["kind"]] for row in older)
            lost.update(KINDS[row["kind"]] for row in none)
            looked_at += len(rows)
        whole = not cursor.fetchmany(1)
    return Tried(needed - lost, lost, looked_at, whole)


def _policies(owner: str, keys: tuple[str, ...]) -> Counter[str]:
    """Policies that held and that the newest key does not vouch for and the ring does."""
    import psycopg
    from psycopg.rows import dict_row

    from portal.access.loads import is_genuine

    with psycopg.connect(owner, connect_timeout=5) as connection, connection.cursor(row_factory=dict_row) as cursor:
        loads = cursor.execute("select * from portal.policy_loads()").fetchall()
    with override(secret_keys=keys):
        known = [row for row in loads if is_genuine(row)]
    with override(secret_keys=keys[:1]):
        return Counter({"policies that held": sum(not is_genuine(row) for row in known)})


def _told(found: Counter[str], said: str = "{}") -> list[str]:
    return [said.format(f"{number} {kind}") for kind, number in sorted(found.items()) if number]


def _log(app: str, keys: tuple[str, ...]) -> tuple[Sequence[str], Sequence[str]]:
    """The end of the log, as long as an older key alone vouches for it; and what is wrong with it for every key."""
    import psycopg
    from psycopg.rows import dict_row

    from portal.audit.sealing import Tampered, require_signed

    with psycopg.connect(app, connect_timeout=5) as connection, connection.cursor(row_factory=dict_row) as cursor:
        last: Any = cursor.execute("select * from portal.last_checkpoint()").fetchone()
    try:
        with override(secret_keys=keys):
            require_signed(last)
    except Tampered as error:
        return (), (str(error),)
    try:
        with override(secret_keys=keys[:1]):
            require_signed(last)
    except Tampered:
        return ("the signature of the log",), ()
    return (), ()
