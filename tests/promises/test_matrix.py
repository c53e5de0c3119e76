"""Every route × every role × own and foreign: the list is made from the portal's own routes, so none is forgotten.

A stranger with every role of a buyer or a supplier sees nothing of another company's records, under any address, in any
form; and a role that the policy does not give a permission is refused on its own company's records.
"""

import io
import zipfile
from typing import Any

import pytest

from portal.access.policy import POLICY
from portal.platform.actor import Actor
from tests.harness.kept import changed, kept
from tests.harness.marked import World, marked_world
from tests.harness.routes import Route, address, ask, right_body, routes
from tests.harness.world import (
    BUYING,
    SELLING,
    a_colleague,
    an_item,
    line,
    order_body,
    trading_pair,
)

MARK = "Zebrafinch"
# What administrators and auditors are denied, the union of all roles is: what the others may do is tried without them.
KEEPING = ("administrator", "auditor")
STRANGERS = {
    "buyer with all roles": BUYING,
    "buyer who acts": tuple(role for role in BUYING if role not in KEEPING),
    "buyer who administers": ("administrator",),
    "supplier with all roles": SELLING,
    "supplier who acts": tuple(role for role in SELLING if role not in KEEPING),
    "supplier who administers": ("administrator",),
}


@pytest.fixture(scope="module")
async def world(connected: None) -> World:
    return await marked_world(MARK)


@pytest.mark.parametrize("roles", STRANGERS)
async def test_a_stranger_with_every_role_learns_nothing_and_changes_nothing(app, world, client_of, superuser, roles):
    company, supplier = await trading_pair()
    stranger = await a_colleague(supplier if roles.startswith("supplier") else company, *STRANGERS[roles])
    client = await client_of(stranger)
    before = kept(superuser, world.company.id, world.supplier.id)
    leaks = []
    for route in routes(app):
        if route.path in ("/sign-out", "/api/v1/sessions/current"):
            continue
        answered = await ask(client, route, address(route, world.ids), right_body(route, world.ids))
        if MARK in text_of(answered) or answered.status_code >= 500:
            leaks.append((route, answered.status_code, "shows or breaks"))
        if answered.status_code not in met_by(stranger, route) or not only_names(answered, route):
            if answered.status_code == 403 and (await ask(client, route, address(route, {}))).status_code == 403:
                continue  # of a kind that their roles read of nobody, whether there is such a record or not
            leaks.append((route, answered.status_code, "is there"))

    assert leaks == [], leaks
    assert changed(before, kept(superuser, world.company.id, world.supplier.id)) == {}


# Writes that name nobody: each organisation's own rules, people, terms and rates, items and suppliers, a desk to bring
# files to, and its own months, of which a stranger has none to freeze.
OWN = {
    "/api/v1/invoices/settings": 200,
    "/api/v1/scorecards/settings": 200,
    "/api/v1/scorecards/freeze": 409,
    "/api/v1/imports": 201,
    "/api/v1/payment-terms": 201,
    "/api/v1/exchange-rates": 201,
    "/api/v1/exchange-rates/settings": 200,
    "/api/v1/company": 200,
    "/api/v1/suppliers": 201,
    "/api/v1/suppliers/registered": 409,
    "/api/v1/items": 201,
    "/api/v1/invitations": 201,
    "/api/v1/legal-texts": 201,
    "/api/v1/letterheads": 201,
    "/api/v1/clauses": 201,
    "/api/v1/security": 200,
    "/api/v1/legal-holds": 201,
    "/api/v1/bank-accounts": 403,
    "/api/v1/supplier-accounts/cool-off": 201,
    "/api/v1/ratings/shown": 201,
    "/api/v1/access-reviews": 201,
    "/api/v1/access-reviews/settings": 200,
}
# One's own, whatever is sent.
ACCOUNT = (
    *("/api/v1/me/", "/api/v1/sessions", "/api/v1/api-keys", "/api/v1/identity-provider"),
    "/api/v1/emergency-access",
)

# What asks for a second factor before it looks whose it is.
PROVED = {"/api/v1/me/passkeys/{passkey_id}": 403, "/profile/second-factor/passkeys/{passkey_id}/remove": 303}


# A file is the body: tests/signatures/test_signing.py and tests/invoicing/test_received_*.py try what it names.
BROUGHT = {
    "/api/v1/signings",
    "/api/v1/invoices/document",
    "/invoices/document",
    "/api/v1/purchase-orders/document.xml",
}
BROUGHT |= {"/orders/document", "/api/v1/credit-notes/document", "/credit-notes/document"}


