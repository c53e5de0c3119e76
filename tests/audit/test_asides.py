"""What changed nothing is in the log too: refusals, failed sign-ins, files taken out, auditors' reads."""

import asyncio
import re
from typing import Any

import pytest

from portal.access.commands import set_password
from portal.audit import noting
from portal.audit.jobs import tell_left
from portal.orders import commands as orders
from portal.platform.actor import Actor
from portal.platform.work import apart
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, draft_order, submitted_order, trading_pair

API = "/api/v1"
PASSWORD = "a long sentence of one's own"


async def entries(superuser: Any, person: Any, event: str) -> list[Any]:
    await apart.settled()
    sql = "select e.*, body -> 'data' as data from audit_entry e where actor_id = %s and event = %s order by id"
    cursor = superuser.execute(sql, [person.person_id, event])
    columns = [each.name for each in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


async def test_who_is_refused_an_act_is_in_the_log_of_their_own_organisation(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)

    answer = await (await client_of(company.requester)).post(f"{API}/purchase-orders/{order.id}/approve")

    assert answer.status_code == 403
    [entry] = await entries(superuser, company.requester, "access.refused")
    assert (entry["owner_id"], entry["shown_to"], entry["root_id"]) == (company.id, None, None)
    assert entry["subject_id"] == order.id
    assert entry["request_id"] == answer.json()["request_id"]
    said = entry["data"]
    assert (said["method"], said["status"], said["permission"]) == ("POST", 403, "orders:approve")
    assert said["path"] == f"{API}/purchase-orders/{order.id}/approve"
    assert "approve" in said["reason"]


@pytest.mark.parametrize("keys", [({}, {}), ({"idempotency-key": "one"}, {"idempotency-key": "another"})])
async def test_what_an_act_would_have_changed_is_undone_and_its_refusal_is_not(client_of, superuser, keys):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    client = await client_of(company.buyer)

    late = await client.post(f"{API}/purchase-orders/{order.id}/issue", headers=keys[0])
    stale = await client.post(f"{API}/purchase-orders/{order.id}/submit", headers={"if-match": '"99"'} | keys[1])

    assert (late.status_code, stale.status_code) == (409, 412)
    refused = await entries(superuser, company.buyer, "access.refused")
    assert [entry["data"]["status"] for entry in refused] == [late.status_code, stale.status_code]
    assert superuser.execute("select state from purchase_order where id = %s", [order.id]).fetchone() == ("draft",)


async def test_a_look_at_what_is_not_ones_own_stays_in_the_strangers_log(client_of, superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    other, _its = await trading_pair()

    answer = await (await client_of(other.buyer)).get(f"{API}/purchase-orders/{order.id}")

    assert answer.status_code == 404
    [entry] = await entries(superuser, other.buyer, "access.refused")
    assert (entry["owner_id"], entry["subject_id"]) == (other.id, order.id)
    theirs = await (await client_of(company.auditor)).get(f"{API}/audit-entries", params={"object": str(order.id)})
    assert [each["event"] for each in theirs.json()["items"]] == ["purchase-order.created"]


async def test_refusals_are_no_part_of_a_records_history(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    client = await client_of(company.requester)
    await client.post(f"{API}/purchase-orders/{order.id}/approve")
    await orders.approve(company.approver, order.id)

    late = await (await client_of(company.approver)).post(f"{API}/purchase-orders/{order.id}/approve")
    page = Reader(await client_of(company.requester))

    assert {event["event"] for event in late.json()["meanwhile"]} & {"access.refused"} == set()
    assert "Was refused" not in (await page.open(f"/orders/{order.id}")).text


async def test_a_failed_sign_in_is_in_the_log_of_whoever_was_meant(anonymous, superuser, client_of):
    company, _supplier = await trading_pair()
    await set_password(Actor.system(company.id), company.buyer.person, PASSWORD)
    for email in (company.buyer.email, "nobody@example.test"):
        answer = await anonymous.post(f"{API}/sessions", json={"email": email, "password": "not this one, alas"})
        assert answer.status_code == 401

    [entry] = await entries(superuser, company.buyer, "session.refused")
    assert entry["owner_id"] == company.id
    assert re.search(r"\d+\.\d+\.\d+\.\d+", str(entry["data"])) is None
    assert entry["data"]["address"]["person"] == str(company.buyer.person_id)


async def test_a_flood_of_refusals_is_a_bounded_number_of_entries_and_none_is_uncounted(
    client_of, superuser, monkeypatch
):
    company, _supplier = await trading_pair()
    sparing = apart.Sparing(noting.RefusedOften, most=5, window=0.5)
    monkeypatch.setattr(noting, "REFUSALS", sparing)
    client = await client_of(company.requester)

    answers = await asyncio.gather(*(client.get(f"{API}/audit-entries") for _ in range(23)))
    await asyncio.sleep(0.8)

    assert {answer.status_code for answer in answers} == {403}
    assert len(await entries(superuser, company.requester, "access.refused")) == 5
    [more] = await entries(superuser, company.requester, "access.refused-often")
    assert more["data"]["refusals"] == 18


async def test_what_cannot_be_noted_is_neither_read_nor_taken_out_and_a_refusal_is_still_told(client_of, monkeypatch):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer, auditor = await client_of(company.buyer), await client_of(company.auditor)
    places = ((buyer, "/orders.csv"), (auditor, f"/orders/{order.id}"), (auditor, f"{API}/purchase-orders/{order.id}"))

    def broken() -> Any:
        raise OSError("no connection")

    monkeypatch.setattr(apart, "engine_apart", broken)
    for client, place in places:
        answer = await client.get(place)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30"), place
        assert order.number not in answer.text
        assert "content-disposition" not in answer.headers
        assert "noted before it is shown" in answer.text
    assert (await (await client_of(company.requester)).get(f"{API}/audit-entries")).status_code == 403
    assert (await buyer.get(f"/orders/{order.id}")).status_code == 200
    monkeypatch.undo()
    assert order.number in (await buyer.get("/orders.csv")).text


async def test_the_number_of_refusals_outlives_the_process_that_counted_them(client_of, superuser, monkeypatch):
    company, _supplier = await trading_pair()
    dying = apart.Sparing(noting.RefusedOften, most=5, window=3_600)
    monkeypatch.setattr(noting, "REFUSALS", dying)
    client = await client_of(company.requester)
    await asyncio.gather(*(client.get(f"{API}/audit-entries") for _ in range(23)))
    sql = "select subject_id, body -> 'data' ->> 'refusals' from audit_entry where owner_id = %s and event = %s"
    told = [company.id, "access.refused-often"]
    assert superuser.execute(sql, told).fetchall() == []

    superuser.execute("update refusal_count set since = since - interval '5 minutes'")
    for _again in range(2):
        await tell_left(Actor.system(company.id))

    assert superuser.execute(sql, told).fetchall() == [(company.requester.person_id, "18")]


async def test_odd_addresses_are_noted_as_they_were_sent(client_of, superuser):
    company, _supplier = await trading_pair()
    client = await client_of(company.requester)
    for path in ("/orders/%00", "/orders/%ff%fe?a=%00", "/采购/" + "x" * 500, "/orders/%22%5c%0a"):
        assert (await client.get(path)).status_code in (400, 404)
    assert len(await entries(superuser, company.requester, "access.refused")) == 4


async def test_a_file_that_is_taken_out_is_noted_with_its_name(client_of, superuser):
    company, supplier = await trading_pair()
    await accepted_order(company, supplier)

    answer = await (await client_of(company.buyer)).get("/orders.csv")

    assert answer.status_code == 200
    [entry] = await entries(superuser, company.buyer, "data.exported")
    assert (entry["data"]["file"], entry["data"]["path"]) == ("orders.csv", "/orders.csv")


async def test_what_an_auditor_reads_is_noted_and_what_a_buyer_reads_is_not(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    for actor in (company.auditor, company.buyer):
        client = await client_of(actor)
        for path in (f"/orders/{order.id}", f"{API}/purchase-orders/{order.id}", "/profile", f"{API}/me"):
            assert (await client.get(path)).status_code == 200

    read = await entries(superuser, company.auditor, "record.read")
    assert [entry["data"]["path"] for entry in read] == [f"/orders/{order.id}", f"{API}/purchase-orders/{order.id}"]
    assert {entry["subject_id"] for entry in read} == {order.id}
    assert await entries(superuser, company.buyer, "record.read") == []


async def test_the_search_leaves_reads_out_until_they_are_asked_for(client_of):
    company, supplier = await trading_pair()
    await accepted_order(company, supplier)
    reader = Reader(await client_of(company.auditor))
    await reader.open("/suppliers")

    assert "Read as auditor" not in (await reader.open("/audit")).links
    assert "Read as auditor" in (await reader.open("/audit", reads="1")).links
    assert "Read as auditor" in (await reader.open("/audit", event="record.read")).links
    page = await reader.open((await reader.open("/audit", event="record.read")).links["Read as auditor"])
    assert "Address asked for/audit" in page.text
    assert f"Person{company.auditor.name}" in page.text
