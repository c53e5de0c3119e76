"""Every column sent to every write: what a body may say is what its form names, and nothing else reaches a table."""

from typing import Any

import pytest
from litestar import Litestar

from portal.platform.work import Row
from tests.harness.banks import proved
from tests.harness.bodies import body_of, typed
from tests.harness.routes import EMPTY_FORM, FORMS
from tests.harness.world import an_item, trading_pair
from tests.promises.test_writes import WRITES, writes_of

MARK = "smuggled-4711"
FILES = {"putImportFile"}  # its body is the file
# A receipt and an invoice begin from a despatch advice with the same forms as from an order.
AGAIN = {"/despatch-advices/{advice_id}/receive", "/despatch-advices/{advice_id}/invoice"}
PAGES = {path: operation for path, operation in FORMS.items() if operation in WRITES and path not in AGAIN}


def columns() -> set[str]:
    return {str(name) for kind in Row.__subclasses__() for name in kind.column_names()}


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
        f"(select '{name}' from {name} where {name}::text like '%{MARK}%' limit 1)" for (name,) in tables
    )
    return [row[0] for row in superuser.execute(asked).fetchall()]


async def ready(operation: str) -> tuple[Any, dict[str, Any], Any]:
    role, situation = WRITES[operation]
    company, supplier = await trading_pair()
    item = await an_item(company)
    ids = {"item_id": item.id, "supplier_id": supplier.id} | await situation(company, supplier)
    return proved((supplier.people | company.people)[role]), ids, body_of(operation, ids)


@pytest.fixture(scope="module")
def schema(app: Litestar) -> dict[str, Any]:
    return app.openapi_schema.to_schema()


@pytest.mark.parametrize("operation", sorted(WRITES.keys() - FILES))
async def test_no_program_writes_a_column_that_its_body_does_not_name(app, schema, client_of, superuser, operation):
    person, ids, body = await ready(operation)
    client = await client_of(person)
    method, path = writes_of(app)[operation]
    described = schema["paths"][path.replace(":uuid", "")][method.lower()].get("requestBody")
    smuggled = dict.fromkeys(columns() - (named(schema, described) if described else set()), MARK)

    answer = await client.request(method, path.format(**ids), json=body | smuggled)

    if described:
        assert answer.status_code == 422, answer.text
        assert {error["field"] for error in answer.json()["errors"]} >= {"organisation_id", "source"} & smuggled.keys()
    assert everywhere(superuser) == []


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_no_page_writes_a_column_that_its_form_does_not_name(schema, app, client_of, superuser, path):
    operation = PAGES[path]
    person, ids, body = await ready(operation)
    client = await client_of(person)
    method, address = writes_of(app)[operation]
    described = schema["paths"][address.replace(":uuid", "")][method.lower()].get("requestBody")
    smuggled = dict.fromkeys(columns() - (named(schema, described) if described else set()), MARK)
    fields = dict(typed(body)) | smuggled

    answer = await client.post(path.format(**ids), data=fields, headers=EMPTY_FORM)

    assert answer.status_code < 500
    assert everywhere(superuser) == []
