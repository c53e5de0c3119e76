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
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import viewing
from tests.harness.bodies import body_of, typed
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.kept import changed, kept
from tests.harness.statements import sent_statement
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
    order_body,
    trading_pair,
)

MARK = "Zebrafinch"
RECORDS = {
    "purchase-order": "{order_id}",
    "despatch-advice": "{advice_id}",
    "invoice": "{invoice_id}",
    "statement": "{statement_id}",
}
EMPTY_FORM = {"content-type": "application/x-www-form-urlencoded"}
# Forms of pages that say the same as a body of the API.
FORMS = {
    "/orders/new": "createPurchaseOrder",
    "/orders/{order_id}/edit": "editPurchaseOrder",
    "/orders/{order_id}/respond": "respondToPurchaseOrder",
    "/orders/{order_id}/responses": "acceptPurchaseOrder",
    "/orders/{order_id}/responses/{response_id}/decline": "declineResponse",
    "/orders/{order_id}/cancel": "cancelPurchaseOrder",
    "/orders/{order_id}/hold": "holdPurchaseOrder",
    "/orders/{order_id}/return": "returnPurchaseOrder",
    "/orders/{order_id}/despatch": "createDespatchAdvice",
    "/orders/{order_id}/receive": "createGoodsReceipt",
    "/orders/{order_id}/invoice": "createInvoice",
    "/despatch-advices/{advice_id}/edit": "replaceDespatchAdvice",
    "/despatch-advices/{advice_id}/cancel": "cancelDespatchAdvice",
    "/despatch-advices/{advice_id}/receive": "createGoodsReceipt",
    "/despatch-advices/{advice_id}/invoice": "createInvoice",
    "/receipts/{receipt_id}/reverse": "reverseGoodsReceipt",
    "/invoices/{invoice_id}/edit": "editInvoice",
    "/invoices/{invoice_id}/dispute": "disputeInvoice",
    "/invoices/{invoice_id}/reject": "rejectInvoice",
    "/invoices/{invoice_id}/settle": "settleInvoice",
    "/legal-holds": "placeLegalHold",
    "/legal-holds/{hold_id}/release": "releaseLegalHold",
    "/organisation": "switchOrganisation",
}


class Route(NamedTuple):
    method: str
    path: str
    permission: str | None
    operation: str | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET" and self.path.startswith("/api/")


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
                named = getattr(handler, "operation_id", None)
                found += [Route(method, path, permission, named) for method in handler.http_methods for path in paths]
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
        line_id = await view.value("select id from purchase_order_line where order_id = $1", order.id)
        site_id = await view.value("select id from site where organisation_id = $1", company.id)
    ids = {
        "order_id": order.id,
        "line_id": line_id,
        "advice_id": advice.id,
        "receipt_id": receipt.id,
        "invoice_id": invoice.id,
        "response_id": response.id,
        "entry_id": entry,
        "item_id": item.id,
        "supplier_id": supplier.id,
        "statement_id": (await sent_statement(company, supplier)).id,
        "site_id": site_id,
        "organisation_id": company.id,
    }
    return World(company, supplier, ids)


def address(route: Route, ids: dict[str, UUID]) -> str:
    """The route's path with records of the world; what the world has none of gets an id that nobody has."""
    path = route.path
    for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
        value = "00" * 32 if name == "key" else str(ids.get(name) or new_id())
        path = path.replace("{" + name + "}", value)
    return path


async def ask(client: Any, route: Route, path: str, body: Any = None) -> Any:
    if route.method == "GET":
        return await client.get(path)
    if route.path.startswith("/api/"):
        return await client.request(route.method, path, json=body or {})
    return await client.request(route.method, path, data=dict(typed(body or {})) or None, headers=EMPTY_FORM)


def right_body(route: Route, ids: dict[str, UUID]) -> Any:
    """Nothing is wrong with it but who sends it: as JSON to the API, as a form's fields to a page."""
    return body_of(route.operation or FORMS.get(route.path), ids)


@pytest.mark.parametrize("side", ["buyer", "supplier"])
async def test_a_stranger_with_every_role_learns_nothing_and_changes_nothing(app, world, client_of, superuser, side):
    company, supplier = await trading_pair()
    stranger = await (a_colleague(company, *BUYING) if side == "buyer" else a_colleague(supplier, *SELLING))
    client = await client_of(stranger)
    before = kept(superuser, world.company.id, world.supplier.id)
    leaks = []
    for route in routes(app):
        if route.path in ("/sign-out", "/api/v1/sessions/current"):
            continue
        answered = await ask(client, route, address(route, world.ids), right_body(route, world.ids))
        if MARK in answered.text or answered.status_code >= 500:
            leaks.append((route, answered.status_code, "shows or breaks"))
        if answered.status_code not in met_by(stranger, route) or not only_names(answered, route):
            leaks.append((route, answered.status_code, "is there"))

    assert leaks == []
    assert changed(before, kept(superuser, world.company.id, world.supplier.id)) == {}


# Writes that name nobody: each organisation's own rules.
OWN = {"/api/v1/invoices/settings", "/api/v1/scorecards/settings", "/api/v1/legal-holds"}


def met_by(stranger: Actor, route: Route) -> tuple[int, ...]:
    """What a stranger is answered: nothing is wrong with what they send, so that it meets the wall itself."""
    if not POLICY.decide(stranger.roles, stranger.organisation_kind, str(route.permission)):
        return (403,)
    if route.writes and route.path in OWN:
        return (200, 201)
    if route.writes:
        return (404, 422) if "{" not in route.path else (404,)
    if route.path == "/organisation":
        return (403,)
    return (404,) if "{" in route.path and "{key}" not in route.path else tuple(range(200, 500))


def only_names(answered: Any, route: Route) -> bool:
    """A write refused as 422 is refused for the foreign ids in its body, and for nothing else in it."""
    if not route.writes or answered.status_code != 422:
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
