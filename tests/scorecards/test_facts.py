"""Facts are written as things happen, once, from the first order on."""

from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest

from portal.orders import commands as orders
from tests.harness.deliveries_facts import countered, facts_of, noon, promised_order, received, reversed_receipt
from tests.harness.world import answer, approved_order, days_after, draft_order, issued_order, line, trading_pair

WANTED = date(2030, 5, 15)
LATER = WANTED + timedelta(days=5)


async def test_facts_are_written_from_issue_on_and_follow_each_step(clock):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier, line(), line(quantity="7"))
    assert await facts_of(company.buyer, order.id) == []

    order = await orders.issue(company.buyer, order.id)
    first, second = await facts_of(company.buyer, order.id)
    assert (first["ordered_quantity"], second["ordered_quantity"]) == (10, 7)
    assert (first["leads"], second["leads"]) == (True, False)
    assert (first["requested_date"], first["first_date"], first["time_zone"]) == (WANTED, None, "Europe/Berlin")
    assert (first["issued_at"], first["response_due_at"]) == (order.issued_at, order.response_due_at)

    await orders.respond(supplier.order_desk, order.id, answer("AB"))
    first, _second = await facts_of(company.buyer, order.id)
    assert first["acknowledged_at"] is not None
    assert first["responded_at"] is None

    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    first, _second = await facts_of(company.buyer, order.id)
    assert first["responded_at"] is not None
    assert (first["first_date"], first["last_date"], first["last_quantity"]) == (WANTED, WANTED, 10)

    await received(company, order.id, 6, 1, at=noon(WANTED))
    first, _second = await facts_of(company.buyer, order.id)
    assert (first["received"], first["accepted"], first["rejected"]) == (7, 6, 1)
    assert (first["first_delivered"], first["requested_in_time"]) == (WANTED, 7)

    await orders.close(company.buyer, order.id)
    assert all(fact["closed_at"] for fact in await facts_of(company.buyer, order.id))


async def test_a_draft_that_is_cancelled_never_had_facts(connected):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    await orders.cancel(company.buyer, order.id)

    assert await facts_of(company.buyer, order.id) == []


async def test_a_split_adds_promises_and_leaves_what_was_asked(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line())
    offer = {"line": 1, "code": "3", "promised_date": days_after(WANTED, -2), "quantity": "4"}
    rest = {"line": 1, "code": "3", "promised_date": days_after(WANTED, 5), "quantity": "6", "unit_price": "13"}
    await countered(company, supplier, order.id, offer, rest)

    first, second = await facts_of(company.buyer, order.id)
    assert [(f["ordered_quantity"], f["requested_date"]) for f in (first, second)] == [(10, WANTED), (0, None)]
    assert [(f["first_quantity"], f["first_date"]) for f in (first, second)] == [
        (4, WANTED - timedelta(days=2)),
        (6, LATER),
    ]
    assert [f["unit_price"] for f in (first, second)] == [13, 13]
    assert first["responded_at"] == second["responded_at"] is not None


async def test_deliveries_fill_a_split_by_date_and_the_last_takes_what_is_too_much(connected):
    company, supplier = await trading_pair(tolerances={"receive": {"percent": "50"}})
    order = await issued_order(company, supplier, line())
    parts = [
        {"line": 1, "code": "3", "quantity": q, "promised_date": days_after(WANTED, d)} for q, d in (("4", 0), ("6", 5))
    ]
    await countered(company, supplier, order.id, *parts)

    await received(company, order.id, 5, at=noon(WANTED))
    assert [f["received"] for f in await facts_of(company.buyer, order.id)] == [4, 1]
    await received(company, order.id, 6, 2, at=noon(LATER))
    first, last = await facts_of(company.buyer, order.id)
    assert (first["received"], first["accepted"], first["first_delivered"], first["last_delivered"]) == (
        4,
        4,
        WANTED,
        WANTED,
    )
    assert (last["received"], last["accepted"], last["rejected"]) == (9, 7, 2)
    assert (last["first_delivered"], last["last_delivered"], last["last_in_time"]) == (WANTED, LATER, 6)


async def test_a_reversed_receipt_leaves_the_facts_as_if_it_had_never_come(connected):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 3, at=noon(WANTED))
    before = await facts_of(company.buyer, order.id)
    mistake = await received(company, order.id, 4, 2, at=noon(LATER))
    await reversed_receipt(company, mistake)

    assert await facts_of(company.buyer, order.id) == before


async def test_a_line_that_the_supplier_does_not_accept_is_refused_and_the_others_are_promised(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line())
    await countered(company, supplier, order.id, {"line": 2, "code": "7", "reason": "Out of production"})

    kept, refused = await facts_of(company.buyer, order.id)
    assert (kept["refused_at"], kept["last_date"]) == (None, WANTED)
    assert refused["refused_at"] is not None
    assert (refused["last_date"], refused["ordered_quantity"]) == (None, Decimal(10))


async def test_each_side_sees_its_own_facts_and_nobody_elses(connected):
    company, supplier = await trading_pair()
    other_company, other_supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 1, at=noon(WANTED))

    assert len(await facts_of(supplier.order_desk, order.id)) == 1
    assert len(await facts_of(company.buyer, order.id)) == 1
    assert await facts_of(other_company.buyer, order.id) == []
    assert await facts_of(other_supplier.order_desk, order.id) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("requested_date = '2031-01-01'", "only the buyer moves"),
        ("ordered_quantity = 1", "only the buyer moves"),
        ("first_date = '2031-01-01'", "never changes"),
        ("issued_at = now()", "never changes"),
        ("last_in_time = 11", "check"),
    ],
)
async def test_the_database_keeps_a_supplier_from_rewriting_what_was_asked_and_promised(superuser, change, why):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)

    superuser.execute(b"begin")
    superuser.execute("select set_config('portal.organisation', %s, true)", [str(supplier.id)])
    with pytest.raises(psycopg.errors.CheckViolation, match=why):
        superuser.execute(f"update schedule_fact set {change} where order_id = '{order.id}'".encode())
    superuser.execute(b"rollback")
