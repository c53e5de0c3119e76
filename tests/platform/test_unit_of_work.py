"""One command: all of it or nothing, each row written once, nothing without its entry in the log."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg
import psycopg
import pytest

from portal.orders.tables import PurchaseOrder
from portal.platform.refusals import Denied, NotFound
from portal.platform.wiring import REACTIONS, Job, Reaction
from portal.platform.work import changing, viewing
from tests.harness.world import buying_company, draft_order, trading_pair


@dataclass(frozen=True)
class Noted:
    code = "test.noted"
    order_id: UUID


@pytest.fixture
async def order(connected):
    company, supplier = await trading_pair()
    return company, await draft_order(company, supplier)


async def test_a_row_written_twice_and_changed_in_between_is_updated_once_with_its_last_values(order, superuser):
    company, draft = order
    async with changing(company.buyer, PurchaseOrder, draft.id) as (change, row):
        row.note = "first"
        change.write(row)
        row.note = "second"
        change.write(row)
        change.record(Noted(row.id), row)
        row.incoterm = "DAP"

    kept = superuser.execute("select note, incoterm, version from purchase_order where id = %s", [draft.id]).fetchone()
    assert kept == ("second", "DAP", draft.version + 1)


async def test_a_write_without_an_event_is_a_mistake_and_changes_nothing(order, superuser):
    company, draft = order
    with pytest.raises(AssertionError):
        async with changing(company.buyer, PurchaseOrder, draft.id) as (change, row):
            row.note = "silently"
            change.write(row)

    assert superuser.execute("select note from purchase_order where id = %s", [draft.id]).fetchone() == ("",)


async def test_a_refusal_in_the_middle_leaves_no_row_no_entry_and_no_job(order, superuser):
    company, draft = order
    before = superuser.execute("select count(*) from dramatiq.queue").fetchone()
    with pytest.raises(Denied):
        async with changing(company.buyer, PurchaseOrder, draft.id) as (change, row):
            row.note = "half"
            change.write(row)
            change.later(Job("test.nothing", company.id, {}))
            change.record(Noted(row.id), row)
            raise Denied()

    entries = "select count(*) from audit_entry where subject_id = %s and event = 'test.noted'"
    assert superuser.execute(entries, [draft.id]).fetchone() == (0,)
    assert superuser.execute("select count(*) from dramatiq.queue").fetchone() == before


async def test_a_job_is_inserted_with_the_change_that_caused_it(order, superuser):
    company, draft = order
    async with changing(company.buyer, PurchaseOrder, draft.id) as (change, row):
        change.record(Noted(row.id), row)
        change.later(Job("test.something", company.id, {"order_id": row.id}))

    told = "select message -> 'kwargs' ->> 'organisation_id' from dramatiq.queue"
    found = superuser.execute(f"{told} where message -> 'kwargs' ->> 'order_id' = %s".encode(), [str(draft.id)])
    assert found.fetchone() == (str(company.id),)


async def test_a_reaction_joins_the_change_and_falls_with_it(order, superuser, monkeypatch):
    company, draft = order

    async def forbid(change, event):
        raise Denied()

    monkeypatch.setitem(REACTIONS, Noted, [Reaction(now=[forbid])])
    with pytest.raises(Denied):
        async with changing(company.buyer, PurchaseOrder, draft.id) as (change, row):
            row.note = "undone"
            change.write(row)
            change.record(Noted(row.id), row)

    assert superuser.execute("select note from purchase_order where id = %s", [draft.id]).fetchone() == ("",)


async def test_what_another_organisation_owns_is_not_found(order):
    _company, draft = order
    stranger = await buying_company()
    with pytest.raises(NotFound):
        async with changing(stranger.buyer, PurchaseOrder, draft.id):
            pass
    async with viewing(stranger.buyer) as view:
        assert await view.value("select count(*) from purchase_order where id = $1", draft.id) == 0


async def test_a_reading_cannot_write(order):
    company, draft = order
    async with viewing(company.buyer) as view:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await view.fetch("update purchase_order set note = 'x' where id = $1", draft.id)


async def test_the_database_refuses_what_the_code_should_have(order, superuser):
    _company, draft = order
    for wrong in ("state = 'closed'", "supplier_id = buyer_id", "gross = 1", "number = 'X'"):
        with pytest.raises(psycopg.Error, match=r"illegal|never changes|violates"):
            superuser.execute(f"update purchase_order set {wrong} where id = %s".encode(), [draft.id])
    lines = "update purchase_order_line set {} where order_id = %s"
    for wrong in ("received = 1", "accepted = -1, received = -1", "quantity = 0", "unit_price = -1"):
        with pytest.raises(psycopg.Error, match="violates"):
            superuser.execute(lines.format(wrong).encode(), [draft.id])


async def test_a_change_of_thousands_of_events_is_still_one_statement(order, superuser, counted):
    company, draft = order
    with counted() as statements:
        async with changing(company.buyer, PurchaseOrder, draft.id) as (change, row):
            for _each in range(3000):
                change.record(Noted(row.id), row)
    told = "select count(*) from audit_entry where subject_id = %s and event = 'test.noted'"
    assert superuser.execute(told, [draft.id]).fetchone() == (3000,)
    assert len([sql for sql in statements if "audit_entry" in sql]) == 1
