"""A database that goes away: a sentence, a time to come back, and never a false “nothing was changed”."""

import asyncio
from typing import Any

import asyncpg
import pytest

from portal.orders import commands
from portal.orders.events import OrderEdited
from portal.orders.tables import PurchaseOrder
from portal.platform.database import SafeTransaction, engine, nothing_changed_yet
from portal.platform.refusals import Unavailable
from portal.platform.work import changing
from tests.harness.world import draft_order, order_body, trading_pair

ORDERS = "/api/v1/purchase-orders"


@pytest.fixture
def unreachable(monkeypatch):
    async def refuse(_transaction: SafeTransaction) -> None:
        raise ConnectionRefusedError("nobody listens there")

    return lambda: monkeypatch.setattr(SafeTransaction, "get_connection", refuse)


class Fragile:
    """A connection that breaks when it is told to commit: before the server hears of it, or before its answer."""

    def __init__(self, connection: Any, heard: bool) -> None:
        self.connection, self.heard = connection, heard

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    async def execute(self, sql: str, *values: Any) -> Any:
        if sql != "COMMIT":
            return await self.connection.execute(sql, *values)
        await self.connection.execute("COMMIT" if self.heard else "ROLLBACK")
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


@pytest.fixture
def fragile(monkeypatch):
    """From the next command on, a COMMIT gives no answer; sign-in and readings go on."""
    original, release = SafeTransaction.get_connection, SafeTransaction._give_back

    def breaks(*, heard: bool) -> None:
        async def get_connection(transaction: SafeTransaction) -> Any:
            connection = await original(transaction)
            return Fragile(connection, heard) if transaction.changes else connection

        async def give_back(transaction: SafeTransaction) -> None:
            transaction.connection = getattr(transaction.connection, "connection", transaction.connection)
            await release(transaction)

        monkeypatch.setattr(SafeTransaction, "get_connection", get_connection)
        monkeypatch.setattr(SafeTransaction, "_give_back", give_back)

    return breaks


async def test_a_database_that_cannot_be_reached_is_503_with_a_time_to_come_back(client_of, anonymous, unreachable):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    unreachable()
    answers = [
        await client.get(ORDERS),
        await client.post(ORDERS, json=order_body(supplier)),
        await anonymous.post("/api/v1/sessions", json={"email": "a@b.test", "password": "x"}),
        await client.get("/orders"),
        await anonymous.post("/sign-in", data={"email": "a@b.test", "password": "x"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30"), answer.text
        assert "Nothing was changed. Try again in half a minute." in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("heard", [True, False])
async def test_a_commit_without_an_answer_is_never_told_as_nothing_changed(client_of, fragile, superuser, heard):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    fragile(heard=heard)

    answers = [
        await client.post(ORDERS, json=order_body(supplier)),
        await client.post("/profile", data={"full_name": "New name", "language": "en", "time_zone": "UTC"}),
    ]

    for answer in answers:
        assert answer.status_code == 503
        assert "othing was changed" not in answer.text
        assert "Look whether it was done" in answer.text
    kept = superuser.execute("select count(*) from purchase_order where buyer_id = %s", [company.id]).fetchone()
    assert kept == (int(heard),)


async def test_a_fault_after_the_commit_does_not_say_that_nothing_was_changed(client_of, monkeypatch):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    order = await draft_order(company, supplier)

    async def broken(*_arguments: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("portal.orders.queries.order_out", broken)
    read = await client.get(f"{ORDERS}/{order.id}")
    assert (read.status_code, "Nothing was changed" in read.text) == (500, True)
    done = await client.patch(f"{ORDERS}/{order.id}", json={"note": "Ring twice"})
    assert done.status_code == 500, done.text
    assert "othing was changed" not in done.text
    assert "Look whether it was done" in done.text


async def test_an_act_whose_answer_fails_did_not_happen(client_of, monkeypatch, superuser):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    order = await draft_order(company, supplier)

    async def broken(*_arguments: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("portal.orders.queries.order_out", broken)
    done = await client.post(f"{ORDERS}/{order.id}/submit")
    assert (done.status_code, "Nothing was changed" in done.text) == (500, True)
    assert superuser.execute("select state from purchase_order where id = %s", [order.id]).fetchone() == ("draft",)


async def test_a_server_process_that_is_ended_in_the_middle_changes_nothing(connected, superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    nothing_changed_yet()

    with pytest.raises(Unavailable):
        async with changing(company.requester, PurchaseOrder, order.id) as (change, row):
            pid = await change.value("select pg_backend_pid()")
            superuser.execute("select pg_terminate_backend(%s)", [pid])
            await asyncio.sleep(0.1)
            row.note = "never kept"
            change.write(row)
            change.record(OrderEdited(order.id), row)

    assert (await commands.submit(company.requester, order.id)).note == ""


async def test_a_server_that_crashed_is_back_for_the_next_request(connected, superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    nothing_changed_yet()
    with pytest.raises(Unavailable):
        async with changing(company.requester, PurchaseOrder, order.id) as (change, _row):
            pid = await change.value("select pg_backend_pid()")
            superuser.execute("select pg_terminate_backend(%s)", [pid])
            await change.value("select pg_sleep(1)")
    assert (await commands.submit(company.requester, order.id)).state == "in_approval"


async def test_a_connection_that_breaks_between_two_messages_is_told_like_any_other_that_is_lost(connected):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    nothing_changed_yet()
    with pytest.raises(Unavailable):
        async with changing(company.requester, PurchaseOrder, order.id) as (change, _row):
            change.connection.terminate()
            raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")


@pytest.mark.parametrize(
    "shown", [asyncpg.InternalClientError("cannot switch to state 12"), asyncpg.ConnectionDoesNotExistError("closed")]
)
async def test_a_connection_that_breaks_while_an_answer_is_kept_is_503_and_the_request_may_come_again(
    client_of, monkeypatch, superuser, shown
):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    asked = {"json": order_body(supplier), "headers": {"idempotency-key": "once"}}

    async def broken(*_told: Any) -> None:
        raise shown

    with monkeypatch.context() as patched:
        patched.setattr("portal.access.idempotency._keep", broken)
        answer = await client.post(ORDERS, **asked)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert (await client.post(ORDERS, **asked)).status_code == 201
    kept = superuser.execute("select count(*) from purchase_order where buyer_id = %s", [company.id]).fetchone()
    assert kept == (1,)


async def test_an_opening_that_fails_gives_its_connection_back_clean(connected, caplog):
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with SafeTransaction(engine(), "BEGIN; select 1 / 0"):
            pass
    assert "active transaction" not in caplog.text
    async with SafeTransaction(engine(), "BEGIN") as transaction:
        assert await transaction.connection.fetchval("select 1") == 1
