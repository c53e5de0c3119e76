"""What comes along with a command's row: the same rows to the last digit, locked before they are read, and forgotten
where somebody wrote them behind the objects' backs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import structs

from portal.orders.queries.parts import LINES, RESPONSES, SCHEDULE, Ledgers
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.platform.actor import Request
from portal.platform.held import Held
from portal.platform.work import changing, viewing
from portal.platform.work.parts import Root, Turn, rows_part
from portal.platform.work.rows import Row, values_of
from tests.harness.deliveries import drafted_advice
from tests.harness.world import accepted_order, draft_order, line, trading_pair

HEADS = rows_part(PurchaseOrder, "p.id = $1")


@dataclass(frozen=True)
class Noted:
    code = "test.noted"
    order_id: UUID


async def test_rows_that_come_along_are_those_that_the_table_holds_to_the_last_digit(connected):
    company, supplier = await trading_pair()
    lines = [line(quantity="0.000001", unit_price="123456789.12345678"), line(quantity="250", discount="12.50")]
    order = await accepted_order(company, supplier, *lines)
    parts = (LINES.of(order.id), SCHEDULE.of(order.id), HEADS.of(order.id))
    async with changing(company.buyer, PurchaseOrder, order.id, *parts) as (change, _order):
        told: list[Sequence[Row]] = [
            await change.part(LINES, order.id),
            await change.part(SCHEDULE, order.id),
            await change.part(HEADS, order.id),
        ]
        condition = "order_id = $1 order by line"
        kept = [
            await change.rows(PurchaseOrderLine, condition, order.id),
            await change.rows(ScheduleLine, "order_id = $1 order by line_id, sequence", order.id),
            await change.rows(PurchaseOrder, "id = $1", order.id),
        ]
    for rows, same in zip(told, kept, strict=True):
        assert [values_of(row) for row in rows] == [values_of(row) for row in same]
        assert [str(values_of(row)) for row in rows] == [str(values_of(row)) for row in same]


async def test_what_a_command_names_when_it_begins_costs_no_statement_when_it_asks(connected, counted):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    same_pair = rows_part(PurchaseOrder, "p.supplier_id = $1")
    with counted() as statements:
        named = (LINES.of(order.id), same_pair.of(Root("supplier_id")))
        async with changing(company.buyer, PurchaseOrder, order.id, *named) as (change, _order):
            assert len(await change.part(LINES, order.id)) == 1
            assert len(await change.part(same_pair, supplier.id)) == 1
            await change.part(RESPONSES, order.id)
            await change.part(RESPONSES, order.id)
    assert [statement.split()[0] for statement in statements] == ["BEGIN;", "select", "select", "COMMIT"]


async def test_rows_of_several_orders_are_each_orders_own(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    advice = await drafted_advice(company, supplier, order)
    ledgers = Ledgers("despatch_line", "advice_id")
    async with changing(supplier.shipping, *ledgers.of(advice.id)) as change:
        locked = await change.row(PurchaseOrder, order.id)
        assert locked is await change.row(PurchaseOrder, order.id)
        assert [each.line for each in await change.part(LINES, order.id)] == [1, 2]


async def test_whoever_waited_for_locked_rows_reads_them_as_the_other_left_them(connected):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    locked = rows_part(PurchaseOrder, "p.id = $1", locked=True)
    began, ended = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with changing(company.buyer, PurchaseOrder, order.id) as (change, row):
            began.set()
            await asyncio.sleep(0.2)
            row.note = "written meanwhile"
            change.write(row)
            change.record(Noted(row.id), row)
            ended.set()

    async def second() -> str:
        await began.wait()
        async with changing(company.buyer, locked.of(order.id)) as change:
            assert ended.is_set()
            return (await change.row(PurchaseOrder, order.id)).note

    _first, note = await asyncio.gather(first(), second())
    assert note == "written meanwhile"


async def test_one_turn_is_taken_by_one_change_at_a_time(connected):
    company, _supplier = await trading_pair()
    turn, order = Turn.at("a number", company.id), []

    async def take(name: str) -> None:
        async with changing(company.buyer, turn) as change:
            await change.turn(turn)
            order.append(name)
            await asyncio.sleep(0.1)
            order.append(name)

    await asyncio.gather(take("one"), take("two"))
    assert order[0] == order[1]
    assert order[2] == order[3]
    assert Turn.at("a", "b").key != Turn.at("ab").key


async def test_an_answer_is_not_told_from_what_was_written_by_hand(connected):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    held = Held()
    actor = structs.replace(company.buyer, request=Request(held=held))
    async with changing(actor, PurchaseOrder, order.id, LINES.of(order.id)) as (change, row):
        change.sql("update purchase_order_line set description = 'Washer M8' where order_id = $1", order.id)
        change.record(Noted(row.id), row)
    async with viewing(actor) as view:
        assert [each.description for each in await view.part(LINES, order.id)] == ["Washer M8"]
        assert (await view.row(PurchaseOrder, order.id)) is row
    await held.end(commit=False)
