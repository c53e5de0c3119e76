"""Statements that are objected to: explained, corrected or taken back, for both sides to read."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.harness.credits import sent_credit
from tests.harness.deliveries import received_goods
from tests.harness.invoices import approved_invoice
from tests.harness.pages import Page
from tests.harness.statements import another_supplier, objected_statement, sent_statement
from tests.harness.world import accepted_order, trading_pair

STATEMENTS = "/api/v1/statements"


async def objected(client_of):
    company, supplier = await trading_pair()
    await accepted_order(company, supplier)
    statement = await objected_statement(company, supplier)
    clients = [await client_of(actor) for actor in (company.payable, supplier.billing)]
    return company, supplier, statement, *clients


async def test_a_supplier_finds_what_waits_for_its_answer_and_the_buyer_what_is_objected_to(client_of):
    company, _supplier, statement, payable, _billing = await objected(client_of)
    other = await another_supplier(company)
    waiting, billing = await sent_statement(company, other), await client_of(other.billing)
    assert waiting.number in Page(await billing.get("/")).text
    assert "Statements objected to" in Page(await payable.get("/")).text
    listed = (await payable.get(STATEMENTS, params={"state": "objected"})).json()["items"]
    assert [each["number"] for each in listed] == [statement.number]
    assert (await payable.get(STATEMENTS, params={"state": "lost"})).status_code == 400


async def test_a_reply_asks_again_and_both_read_objection_and_reply(client_of):
    _company, _supplier, statement, payable, billing = await objected(client_of)
    at = f"{STATEMENTS}/{statement.id}"
    assert (await billing.post(f"{at}/reply", json={"reason": "No"})).status_code == 403
    told = (await payable.post(f"{at}/reply", json={"reason": "Two came on Friday."})).json()
    assert (told["state"], told["answered_at"], told["reply"]) == ("sent", None, "Two came on Friday.")
    for client in (payable, billing):
        page = Page(await client.get(f"/statements/{statement.id}")).text
        assert ("Our books say less." in page, "Two came on Friday." in page) == (True, True)
        assert "Replied to an objection" in page
    assert (await billing.post(f"{at}/agree")).json()["state"] == "agreed"
    assert (await payable.post(f"{at}/withdraw", json={"reason": "Late"})).status_code == 409


async def test_of_equal_statements_at_once_one_is_sent(client_of):
    company, supplier = await trading_pair()
    await accepted_order(company, supplier)
    payable = await client_of(company.payable)
    form = {"supplier_id": str(supplier.id), "currency": "EUR"}
    sent = await asyncio.gather(*(payable.post(STATEMENTS, json=form) for _each in range(6)))
    assert sorted(answer.status_code for answer in sent) == [201] + [409] * 5
    [first] = [answer.json() for answer in sent if answer.status_code == 201]
    refused = next(answer.json() for answer in sent if answer.status_code == 409)
    assert first["number"] in refused["detail"]

    await payable.post(f"{STATEMENTS}/{first['id']}/withdraw", json={"reason": "Too early"})
    assert (await payable.post(STATEMENTS, json=form)).status_code == 201


async def test_two_statements_of_a_day_do_not_stand_beside_each_other_in_the_database(connected, superuser):
    company, supplier = await trading_pair()
    statement = await sent_statement(company, supplier)
    columns = "buyer_id, supplier_id, shown_to, buyer_name, supplier_name, as_of, currency, snapshot, created_at"
    copy = f"insert into statement (id, number, {columns}) select %s, 'ST-X', {columns} from statement where id = %s"
    with pytest.raises(psycopg.errors.UniqueViolation), superuser.transaction():
        superuser.execute(copy, [uuid4(), statement.id])


@pytest.mark.parametrize("changes", [{"as_of": "1900-01-01"}, {"currency": "CNY"}])
async def test_where_nothing_is_open_there_is_nothing_to_state(client_of, changes):
    company, supplier = await trading_pair()
    await accepted_order(company, supplier)
    payable = await client_of(company.payable)
    form = {"supplier_id": str(supplier.id), "currency": "EUR"} | changes
    refused = await payable.post(STATEMENTS, json=form)
    assert (refused.status_code, "Nothing in" in refused.json()["detail"]) == (409, True)
    assert (await payable.post("/statements", data=form)).status_code == 409
    assert (await payable.get(STATEMENTS)).json()["items"] == []


async def test_a_corrected_statement_takes_the_place_of_the_one_objected_to(client_of):
    company, supplier, statement, payable, billing = await objected(client_of)
    at = f"{STATEMENTS}/{statement.id}"
    order = await accepted_order(company, supplier)
    await received_goods(company, order, "10")
    told = (await payable.post(f"{at}/correct", json={"reason": "One order was missing."})).json()
    assert told["state"] == "replaced"
    new = (await billing.get(f"{STATEMENTS}/{told['replaced_by']}")).json()
    assert (new["state"], new["replaces"], new["as_of"]) == ("sent", str(statement.id), told["as_of"])
    assert new["sums"]["not_invoiced"] == "125.00"
    assert (await billing.post(f"{at}/agree")).status_code == 409
    assert (await billing.post(f"{STATEMENTS}/{new['id']}/agree")).status_code == 200


async def test_a_statement_that_is_withdrawn_is_answered_no_more(client_of):
    _company, _supplier, statement, payable, billing = await objected(client_of)
    at = f"{STATEMENTS}/{statement.id}"
    told = (await payable.post(f"{at}/withdraw", json={"reason": "The wrong month."})).json()
    assert (told["state"], told["reply"]) == ("withdrawn", "The wrong month.")
    assert "The wrong month." in Page(await billing.get(f"/statements/{statement.id}")).text
    assert (await billing.post(f"{at}/agree")).status_code == 409


@pytest.mark.parametrize("credited", [False, True])
async def test_overdue_is_never_more_than_what_is_open_and_net_never_added_to_gross(client_of, clock, credited):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await received_goods(company, order, "10")
    invoice = await approved_invoice(company, supplier, order)
    if credited:
        await sent_credit(supplier, invoice)
    await clock(invoice.created_at + timedelta(days=200))
    payable = await client_of(company.payable)
    pairs = (await payable.get("/api/v1/open-items")).json()["pairs"]
    [pair] = pairs
    expected = ("0.00", "0.00") if credited else ("148.75", "148.75")
    assert (pair["not_settled"], pair["overdue"]) == expected
    told = (await payable.get("/open-items.csv")).text
    assert ("Amount, net" in told, "Amount, gross" in told) == (True, True)
