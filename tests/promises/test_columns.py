"""Every column sent to every write: what a body may say is what its form names, and nothing else reaches a table.

Each column is sent a value of its own type that stands nowhere else, and every row of every table is searched for it. A
yes or no stands everywhere: of these, as many have to be yes as when nothing was smuggled.
"""

from typing import Any, NamedTuple

import pytest
from litestar import Litestar

from portal.platform.work import Row
from tests.harness.banks import proved
from tests.harness.bodies import body_of, typed
from tests.harness.routes import EMPTY_FORM, FORMS
from tests.harness.world import an_item, trading_pair
from tests.promises.test_writes import WRITES, writes_of

TEXT = "smuggled-4711"
SMUGGLED = {
    "uuid": "47114711-4711-7711-8711-471147114711",
    "date": "1947-11-04",
    "timestamp with time zone": "1947-11-04T04:07:11Z",
    "numeric": "4711.0471",
    "integer": "471104",
    "bigint": "471104",
    "smallint": "4711",
    "boolean": "true",
}
FOUND = r"\m(smuggled-4711|47114711-4711-7711-8711-471147114711|1947-11-04|4711\.0471|471104)\M"
FILES = {"putImportFile"}  # its body is the file
# A receipt and an invoice begin from a despatch advice with the same forms as from an order.
AGAIN = {"/despatch-advices/{advice_id}/receive", "/despatch-advices/{advice_id}/invoice"}
PAGES = {path: operation for path, operation in FORMS.items() if operation in WRITES and path not in AGAIN}


def columns(superuser: Any) -> dict[str, str]:
    """Every column of a record, and its type; where tables differ, the stricter one."""
    kinds = [kind.table_name() for kind in Row.__subclasses__()]
    sql = """select a.attname, min(format_type(a.atttypid, null)) from pg_attribute a
      where a.attrelid = any(%s::regclass[]) and a.attnum > 0 and not a.attisdropped group by 1"""
    return dict(superuser.execute(sql, [kinds]).fetchall())


def named(schema: dict[str, Any], body: dict[str, Any]) -> set[str]:
    """Every name that the body's own form knows, at whatever depth."""
    found: set[str] = set()
    waiting, known = [body], schema["components"]["schemas"]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            if "$ref" in part:
                waiting.append(known[part["$ref"].rsplit("/", 1)[1]])
            found |= set(part.get("properties", ()))
            waiting += [value for name, value in part.items() if name not in ("required", "enum", "examples")]
    return found


def everywhere(superuser: Any) -> list[str]:
    """The tables with a row that says what was smuggled; what was refused may be told in the log."""
    tables = superuser.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
        "and relname not in ('audit_entry', 'audit_private', 'idempotency_key')"
    ).fetchall()
    asked = " union all ".join(
        f"(select '{name}' from {name} where {name}::text ~ '{FOUND}' limit 1)" for (name,) in tables
    )
    return [row[0] for row in superuser.execute(asked).fetchall()]


def said_yes(superuser: Any, sides: list[Any]) -> dict[tuple[str, str], int]:
    """Of each column of yes and no, how many rows of these two organisations say yes."""
    found = {}
    for table, flags, owners in superuser.execute(_FLAGS).fetchall():
        own = " or ".join(f"{owner} = any(%(sides)s)" for owner in owners)
        sums = ", ".join(f"count(*) filter (where {flag})" for flag in flags)
        told = superuser.execute(f"select {sums} from {table} where {own}".encode(), {"sides": sides}).fetchone()
        found |= {(table, flag): number for flag, number in zip(flags, told, strict=True) if number}
    return found


_FLAGS = """
select c.relname, array_agg(a.attname::text) filter (where a.atttypid = 'boolean'::regtype),
  array_agg(a.attname::text) filter (where a.attname in ('organisation_id', 'buyer_id', 'supplier_id', 'owner_id'))
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname having bool_or(a.atttypid = 'boolean'::regtype)
  and bool_or(a.attname in ('organisation_id', 'buyer_id', 'supplier_id', 'owner_id')) order by 1
"""


class Ready(NamedTuple):
    """Who writes, about what, with which body; and the two organisations."""

    person: Any
    ids: dict[str, Any]
    body: dict[str, Any]
    sides: list[Any]


async def ready(operation: str) -> Ready:
    role, situation = WRITES[operation]
    company, supplier = await trading_pair()
    item = await an_item(company)
    ids = {"item_id": item.id, "supplier_id": supplier.id} | await situation(company, supplier)
    person = proved((supplier.people | company.people)[role])
    return Ready(person, ids, body_of(operation, ids), [company.id, supplier.id])


def to_smuggle(app: Litestar, superuser: Any, schema: dict[str, Any], operation: str) -> tuple[dict[str, Any], bool]:
    """Every column that the operation's body does not name, with a value of its type; and whether it has a body."""
    method, path = writes_of(app)[operation]
    described = schema["paths"][path.replace(":uuid", "")][method.lower()].get("requestBody")
    known = named(schema, described) if described else set()
    sent = {name: SMUGGLED.get(of, TEXT) for name, of in columns(superuser).items() if name not in known}
    return sent, bool(described)


@pytest.fixture(scope="module")
def schema(app: Litestar) -> dict[str, Any]:
    return app.openapi_schema.to_schema()


@pytest.mark.parametrize("operation", sorted(WRITES.keys() - FILES))
async def test_no_program_writes_a_column_that_its_body_does_not_name(app, schema, client_of, superuser, operation):
    person, ids, body, _sides = await ready(operation)
    method, path = writes_of(app)[operation]
    smuggled, described = to_smuggle(app, superuser, schema, operation)

    answer = await (await client_of(person)).request(method, path.format(**ids), json=body | smuggled)

    if described:
        assert answer.status_code == 422, answer.text
        assert {error["field"] for error in answer.json()["errors"]} >= {"organisation_id", "source"} & smuggled.keys()
    assert everywhere(superuser) == []


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_no_page_writes_a_column_that_its_form_does_not_name(schema, app, client_of, superuser, path):
    smuggled, _described = to_smuggle(app, superuser, schema, PAGES[path])
    smuggled.pop("version", None)  # of what was seen: every page's form says it
    statuses, yes = [], []
    for more in ({}, smuggled):
        person, ids, body, sides = await ready(PAGES[path])
        fields = dict(typed(body)) | more
        answer = await (await client_of(person)).post(path.format(**ids), data=fields, headers=EMPTY_FORM)
        statuses.append(answer.status_code)
        yes.append(said_yes(superuser, sides))

    assert statuses[1] in (statuses[0], 422)  # a page may write a part of its form under a column's name, flat
    assert yes[1] == yes[0]
    assert everywhere(superuser) == []
