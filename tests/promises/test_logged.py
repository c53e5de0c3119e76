"""Whatever the route: every refusal is in the log, and so is every read of an auditor."""

from typing import Any

import pytest
from litestar import Litestar

from portal.access.policy import POLICY
from portal.audit import noting
from portal.platform.work import apart
from tests.harness.routes import Route, address, ask, routes
from tests.harness.world import Organised, trading_pair

WITHOUT_ENTRY = {"/sign-out", "/api/v1/sessions/current", "/organisation"}


@pytest.fixture
async def company(connected: None, monkeypatch: pytest.MonkeyPatch) -> Organised:
    monkeypatch.setattr(noting, "REFUSALS", apart.Sparing(noting.RefusedOften, most=10_000))
    return (await trading_pair())[0]


def told(superuser: Any, actor: Any, event: str) -> list[Any]:
    sql = "select body -> 'data' ->> 'path', owner_id, request_id from audit_entry where actor_id = %s and event = %s"
    return superuser.execute(sql, [actor.person_id, event]).fetchall()


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


async def test_every_read_of_an_auditor_has_its_entry(app: Litestar, company, client_of, superuser):
    client = await client_of(company.auditor)
    read = []
    for route in routes(app):
        if route.method == "GET" and route.permission not in noting.OWN and _held(company.auditor, route):
            answered = await ask(client, route, address(route, {}))
            taken = "attachment" in answered.headers.get("content-disposition", "")
            read += [address(route, {})] if answered.status_code == 200 and not taken else []

    assert len(read) > 10
    assert sorted(path for path, _owner, _request in told(superuser, company.auditor, "record.read")) == sorted(read)


def _held(actor: Any, route: Route) -> bool:
    return bool(POLICY.decide(actor.roles, actor.organisation_kind, str(route.permission)))
