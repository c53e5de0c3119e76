"""W2: lists of fifty orders, as buyer and as supplier, as JSON and as a page."""

from functools import partial
from typing import Any

import asyncpg

from tests.benchmarks.figures import Asked, Figure, floor_cpu, measured
from tests.benchmarks.http import Client
from tests.benchmarks.stage import Stage

JSON, PAGE = "/api/v1/purchase-orders?limit=50", "/orders?"
DEEP = 20  # pages
ASKED = {
    "first page": "",
    "deep page": "&cursor={cursor}",
    "filter by state": "&state=accepted",
    "filter by partner": "&{partner}",
    "search by word": "&query=bearing%20nylon",
    "search by number": "&query={number}",
    "sorted by amount": "&sort=-gross",
    "sorted by date": "&sort=requested",
}
# The bare list: what any program on this database asks for.
BARE = """
select id, number, state, buyer_name, supplier_name, currency, net, tax, gross, receipt_status, despatch_status,
  invoice_status, requested_date, response_due_at, created_at, issued_at from purchase_order
where {side} = $1 order by created_at desc, id desc limit 51
"""
SIDES = (("", "buyer", "buyer_id"), (" as supplier", "order_desk", "shown_to"))


async def workloads(stage: Stage, asked: Asked) -> list[Figure]:
    with stage.front():
        return [figure for side in SIDES for figure in await _of_one_side(stage, asked, *side)]


async def _of_one_side(stage: Stage, asked: Asked, suffix: str, role: str, side: str) -> list[Figure]:
    program, person, figures = stage.client(role), stage.browser(role), []
    organisation = stage.company.id if role == "buyer" else stage.supplier.id
    floor = await bare(stage, side, organisation, asked.times)
    known = await _known(stage, program, role)
    for name, query in ASKED.items():
        for form, client, path in (("json", program, JSON), ("page", person, PAGE)):
            taken = await measured(stage, partial(_ask, client, path + query.format(**known)), asked.times)
            figures.append(taken.figure(f"W2 {name} {form}{suffix}", asked.orders, floor))
    return figures


async def bare(stage: Stage, side: str, organisation: Any, times: int) -> float:
    """Milliseconds of processor time of the bare list."""
    connection: Any = await asyncpg.connect(stage.cluster.url("postgres"))
    try:
        prepared = await connection.prepare(BARE.format(side=side))
        return await floor_cpu(stage, partial(prepared.fetch, organisation), times * 5)
    finally:
        await connection.close()


async def _ask(client: Client, path: str) -> None:
    answer = await client.ask("GET", path)
    assert answer.status == 200, (path, answer.status, answer.body[:300])


async def _known(stage: Stage, client: Client, role: str) -> dict[str, Any]:
    """A partner of whom there are orders, a number that there is, and a cursor far into the list."""
    first = (await client.ask("GET", JSON)).json()
    partner = f"supplier_id={stage.supplier.id}" if role == "buyer" else f"buyer_id={stage.company.id}"
    return {"partner": partner, "number": first["items"][7]["number"], "cursor": await _deep(client)}


async def _deep(client: Client) -> str:
    cursor = ""
    for _ in range(DEEP):
        page = (await client.ask("GET", JSON + (f"&cursor={cursor}" if cursor else ""))).json()
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    return cursor
