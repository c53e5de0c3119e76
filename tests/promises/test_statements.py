"""No page and no answer of the API asks the database more often because there is more to show."""

from typing import Any

import pytest

from portal.access.policy import POLICY
from portal.alerts import rules as alerts
from tests.harness.crowd import crowd
from tests.harness.marked import World, marked_world
from tests.harness.routes import Route, address, routes
from tests.harness.world import BUYING, SELLING, a_colleague

# What lists rows must have become more, or nothing was shown.
LISTED = {
    "purchase_order", "purchase_order_line", "despatch_advice", "despatch_line", "goods_receipt", "goods_receipt_line",
    "invoice", "invoice_line", "credit_note", "credit_note_line", "service_entry", "item",
    "order_response", "order_response_line", "schedule_line", "schedule_fact", "statement", "alert",
    "evidence_file", "file_import", "import_file", "trading_relationship", "scorecard", "bank_approval",
    "contract",
}  # fmt: skip


# What is written a batch at a time, two hundred entries of the log each; and this story makes many entries.
BATCHED = {"/profile/data.json", "/audit.csv", "/audit.jsonl"}


@pytest.fixture(scope="module")
async def world(connected: None) -> World:
    return await marked_world("Heron")


async def test_more_rows_take_no_more_statements_of_any_route(app, world, client_of, counted, superuser, monkeypatch):
    monkeypatch.setattr(alerts, "MOST_EXPORTS", 10_000)  # an alert of so many files would come between the two counts
    people = (await a_colleague(world.company, *BUYING), await a_colleague(world.supplier, *SELLING))
    clients = [(actor, await client_of(actor)) for actor in people]
    reads = [(route, _reader(route, clients)) for route in routes(app) if route.method == "GET"]
    await _counts(reads, world, counted)  # what is asked once a while is asked now
    few = await _counts(reads, world, counted)
    with crowd(superuser, world.company.id, world.supplier.id) as more:
        many = await _counts(reads, world, counted)
        rose = [
            read for read in reads if (path := read[0].path) in many and many[path][0] > few.get(path, many[path])[0]
        ]
        many |= await _counts(rose, world, counted)  # an entry of the request before may have been written meanwhile

    assert sorted(LISTED - more) == []
    risen = {
        path: (few[path][0], many[path][0])
        for path in few
        if path in many and many[path][0] > few[path][0] and path not in BATCHED
    }
    shown = {path: many[path][1][-6:] for path in risen}
    assert risen == {}, shown
    assert {path for path in few if path not in many} == set()
    assert len(few) > 150, len(few)
    assert sum(number for number, _statements in few.values()) > 3 * len(few)


def _reader(route: Route, clients: list[Any]) -> Any:
    """Whoever may read it, the buyer's people first."""
    may = (c for actor, c in clients if POLICY.decide(actor.roles, actor.organisation_kind, str(route.permission)))
    return next(may, None)


async def _counts(reads: list[Any], world: World, counted: Any) -> dict[str, tuple[int, list[str]]]:
    """The statements of each route that answers."""
    found = {}
    for route, client in reads:
        if client is None:
            continue
        path = address(route, world.ids)
        with counted() as statements:
            answered = await client.get(path)
        if answered.status_code == 200:
            found[route.path] = (len(statements), list(statements))
    return found
