"""Setting up the portal for real, from the command line: organisations, their first people, who trades with whom."""

from typing import Any

import pytest

from portal.access.queries import member_named
from portal.platform.actor import Scope
from portal.platform.ids import new_id
from tests.cli.conftest import Operator
from tests.harness.world import line

PASSWORD = "a long sentence of one's own"


@pytest.fixture
def mark() -> str:
    """What makes this story's names its own."""
    return new_id().hex[-12:]


def founded(operator: Operator, name: str, kind: str) -> str:
    place = ("--country", "DE", "--currency", "EUR", "--city", "Bremen", "--time-zone", "Europe/Berlin")
    made = operator("organisations", "create", name, "--kind", kind, *place, "--json")
    assert made.code == 0, made.err
    return made.facts["id"]


def admitted(operator: Operator, company: str, email: str, *roles: str, **more: str) -> dict[str, Any]:
    options = [part for role in roles for part in ("--role", role)]
    options += [part for name, value in more.items() for part in (f"--{name.replace('_', '-')}", value)]
    added = operator("users", "add", "--user", email, "--organisation", company, *options, "--json")
    assert added.code == 0, added.err
    return added.facts


async def signed_in(client: Any, email: str, password: str) -> dict[str, Any]:
    opened = await client.post("/api/v1/sessions", json={"email": email, "password": password})
    assert opened.status_code == 201, opened.text
    client.headers["x-csrf-token"] = opened.json()["csrf_token"]
    return opened.json()


async def test_a_company_set_up_by_the_operator_orders_from_its_supplier(operator: Operator, anonymous, mark):
    buyer, supplier = f"Acme Works {mark}", f"Bolt Supply {mark}"
    founded(operator, buyer, "buyer")
    supplier_id = founded(operator, supplier, "supplier")
    assert operator("organisations", "trade", "--buyer", buyer, "--supplier", supplier, "--number", "S-1").code == 0
    made = admitted(operator, buyer, f"First@{mark}.example.com", "administrator", "requester", name="Robin First")
    admitted(
        operator, buyer, f"boss@{mark}.example.com", "approver", name="Alex Boss", limit="500.00", password=PASSWORD
    )

    me = await signed_in(anonymous, f"first@{mark}.example.com", made["password"])
    assert (me["organisation"]["name"], me["roles"]) == (buyer, ["administrator", "requester"])
    body = {
        "supplier_id": supplier_id,
        "currency": "EUR",
        "lines": [line(tax_category="Z", tax_rate="0", quantity="40")],
    }
    order = (await anonymous.post("/api/v1/purchase-orders", json=body)).json()
    assert order["totals"]["gross"] == "500.00"
    await anonymous.post(f"/api/v1/purchase-orders/{order['id']}/submit")
    await signed_in(anonymous, f"boss@{mark}.example.com", PASSWORD)
    assert (await anonymous.post(f"/api/v1/purchase-orders/{order['id']}/approve")).json()["state"] == "approved"


async def test_roles_change_and_end_at_once_but_never_those_of_the_last_administrator(
    operator: Operator, anonymous, mark
):
    company = f"Acme Works {mark}"
    founded(operator, company, "buyer")
    first, second = f"a@{mark}.example.com", f"b@{mark}.example.com"
    admitted(operator, company, first, "administrator", name="Robin First", password=PASSWORD)
    admitted(operator, company, second, "buyer", name="Sam Second", password=PASSWORD)
    await signed_in(anonymous, second, PASSWORD)

    for act in (("remove",), ("roles", "--role", "buyer")):
        refused = operator("users", act[0], "--user", first, *act[1:])
        assert (refused.code, "last administrator" in refused.err) == (1, True)
    assert operator("users", "roles", "--user", second, "--role", "administrator", "--role", "receiver").code == 0
    assert (await anonymous.get("/api/v1/me")).status_code == 401
    assert (await signed_in(anonymous, second, PASSWORD))["roles"] == ["administrator", "receiver"]
    assert operator("users", "remove", "--user", first).code == 0
    assert (await anonymous.post("/api/v1/sessions", json={"email": first, "password": PASSWORD})).status_code == 401
    third = f"c@{mark}.example.com"
    admitted(operator, company, third, "auditor", name="Toni Third", password=PASSWORD)
    await signed_in(anonymous, third, PASSWORD)
    entries = (await anonymous.get("/api/v1/audit-entries")).json()["items"]
    assert {"organisation.founded", "membership.added", "membership.changed", "membership.removed"} <= {
        entry["event"] for entry in entries
    }


def test_what_is_typed_wrong_is_said_at_once_and_nothing_is_made(operator: Operator, mark):
    name = f"Acme Works {mark}"
    wrong = operator("organisations", "create", name, "--kind", "shop", "--country", "Germany", "--currency", "euro")
    assert wrong.code == 1
    assert all(field in wrong.err for field in ("kind", "country", "currency"))
    assert name not in str(operator("organisations", "list", "--json").facts)

    founded(operator, name, "supplier")
    again = operator("organisations", "create", name, "--kind", "buyer", "--country", "DE", "--currency", "EUR")
    unknown = operator("users", "add", "--user", "x@example.com", "--organisation", name, "--role", "approver")
    nameless = operator("users", "add", "--user", f"{mark}@example.com", "--organisation", name, "--role", "billing")
    short = ("--name", "X", "--password", "short", "--role", "billing")
    weak = operator("users", "add", "--user", f"{mark}@example.com", "--organisation", name, *short)
    both = ("--name", "Q", "--role", "administrator", "--role", "auditor")
    audits = operator("users", "add", "--user", f"{mark}@example.com", "--organisation", name, *both)
    assert (audits.code, "Who audits holds no other role" in audits.err) == (1, True), audits.err
    for said, told in ((again, "already"), (unknown, "order_desk"), (nameless, "name"), (weak, "12 characters")):
        assert (said.code, told in said.err) == (1, True), said.err
    assert operator("users", "list", "--organisation", name, "--json").facts == []


def test_the_members_of_a_company_that_is_not_there_are_not_nobody(operator: Operator):
    asked = operator("users", "list", "--organisation", "Nope Works")

    assert (asked.code, asked.facts) == (2, None)
    assert "There is no organisation called Nope Works." in asked.err


async def test_a_members_roles_reach_some_parts_of_the_company(operator: Operator, mark, superuser):
    company = f"Acme Works {mark}"
    founded(operator, company, "buyer")
    admitted(operator, company, f"first@{mark}.example.com", "administrator", name="Robin First")
    admitted(operator, company, f"kim@{mark}.example.com", "buyer", name="Kim Second")
    kim = ("users", "scope", "--user", f"kim@{mark}.example.com")
    narrowed = operator(*kim, "--site", "Main site", "--cost-centre", "4711", "--cost-centre", "4712")
    assert narrowed.code == 0, narrowed.err
    held = await member_named(f"kim@{mark}.example.com")
    assert held is not None
    site = superuser.execute("select id from site where organisation_id = %s", [held.organisation_id]).fetchone()
    assert (held.scope.sites, held.scope.cost_centres) == (site, ("4711", "4712"))

    assert operator("users", "roles", "--user", f"kim@{mark}.example.com", "--role", "requester").code == 0
    assert (await member_named(f"kim@{mark}.example.com") or held).scope == held.scope

    elsewhere = operator(*kim, "--site", "Moon base")
    assert (elsewhere.code, "There is no site called Moon base." in elsewhere.err) == (1, True)
    assert operator(*kim).code == 0
    unbound = await member_named(f"kim@{mark}.example.com")
    assert unbound is not None
    assert unbound.scope == Scope()
