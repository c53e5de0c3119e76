"""What still hangs on the older keys of the ring: taken away too soon, a key takes that with it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from portal.cli.checks import Finding, judged
from portal.platform import vault
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
_AT_ONCE: Final = 5_000
_MEND: Final = "portal keys rotate; the log is signed by the newest key from its next seal on"


def examine(app: str, owner: str, keys: tuple[str, ...]) -> Iterator[Finding]:
    """Nothing for a ring of one key. All that is sealed is tried with the newest alone, as if the others were gone."""
    import psycopg

    if len(keys) < 2:
        return
    try:
        needed = [*_sealed(owner, keys), *_signed(app, keys)]
    except psycopg.Error as error:
        yield Finding("Old keys", "note", without_password(str(error)).strip().splitlines()[0], "portal migrate")
        return
    free = f"nothing is sealed or signed by the older {len(keys) - 1}; links in mails of the last week may be theirs"
    yield judged("Old keys", not needed, f"still needed: {', '.join(needed)}" if needed else free, _MEND, "note")


def _sealed(owner: str, keys: tuple[str, ...]) -> list[str]:
    """How many of each kind the newest key does not open; and policies that it does not vouch for and the ring does."""
    import psycopg
    from psycopg.rows import dict_row

    from portal.access.loads import is_genuine

    found: Counter[str] = Counter()
    with psycopg.connect(owner, connect_timeout=5) as connection:
        with override(secret_keys=keys[:1]), connection.cursor("sealed", row_factory=dict_row) as sealed:
            sealed.execute("select * from portal.sealed_secrets()")
            while rows := sealed.fetchmany(_AT_ONCE):
                found.update(KINDS[row["kind"]] for row in vault.unopened(rows))
        loads = connection.cursor(row_factory=dict_row).execute("select * from portal.policy_loads()").fetchall()
    with override(secret_keys=keys):
        known = [row for row in loads if is_genuine(row)]
    with override(secret_keys=keys[:1]):
        found["policies that held"] = sum(not is_genuine(row) for row in known)
    return [f"{number} {kind}" for kind, number in sorted(found.items()) if number]


def _signed(app: str, keys: tuple[str, ...]) -> Sequence[str]:
    """The end of the log, as long as no newer key vouches for the one that signed it."""
    import psycopg
    from psycopg.rows import dict_row

    from portal.audit.sealing import Tampered, require_signed

    with psycopg.connect(app, connect_timeout=5) as connection, connection.cursor(row_factory=dict_row) as cursor:
        last: Any = cursor.execute("select * from portal.last_checkpoint()").fetchone()
    try:
        with override(secret_keys=keys[:1]):
            require_signed(last)
    except Tampered:
        return ["the signature of the log"]
    return []
