"""Whatever the route: every refusal is in the log, and so is every read of an auditor and every file that leaves."""

from typing import Any

import pytest
from litestar import Litestar

from portal.access.policy import POLICY
from portal.audit import noting
from portal.platform.work import apart
from tests.harness.evidence import PDF, attached, picture
from tests.harness.jobs import run_jobs
from tests.harness.routes import Route, address, ask, routes
from tests.harness.world import Organised, trading_pair
from tests.promises.test_field_scope import World, asked, world

__all__ = ["world"]

WITHOUT_ENTRY = {"/sign-out", "/api/v1/sessions/current", "/organisation"}


@pytest.fixture
async def company(connected: None, monkeypatch: pytest.MonkeyPatch) -> Organised:
    monkeypatch.setattr(noting, "REFUSALS", apart.Sparing(noting.RefusedOften, most=10_000))
    return (await trading_pair())[0]


def told(superuser: Any, actor: Any, *events: str) -> list[Any]:
    sql = """select body -> 'data' ->> 'path', owner_id, request_id from audit_entry
        where actor_id = %s and event = any(%s) order by id"""
    return superuser.execute(sql, [actor.person_id, list(events)]).fetchall()


async def test_every_refusal_of_every_route_has_its_entry(app: Litestar, company, client_of, superuser):
    actor = company.receiver
    client = await client_of(actor)
    refused = []
    for route in routes(app):
        if route.path not in WITHOUT_ENTRY and not _held(actor, route):
            answered = await ask(client, route, address(route, {}))
            assert answered.status_code == 403, route
            refused.append(address(route, {}).partition("?")[0])

    entries = told(superuser, actor, "access.refused")
    assert len(refused) > 100
    assert len(entries) == len(refused)
    assert {owner for _path, owner, _request in entries} == {company.id}
    assert len({request for _path, _owner, request in entries}) == len(entries)


async def test_every_read_of_an_auditor_has_its_entry(app: Litestar, world: World, client_of, superuser):
    """A read is whatever answers with something of a record, whichever route it is and whatever that says of itself."""
    auditor, files = world.company.auditor, await _files(world, client_of)
    client = await client_of(auditor)
    shown, unsaid = [], []
    for route in routes(app):
        for path in _addresses(route, world, files) if route.method == "GET" else ():
            before = told(superuser, auditor, "record.read", "data.exported")
            answered = await client.get(path)
            if answered.status_code == 200 and tells(answered, world, files):
                shown.append(path)
                entries = told(superuser, auditor, "record.read", "data.exported")[len(before) :]
                unsaid += [path] if [entry[0] for entry in entries] != [path.partition("?")[0]] else []

    assert unsaid == []
    assert len(shown) > 60
    assert {f"/files/{files[1]}/preview", f"/documents/purchase-order/{world.ids['order_id']}/file"} <= set(shown)


async def test_a_document_that_opens_in_the_browser_is_taken_out_like_one_that_is_saved(
    world: World, client_of, superuser
):
    await _files(world, client_of)
    order_id, buyer = world.ids["order_id"], world.company.buyer
    client = await client_of(buyer)
    places = (f"/documents/purchase-order/{order_id}/file", f"/api/v1/purchase-orders/{order_id}/document.pdf")
    for place in places:
        answered = await client.get(place)
        assert (answered.status_code, answered.headers["content-type"]) == (200, "application/pdf")

    assert [path for path, _owner, _request in told(superuser, buyer, "data.exported")] == list(places)


def tells(answered: Any, world: World, files: list[str]) -> bool:
    """Whether an answer says something of a record: its id or number, or it is no text at all."""
    kind = answered.headers.get("content-type", "")
    if not kind.startswith(("text/html", "application/json")):
        return bool(answered.content)
    own = {str(world.company.id), str(world.company.auditor.person_id)}
    ids = {str(each) for each in world.ids.values()} | set(files)
    return any(each in answered.text for each in (ids - own) | set(world.numbers))


async def _files(world: World, client_of: Any) -> list[str]:
    """A text and a picture that somebody attached to the order; and the order's document is there."""
    client, order_id = await client_of(world.company.buyer), world.ids["order_id"]
    pdf = await attached(client, "purchase-order", order_id, "note.pdf", PDF)
    damage = await attached(client, "purchase-order", order_id, "damage.jpg", picture())
    await client.get(f"/documents/purchase-order/{order_id}")
    await run_jobs("documents.render")
    return [pdf["id"], damage["id"]]


def _addresses(route: Route, world: World, files: list[str]) -> list[str]:
    """The route's address for what there is of its kind."""
    if "{file_id}" in route.path:
        return [route.path.replace("{file_id}", each) for each in files]
    if route.path == "/api/v1/files":
        return [f"/api/v1/files?kind=purchase-order&record_id={world.ids['order_id']}"]
    return asked(route, world)


def _held(actor: Any, route: Route) -> bool:
    return bool(POLICY.decide(actor.roles, actor.organisation_kind, str(route.permission)))
