"""Amendments: another version of a contract in force, signed as it was, which takes its place from a day on."""

from datetime import UTC, datetime

import pytest

from portal.contracts import commands
from portal.contracts.forms import ContractForm, PresentForm
from portal.orders import commands as orders
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Invalid
from tests.harness.agreed import both_sign, contracted, explained, left_of, of, paper_of, text_of
from tests.harness.contracts import CONTRACTS, a_clause, active_contract, amended_draft, signed_amendment, terms_of
from tests.harness.deliveries import disagreements, events_of
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import approved_order, issued_order, order_body, trading_pair

ORDERS = "/api/v1/purchase-orders"
SINCE_LONG = {"valid_from": "2026-01-01", "valid_to": "2031-12-31"}


def otherwise(supplier, item, price="0.90", quantity="150", **changes):
    """What an amendment is to say instead: cheaper, more of it, for a year longer."""
    terms = terms_of(item, {"unit_price": price, "quantity": quantity})
    said = {"title": "Fasteners", "kind": "quantity", "currency": "EUR", "terms": terms, **SINCE_LONG}
    return convert(ContractForm, {"supplier_id": str(supplier.id)} | said | changes)


async def amended(company, supplier, contract, form):
    draft = await commands.amend(company.buyer, contract.id)
    await commands.edit(company.buyer, draft.id, form)
    return await signed_amendment(company, supplier, draft)


