"""More of everything that two organisations have: each row again, a few times, under ids and numbers of its own.

It fills lists and pages whatever they show, without a story for each kind. Sums do not hold afterwards, and nobody
should ask them to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg

from tests.harness.cluster import run

# The log and its seals, who may enter, what waits to be done: rows of these are not things that a page lists.
ALONE = ("audit_", "session", "credential", "totp", "passkey", "recovery_code", "ceremony", "migration", "policy_load")
ALONE += (
    "document_number",
    "import_run",
    "import_progress",
    "fingerprint_key",
    "person_key",
    "idempotency_key",
    "duty_",
    "order_revision",  # without gaps
    "contract_round",
    "file_store",
)
OWNERS = ("organisation_id", "buyer_id", "supplier_id", "owner_id", "shown_to")
# Where what is unique is no text and no number: whose it is, or of when.
OTHERWISE = {
    ("trading_relationship", "supplier_id"): "gen_random_uuid()",
    ("trading_relationship", "shown_to"): "null",
    ("bank_approval", "bank_account_id"): "gen_random_uuid()",
    ("scorecard", "month"): "(t.month - make_interval(months => n))::date",
    ("scorecard", "revision"): "t.revision",
    ("supplier_price", "minimum_quantity"): "coalesce(t.minimum_quantity, 0) + n",
    ("supplier_price", "valid_from"): "t.valid_from",
    ("order_response", "state"): "'stale'",
}
_TABLES = """
select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
  array_agg(format_type(a.atttypid, null) order by a.attnum) as types,
  coalesce((select array_agg(distinct x.attname::text) from pg_index i
    join pg_attribute x on x.attrelid = c.oid and x.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisunique),
    '{}') as unique
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  and a.attgenerated = ''
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition group by c.oid, c.relname
order by c.relname
"""


class Kind(NamedTuple):
    """A table: its columns with their types, and which of them are part of something unique."""

    name: str
    columns: list[str]
    types: list[str]
    unique: list[str]


@contextmanager
def crowd(superuser: psycopg.Connection, *organisations: Any, times: int = 4) -> Iterator[set[str]]:
    """Multiply what these organisations have for a while; gives the tables of which there is more now."""
    kinds = [Kind(*row) for row in superuser.execute(_TABLES.encode()).fetchall()]
    names = ", ".join(f"'{each}'" for each in organisations)
    made: dict[str, list[str]] = {}
    run(superuser, "set session_replication_role = replica")
    for kind in kinds:
        if not kind.name.startswith(ALONE):
            made[kind.name] = _multiply(superuser, kind, names, times)
    try:
        yield {name for name, rows in made.items() if rows}
    finally:
        for name, rows in made.items():
            superuser.execute(f"delete from {name} where ctid = any(%s::tid[])".encode(), [rows])
        run(superuser, "reset session_replication_role")


def _multiply(superuser: psycopg.Connection, kind: Kind, names: str, times: int) -> list[str]:
    """Where the new rows lie; none where they cannot differ from the old ones."""
    owners = [each for each in OWNERS if each in kind.columns]
    if not owners or ("id" not in kind.columns and not _apart(kind)):
        return []
    values = ", ".join(_value(kind, name, of) for name, of in zip(kind.columns, kind.types, strict=True))
    owned = " or ".join(f"{each} in ({names})" for each in owners)
    try:
        done = run(
            superuser,
            f"insert into {kind.name} ({', '.join(kind.columns)}) select {values} from {kind.name} t "
            f"cross join generate_series(1, {times}) n where {owned} returning ctid::text",
        )
    except psycopg.errors.IntegrityError:
        return []
    return [row[0] for row in done.fetchall()]


def _apart(kind: Kind) -> bool:
    """Whether copies can differ in what is unique."""
    return any(
        of in ("text", "integer", "date")
        for name, of in zip(kind.columns, kind.types, strict=True)
        if name in kind.unique
    )


def _value(kind: Kind, name: str, of: str) -> str:
    if (kind.name, name) in OTHERWISE:
        return OTHERWISE[kind.name, name]
    if name == "id":
        return "gen_random_uuid()"
    if name in kind.unique and name not in ("state", "currency", "kind"):
        return {"text": f"t.{name} || n", "integer": f"t.{name} + 100 * n", "date": f"t.{name} + n::int"}.get(
            of, f"t.{name}"
        )
    return f"t.{name}"