def met_by(stranger: Actor, route: Route) -> tuple[int, ...]:
    """What a stranger is answered: nothing is wrong with what they send, so that it meets the wall itself."""
    if not POLICY.decide(stranger.roles, stranger.organisation_kind, str(route.permission)):
        return (403,)
    if route.path in PROVED:
        return (PROVED[route.path],)
    if route.writes and route.path in OWN:
        return (OWN[route.path],)
    if route.writes and route.path.startswith(ACCOUNT) and "{" not in route.path:
        return tuple(range(200, 500))
    if route.writes:
        return (404, 422) if "{" not in route.path else (404,)
    if route.path == "/organisation":
        return (403,)
    return (404,) if "{" in route.path and "{key}" not in route.path else tuple(range(200, 500))


def text_of(answered: Any) -> str:
    """All that an answer says; a workbook is a packed file."""
    if not zipfile.is_zipfile(io.BytesIO(answered.content)):
        return answered.text
    with zipfile.ZipFile(io.BytesIO(answered.content)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def only_names(answered: Any, route: Route) -> bool:
    """A write refused as 422 is refused for the foreign ids in its body, and for nothing else in it."""
    if not route.writes or answered.status_code != 422 or route.path.startswith(ACCOUNT) or route.path in BROUGHT:
        return True
    return {error["field"].rpartition("_")[2] for error in answered.json()["errors"]} == {"id"}


async def test_names_of_a_stranger_in_the_body_are_no_way_in(world, client_of, superuser):
    company, supplier = await trading_pair()
    item = await an_item(company)
    client = await client_of(company.requester)
    before = kept(superuser, world.company.id, world.supplier.id)
    foreign = (
        order_body(supplier, [line(item_id=str(world.ids["item_id"]))]),
        order_body(supplier, site_id=str(world.ids["site_id"])),
        order_body(world.supplier, [line(item_id=str(item.id))]),
    )
    for body in foreign:
        answered = await client.post("/api/v1/purchase-orders", json=body)
        assert answered.status_code == 422, body
        assert MARK not in answered.text
    assert changed(before, kept(superuser, world.company.id, world.supplier.id)) == {}


@pytest.mark.parametrize("role", [*BUYING, *(f"supplier {role}" for role in SELLING)])
async def test_a_role_reads_what_the_policy_gives_it_and_nothing_else(app, world, client_of, role):
    side, name = (world.supplier, role.split()[1]) if role.startswith("supplier ") else (world.company, role)
    actor = side.people[name]
    client = await client_of(actor)
    wrong = []
    for route in routes(app):
        answered = await ask(client, route, address(route, world.ids)) if route.method == "GET" else None
        held = bool(POLICY.decide(actor.roles, actor.organisation_kind, str(route.permission)))
        if answered is None:
            continue
        if not held and answered.status_code != 403:
            wrong.append((route, answered.status_code, "not refused"))
        if held and answered.status_code >= 500:
            wrong.append((route, answered.status_code, "breaks"))

    assert wrong == []


@pytest.mark.parametrize("role", [*BUYING, *(f"supplier {role}" for role in SELLING)])
async def test_a_verb_is_refused_to_every_role_without_its_permission(app, world, client_of, superuser, role):
    side, name = (world.supplier, role.split()[1]) if role.startswith("supplier ") else (world.company, role)
    actor = side.people[name]
    client = await client_of(actor)
    wrong = []
    for route in routes(app):
        if route.method == "GET" or POLICY.decide(actor.roles, actor.organisation_kind, str(route.permission)):
            continue
        answered = await ask(client, route, address(route, world.ids), right_body(route, world.ids))
        if answered.status_code != 403:
            wrong.append((route, answered.status_code))

    assert wrong == []


async def test_without_a_session_every_route_asks_to_sign_in(app, world, anonymous):
    for route in routes(app):
        answered = await ask(anonymous, route, address(route, world.ids))
        expected = (401,) if route.path.startswith("/api/") else (303, 401)
        assert answered.status_code in expected, route
        assert MARK not in answered.text


async def test_the_mark_is_really_there_for_those_who_may_see_it(app, world, client_of):
    client = await client_of(world.company.auditor)
    shown = []
    for route in routes(app):
        if route.method == "GET" and MARK in (await client.get(address(route, world.ids))).text:
            shown.append(route.path)

    assert {"/orders/{order_id}", "/api/v1/purchase-orders/{order_id}", "/api/v1/invoices/{invoice_id}"} <= set(shown)
    assert len(shown) >= 10