async def test_an_amendment_begins_as_what_holds_and_changes_nothing_until_both_have_signed(client_of):
    company, supplier, contract, item = await contracted()
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    made = await buyer.post(f"{CONTRACTS}/{contract.id}/amendments")
    assert made.status_code == 201, made.text
    draft = made.json()
    assert (draft["number"], draft["state"], draft["amends_id"]) == (f"{contract.number}-A1", "draft", str(contract.id))
    assert [each["unit_price"] for each in draft["terms"]] == ["1"]
    assert (await desk.get(f"{CONTRACTS}/{draft['id']}")).status_code == 404
    again = await buyer.post(f"{CONTRACTS}/{contract.id}/amendments")
    assert (again.status_code, draft["number"] in again.json()["detail"]) == (409, True)
    await commands.edit(company.buyer, draft["id"], otherwise(supplier, item))
    await commands.offer(company.buyer, draft["id"])
    shown = (await desk.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (shown["terms"][0]["unit_price"], shown["valid_to"]) == ("1", "2030-12-31")
    order = await approved_order(company, supplier, of(item, 10))
    assert (await buyer.get(f"{ORDERS}/{order.id}")).json()["lines"][0]["unit_price"] == "1"


async def test_what_both_signed_holds_and_call_offs_go_on_counting(client_of, superuser):
    company, supplier, contract, item = await contracted()
    order = await issued_order(company, supplier, of(item, 80))
    signed = await amended(company, supplier, contract, otherwise(supplier, item))
    await run_jobs("contracts.review")
    buyer = await client_of(company.buyer)
    now = (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (now["amendment_id"], now["valid_to"], now["state"]) == (str(signed.id), "2031-12-31", "active")
    assert await left_of(client_of, company, contract) == ("80", "70")
    requester = await client_of(company.requester)
    entered = (await requester.post(ORDERS, json=order_body(supplier, [of(item, 10)]))).json()
    assert (entered["lines"][0]["unit_price"], entered["lines"][0]["contract_id"]) == ("0.90", str(contract.id))
    before = (await buyer.get(f"{ORDERS}/{order.id}")).json()
    assert [each["unit_price"] for each in (await explained(buyer, before))["candidates"]] == ["1"]
    assert [each["unit_price"] for each in (await explained(requester, entered))["candidates"]] == ["0.90"]
    past = await approved_order(company, supplier, of(item, 71))
    assert (await buyer.post(f"{ORDERS}/{past.id}/issue")).status_code == 409
    await issued_order(company, supplier, of(item, 70))
    assert (await events_of(supplier.order_desk, contract.id))[-1] == "contract.amended"
    assert disagreements(superuser, company) == []


async def test_it_holds_from_its_first_day_and_the_one_before_it_ends_then(client_of, clock):
    company, supplier, contract, item = await contracted()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    first = await amended(company, supplier, contract, otherwise(supplier, item, valid_from="2027-04-01"))
    system = Actor.system(company.id)
    assert await commands.take_effect(system) == 0
    await clock(datetime(2027, 4, 1, 12, tzinfo=UTC))
    assert (await commands.take_effect(system), await commands.take_effect(system)) == (1, 0)
    second = await amended(company, supplier, contract, otherwise(supplier, item, "0.80", valid_from="2027-04-01"))
    assert (second.number, await commands.take_effect(system)) == (f"{contract.number}-A2", 1)
    buyer = await client_of(company.buyer)
    listed = (await buyer.get(CONTRACTS, params={"amends_id": str(contract.id), "sort": "created"})).json()["items"]
    assert [(each["number"][-2:], each["state"]) for each in listed] == [("A1", "expired"), ("A2", "active")]
    assert [each["number"] for each in (await buyer.get(CONTRACTS)).json()["items"]] == [contract.number]
    page = Reader(buyer)
    shown = await page.open(f"/contracts/{contract.id}")
    assert "As first signed" in shown.text
    older = await page.open(shown.links[first.number])
    assert "0.90" in older.text
    assert not older.offers("/terminate")
    ended = await commands.terminate(company.buyer, contract.id, "The works close")
    assert ended.amendment_id == second.id
    assert (await buyer.get(f"{CONTRACTS}/{second.id}")).json()["state"] == "expired"


async def test_what_differs_is_told_against_what_was_in_force(client_of):
    company, supplier, contract, item = await contracted()
    clause = await a_clause(company, "Delivery", "{supplier} delivers free works under {number}.")
    draft = await commands.amend(company.buyer, contract.id)
    await commands.edit(company.buyer, draft.id, otherwise(supplier, item))
    chosen = {"clauses": [{"clause_id": str(clause.clause_id)}]}
    await (await client_of(company.buyer)).put(f"{CONTRACTS}/{draft.id}/clauses", json=chosen)
    await commands.offer(company.buyer, draft.id)
    desk = await client_of(supplier.order_desk)
    (only,) = (await desk.get(f"{CONTRACTS}/{draft.id}/rounds")).json()["items"]
    found = {(each["item"], each["field"]): (each["before"], each["after"]) for each in only["differences"]}
    assert found.keys() == {
        ("", "valid_to"), (item.number, "unit_price"), (item.number, "quantity"), ("Delivery", "clause"),
    } | ({("", "valid_from")} & found.keys())  # fmt: skip
    assert found["Delivery", "clause"][1].endswith(f"under {contract.number}.")
    page = await Reader(desk).open(f"/contracts/{draft.id}")
    assert "What the amendment changes" in page.links
    said = text_of(await paper_of(desk, draft))
    assert f"Amendment of contract {contract.number}" in said


async def test_limits_below_what_was_called_off_are_refused_and_what_was_called_off_meanwhile_makes_it_wait(client_of):
    company, supplier, contract, item = await contracted()
    order = await issued_order(company, supplier, of(item, 60))
    draft = await commands.amend(company.buyer, contract.id)
    await commands.edit(company.buyer, draft.id, otherwise(supplier, item, quantity="59"))
    with pytest.raises(Conflict, match="called off more than"):
        await commands.offer(company.buyer, draft.id)
    await commands.edit(company.buyer, draft.id, otherwise(supplier, item, quantity="60"))
    await signed_amendment(company, supplier, draft)
    later = await issued_order(company, supplier, of(item, 10))
    system = Actor.system(company.id)
    await commands.take_effect(system)
    await commands.take_effect(system)
    assert await left_of(client_of, company, contract) == ("70", "30")
    assert (await events_of(company.buyer, draft.id)).count("contract.amendment-waits") == 1
    await orders.cancel(company.buyer, later.id, "No need")
    await commands.take_effect(system)
    assert await left_of(client_of, company, contract) == ("60", "0")
    await orders.cancel(company.buyer, order.id, "No need")
    assert await left_of(client_of, company, contract) == ("0", "60")


async def test_an_amendment_is_signed_in_the_portal_too_and_keeps_kind_currency_and_units(connected):
    company, supplier, contract, item = await contracted()
    draft = await commands.amend(company.buyer, contract.id)
    with pytest.raises(Invalid) as refused:
        await commands.edit(company.buyer, draft.id, otherwise(supplier, item, currency="USD"))
    assert [error.field for error in refused.value.errors] == ["currency"]
    with pytest.raises(Invalid) as refused:
        late = otherwise(supplier, item, valid_from="2031-01-01")
        await commands.edit(company.buyer, draft.id, late)
    assert [error.field for error in refused.value.errors] == ["valid_from"], "the contract is over by then"
    await commands.edit(company.buyer, draft.id, otherwise(supplier, item))
    await commands.offer(company.buyer, draft.id)
    await commands.agree(supplier.order_desk, draft.id)
    await commands.approve(company.approver, draft.id)
    await both_sign(company, supplier, await commands.present(company.buyer, draft.id, PresentForm()))
    await run_jobs("contracts.review")
    assert (await events_of(company.buyer, contract.id))[-1] == "contract.amended"


async def test_a_buyer_amends_on_the_page_and_a_supplier_never_begins_it(client_of):
    company, supplier, contract, _item = await contracted()
    buyer = Reader(await client_of(company.buyer))
    page = await buyer.open(f"/contracts/{contract.id}")
    form = await buyer.send(page, "/amendments")
    assert "Kind and currency stay" in form.text
    assert form.form("/edit").values["terms.0.unit_price"] == "1"
    desk = await client_of(supplier.order_desk)
    assert (await desk.post(f"{CONTRACTS}/{contract.id}/amendments")).status_code == 403


async def test_the_database_changes_a_contract_in_force_only_as_an_amendment_says(superuser):
    company, supplier = await trading_pair()
    draft = await amended_draft(company, supplier)
    for sql in (
        "update contract set amendment_id = %(draft)s where id = %(id)s",
        "update contract set gross = 1, gross_minor = 100 where id = %(id)s",
        "update contract set note = 'Free' where id = %(id)s",
        "update contract set amends_id = id, amends_number = 'CT' where id = %(id)s",
        "update contract set applied_at = now() where id = %(id)s",
    ):
        with pytest.raises(Exception, match=r"as an amendment|never changes|check constraint"):
            superuser.execute(sql, {"draft": draft.id, "id": draft.amends_id})


async def test_what_was_signed_for_later_ends_with_its_contract(client_of, clock):
    company, supplier, contract, item = await contracted()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    later = await amended(company, supplier, contract, otherwise(supplier, item, valid_from="2027-04-01"))
    await commands.terminate(company.buyer, contract.id, "The works close")
    buyer = await client_of(company.buyer)
    assert (await buyer.get(f"{CONTRACTS}/{later.id}")).json()["state"] == "expired"
    other = await active_contract(company, supplier)
    signing = await commands.amend(company.buyer, other.id)
    for act, person in ((commands.offer, company.buyer), (commands.agree, supplier.order_desk)):
        await act(person, signing.id)
    await commands.approve(company.approver, signing.id)
    presented = await commands.present(company.buyer, signing.id, PresentForm())
    await commands.terminate(company.buyer, other.id, "The works close")
    await both_sign(company, supplier, presented)
    assert {job.error for job in await run_jobs("contracts.review")} == {None}
    assert (await buyer.get(f"{CONTRACTS}/{signing.id}")).json()["state"] == "expired"
