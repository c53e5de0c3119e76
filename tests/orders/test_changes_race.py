"""Changes of orders among everything else that happens to them: one order at a time, and the ledger always holds."""

import asyncio
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders import commands as orders
from portal.orders.queries import order_out
from portal.platform.refusals import Refusal
from portal.platform.work import viewing
from tests.harness.changes import added, changed, to, without
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.world import accepted_order, answer, line, trading_pair

API = "/api/v1/purchase-orders"
LESS = {"lines": [{"line": 1, "code": "3", "quantity": "4"}]}


async def test_of_twenty_changes_at_once_none_is_made_of_an_older_version(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    client = await client_of(company.buyer)
    tag = (await client.get(f"{API}/{order.id}")).headers["etag"]

    path, headers = f"{API}/{order.id}/changes", {"if-match": tag}
    answers = await asyncio.gather(*(client.post(path, json=LESS, headers=headers) for _each in range(20)))

    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 19
    kept = superuser.execute("select count(*) from order_revision where order_id = %s", [order.id]).fetchone()
    assert kept == (2,)


async def test_a_repeated_change_with_its_key_is_made_once(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    client = await client_of(company.buyer)

    path, headers = f"{API}/{order.id}/changes", {"idempotency-key": "one-change"}
    first, again = [await client.post(path, json=LESS, headers=headers) for _each in range(2)]

    assert (first.status_code, again.status_code, first.text) == (201, 201, again.text)
    assert (await client.get(f"{API}/{order.id}")).json()["revision"] == 2


async def test_goods_that_leave_at_once_with_a_change_are_never_taken_back(connected):
    for _round in range(4):
        company, supplier = await trading_pair()
        order = await accepted_order(company, supplier)
        less, gone = await asyncio.gather(
            orders.propose(company.buyer, order.id, changed(to(quantity="4"))),
            despatched_goods(company, supplier, order),
            return_exceptions=True,
        )
        async with viewing(company.buyer) as view:
            (each,) = (await order_out(view, order.id)).lines
        assert each.despatched is not None
        assert each.quantity is not None
        assert each.despatched <= each.quantity
        assert isinstance(less, Refusal) != isinstance(gone, Refusal)


async def test_a_change_that_waits_is_refused_if_the_goods_left_meanwhile(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    less = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="4")))
    await despatched_goods(company, supplier, order)
    refused = await asyncio.gather(orders.accept_change(company.buyer, order.id, less.asked.id), return_exceptions=True)
    assert isinstance(refused[0], Refusal)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("buyer"), st.integers(1, 3), st.integers(1, 14)),
        st.tuples(st.just("supplier"), st.integers(1, 3), st.integers(1, 14)),
        st.tuples(st.just("off"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("add"), st.just(0), st.integers(1, 5)),
        st.tuples(st.just("answer"), st.just(0), st.just(0)),
        st.tuples(st.just("decide"), st.just(0), st.just(0)),
        st.tuples(st.just("receive"), st.just(1), st.integers(1, 6)),
    ),
    max_size=9,
)


async def one(company: Any, supplier: Any, order: Any, act: tuple[str, int, int]) -> None:
    """One act; what may not be done is refused, and changes nothing."""
    kind, number, figure = act
    wishes = {"off": without(number), "add": added(line(quantity=str(figure or 1)))}
    wish = wishes.get(kind, to(number or 1, quantity=str(figure or 1)))
    if kind in ("buyer", "off", "add"):
        await orders.propose(company.buyer, order.id, changed(wish))
    elif kind == "supplier":
        await orders.propose(supplier.order_desk, order.id, changed(wish))
    elif kind == "answer":
        await orders.respond(supplier.order_desk, order.id, answer("AP"))
    elif kind == "receive":
        await received_goods(company, order, str(figure))
    else:
        async with viewing(company.buyer) as view:
            asked = await view.one(
                "select id, author_id from order_change where order_id = $1 and state = 'proposed' "
                "order by created_at limit 1", order.id
            )  # fmt: skip
        if asked and asked["author_id"] == company.id:
            await orders.approve_change(company.approver, order.id, asked["id"])
        elif asked:
            await orders.accept_change(company.buyer, order.id, asked["id"])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=ACTS)
async def test_whatever_is_changed_totals_are_those_of_the_revision_and_the_ledger_holds(connected, superuser, acts):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="3"))
    for act in acts:
        with suppress(Refusal):
            await one(company, supplier, order, act)
        _hold(superuser, order.id)


def _hold(superuser: Any, order_id: Any) -> None:
    row = superuser.execute(
        "select o.gross, r.snapshot, (select sum(net) from purchase_order_line where order_id = o.id), o.net "
        "from purchase_order o join order_revision r on r.order_id = o.id and r.revision = o.revision where o.id = %s",
        [order_id],
    ).fetchone()
    gross, snapshot, lines, net = row
    told = snapshot if isinstance(snapshot, dict) else json.loads(snapshot)
    assert Decimal(told["totals"]["gross"]) == gross
    assert lines == net
    broken = superuser.execute(
        "select line from purchase_order_line l where order_id = %s and (confirmed > quantity or "
        "received > coalesce(receive_ceiling, received) or (closed_to = 0 and net <> 0) or exists (select from "
        "(select sum(quantity) as due from schedule_line s where s.line_id = l.id) s "
        "where s.due <> l.quantity and not l.short_closed))",
        [order_id],
    ).fetchall()
    assert broken == []
