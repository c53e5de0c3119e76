"""Every route × every role × own and foreign: the list is made from the portal's own routes, so none is forgotten.

A stranger with every role of a buyer or a supplier sees nothing of another company's records, under any address, in any
form; and a role that the policy does not give a permission is refused on its own company's records.
"""

from typing import Any, NamedTuple
from uuid import UUID

import pytest
from litestar import Litestar

from portal.access.guards import permission_of
from portal.access.policy import POLICY
from portal.orders import commands as orders
from portal.platform.ids import new_id
from portal.platform.work import viewing
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.imports import brought_files
from tests.harness.invoices import submitted_invoice
from tests.harness.world import (
    BUYING,
    SELLING,
    Organised,
    a_colleague,
    accepted_order,
    an_item,
    answer,
    issued_order,
    line,
    trading_pair,
)

MARK = "Zebrafinch"
RECORDS = {"purchase-order": "{order_id}", "despatch-advice": "{advice_id}", "invoice": "{invoice_id}"}
EMPTY_FORM = {"content-type": "application/x-www-form-urlencoded"}


class Route(NamedTuple):
    method: str
    path: str
    permission: str | None


class World(NamedTuple):
    """One company with a record of every kind, and a pair of strangers."""

    company: Organised
    supplier: Organised
    ids: dict[str, UUID]


def routes(app: Litestar) -> list[Route]:
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if handler.handler_name != "options_handler":
                permission = permission_of(handler)
                paths = _of_documents(route.path_format)
                found += [Route(method, path, permission) for method in handler.http_methods for path in paths]
    return [route for route in found if route.permission != "public"]


def _of_documents(path: str) -> list[str]:
    """A document's address once for each kind of record, with the name of that record's id."""
    if "{record_id}" not in path:
        return [path]
    kinds = [kind for kind in RECORDS if f"/{kind}s/" in path] or list(RECORDS)
    return [path.replace("{kind}", kind).replace("{record_id}", RECORDS[kind]) for kind in kinds]


@pytest.fixture(scope="module")
async def world(connected: None) -> World:
    company, supplier = await trading_pair()
    item = await an_item(company, category=MARK)
    order = await accepted_order(company, supplier, line(description=f"{MARK} bolts", item_id=str(item.id)), note=MARK)
    advice = await despatched_goods(company, supplier, order, "6", carrier=MARK)
    receipt = await received_goods(company, order, "6", advice=advice, delivery_note=MARK)
    invoice = await submitted_invoice(supplier, order)
    countered = await issued_order(company, supplier, line(description=MARK))
    offer = {"line": 1, "code": "3", "quantity": "5", "reason": MARK}
    response = (await orders.respond(supplier.order_desk, countered.id, answer("CA", offer))).response
    async with viewing(company.auditor) as view:
        entry = await view.value("select id from audit_entry where root_id = $1 order by id limit 1", order.id)
    ids = {
        "order_id": order.id,
        "advice_id": advice.id,
        "receipt_id": receipt.id,
        "invoice_id": invoice.id,
        "response_id": response.id,
        "entry_id": entry,
        "item_id": item.id,
        "supplier_id": supplier.id,
        **await brought_files(company.supplier_manager, MARK),
    }
    return World(company, supplier, ids)


def address(route: Route, ids: dict[str, UUID]) -> str:
    """The route's path with records of the world; what the world has none of gets an id that nobody has."""
    path = route.path
    for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
        value = "00" * 32 if name == "key" else str(ids.get(name) or new_id())
        path = path.replace("{" + name + "}", value)
    return path


async def ask(client: Any, route: Route, path: str) -> Any:
    if route.method == "GET":
        return await client.get(path)
    if path.startswith("/api/"):
        return await client.request(route.method, path, json={})
    return await client.request(route.method, path, content=b"", headers=EMPTY_FORM)


@pytest.mark.parametrize("side", ["buyer", "supplier"])
async def test_a_stranger_with_every_role_learns_nothing_and_changes_nothing(app, world, client_of, superuser, side):
    company, supplier = await trading_pair()
    stranger = await (a_colleague(company, *BUYING) if side == "buyer" else a_colleague(supplier, *SELLING))
    client = await client_of(stranger)
    state = "select string_agg(state || version, ',' order by id) from purchase_order where buyer_id = %s"
    before = superuser.execute(state, [world.company.id]).fetchone()
    leaks = []
    for route in routes(app):
        if route.path in ("/sign-out", "/api/v1/sessions/current"):
            continue
        answered = await ask(client, route, address(route, world.ids))
        names = "{" in route.path
        if MARK in answered.text or answered.status_code >= 500:
            leaks.append((route, answered.status_code, "shows or breaks"))
        if names and "{key}" not in route.path and answered.status_code not in (400, 403, 404, 422):
            leaks.append((route, answered.status_code, "is there"))

    assert leaks == []
    assert superuser.execute(state, [world.company.id]).fetchone() == before


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
        answered = await ask(client, route, address(route, world.ids))
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
