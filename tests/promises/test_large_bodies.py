"""Whoever sends much at once takes no memory: it goes to the disk as it comes, or is refused before it is read."""

import pytest
from litestar import Litestar

from tests.harness.bombs import MB, bounded, flood
from tests.harness.routes import Route, address
from tests.harness.world import trading_pair

ORDINARY = 10 * MB
SENT = 150 * MB
KINDS = ("text/plain", "text/csv", "application/json", "application/x-www-form-urlencoded", "")


def large(app: Litestar) -> list[Route]:
    """The routes that let more in than an ordinary body."""
    return [
        Route(method, route.path_format, None, handler.operation_id)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if handler.handler_name != "options_handler" and (handler.resolve_request_max_body_size() or 0) > ORDINARY
        for method in handler.http_methods
    ]


def test_it_is_known_which_routes_let_much_in(app: Litestar):
    assert {route.operation for route in large(app)} >= {"putImportFile", "sendFilePart"}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_large_body_of_any_kind_takes_no_memory_wherever_it_is_let_in(app: Litestar, client_of, kind):
    company, supplier = await trading_pair()
    for person in (company.supplier_manager, supplier.order_desk):
        client = await client_of(person)
        headers = {"content-type": kind} if kind else {}
        for route in large(app):
            with bounded(seconds=10):
                answer = await client.request(route.method, address(route, {}), content=flood(SENT), headers=headers)
            assert 400 <= answer.status_code < 500, (route, answer.status_code)
