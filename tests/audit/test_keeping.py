"""Keeping and letting go: holds, disposal with its certificate, erasing a person, and what is known about one."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from portal.access.commands import remove_member
from portal.audit import erasures
from portal.audit.commands import erase_person, place_hold, release_hold
from portal.audit.forms import HoldForm
from portal.audit.rules import Retention, retention, retention_rules
from portal.audit.subject import known_of
from portal.documents import commands as documents
from portal.documents import pressroom
from portal.documents.disposing import dispose
from portal.documents.store import load
from portal.orders import commands as orders
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.settings import settings
from portal.platform.work import viewing
from tests.harness.log_rows import faults_of, seal_now
from tests.harness.pages import Page
from tests.harness.world import a_colleague, approved_order, issued_order, trading_pair


@pytest.fixture(scope="module", autouse=True)
def presses():
    yield
    pressroom.close()


async def kept_document(company: Any, supplier: Any, superuser: Any) -> Any:
    """The finished document of an order."""
    order = await issued_order(company, supplier)
    wished = await documents.request(company.buyer, "purchase-order", order.id)
    await documents.render(Actor.system(company.id), wished.id)
    [digest] = superuser.execute("select sha256 from document where id = %s", [wished.id]).fetchone()
    return order, digest


async def much_later(clock: Any, years: int = 8) -> None:
    await clock(datetime.fromisoformat("2026-11-22T12:00:00+00:00") + timedelta(days=365.25 * years))


async def test_a_document_is_kept_as_long_as_the_law_asks_and_then_destroyed_with_a_certificate(
    superuser, clock, client_of
):
    company, supplier = await trading_pair()
    order, digest = await kept_document(company, supplier, superuser)
    system = Actor.system(company.id)

    await much_later(clock, 6)
    assert (await dispose(system, really=True)).due == []
    await much_later(clock, 7)
    assert [each.line[2] for each in (await dispose(system, really=False)).due] == [order.number]
    assert await load(digest)
    done = await dispose(system, really=True)

    assert done.number.startswith("DC-")
    with pytest.raises(FileNotFoundError):
        await load(digest)
    left = "select (select count(*) from document where record_id = %(id)s), "
    left += "(select count(*) from document_source where snapshot::text like '%%' || %(id)s || '%%')"
    assert superuser.execute(left, {"id": str(order.id)}).fetchone() == (0, 0)
    assert (await dispose(system, really=True)).due == []
    with pytest.raises(Conflict):
        await documents.request(company.buyer, "purchase-order", order.id)
    await clock(None)
    certificates = (await (await client_of(company.auditor)).get("/api/v1/disposals")).json()["items"]
    assert [line["sha256"] for line in certificates[0]["lines"]] == [digest]
    assert (certificates[0]["jurisdiction"], certificates[0]["items"]) == ("DE", 1)
    log = "select body -> 'data' ->> 'digest' from audit_entry where event = 'records.disposed' and owner_id = %s"
    assert superuser.execute(log, [company.id]).fetchone() == (certificates[0]["digest"],)


@pytest.mark.parametrize("whose", ["company", "supplier"])
@pytest.mark.parametrize("what", ["object", "party", "period"])
async def test_a_legal_hold_of_either_side_stops_it_until_it_is_released(superuser, clock, what, whose):
    company, supplier = await trading_pair()
    order, digest = await kept_document(company, supplier, superuser)
    holder = {"company": company, "supplier": supplier}[whose]
    scope = {
        "object": {"object_id": str(order.id)},
        "party": {"party_id": str(supplier.id)},
        "period": {"from_day": "2020-01-01", "until_day": "2100-01-01"},
    }[what]
    hold = await place_hold(holder.administrator, convert(HoldForm, scope | {"reason": "Before the court"}))
    await much_later(clock)

    done = await dispose(Actor.system(company.id), really=True)
    assert ([each.line[2] for each in done.held], done.due, done.number) == ([order.number], [], "")
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("delete from document where record_id = %s", [order.id])
    await release_hold(holder.administrator, hold.id, "Settled")
    assert (await dispose(Actor.system(company.id), really=True)).number
    with pytest.raises(FileNotFoundError):
        await load(digest)


async def test_a_hold_of_another_record_party_or_period_stops_nothing(superuser, clock):
    company, supplier = await trading_pair()
    order, _digest = await kept_document(company, supplier, superuser)
    other, stranger = await trading_pair()
    for holder, scope in (
        (company, {"object_id": str(other.id)}),
        (company, {"party_id": str(stranger.id)}),
        (company, {"until_day": "2020-01-01"}),
        (company, {"object_id": str(order.id), "party_id": str(stranger.id)}),
        (other, {"object_id": str(order.id)}),
    ):
        await place_hold(holder.administrator, convert(HoldForm, scope | {"reason": "Another matter"}))
    await much_later(clock)
    assert (await dispose(Actor.system(company.id), really=True)).number


async def test_only_who_may_places_holds_and_nobody_changes_one(client_of, superuser):
    company, supplier = await trading_pair()
    form = convert(HoldForm, {"until_day": "2020-01-01", "reason": "Dispute"})
    for actor in (company.buyer, company.auditor):
        with pytest.raises(Denied):
            await place_hold(actor, form)
    hold = await place_hold(company.administrator, form)
    with pytest.raises(NotFound):
        await release_hold(supplier.administrator, hold.id, "no")
    await release_hold(company.administrator, hold.id, "over")
    with pytest.raises(Conflict):
        await release_hold(company.administrator, hold.id, "again")
    for change in ("reason = 'x'", "until_day = null, from_day = '2020-01-01'", "state = 'placed'"):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute(f"update legal_hold set {change} where id = %s".encode(), [hold.id])
    client = await client_of(company.administrator)
    nothing = await client.post("/api/v1/legal-holds", json={"reason": "of nothing"})
    backwards = {"from_day": "2026-02-01", "until_day": "2026-01-01", "reason": "backwards"}
    assert nothing.status_code == (await client.post("/api/v1/legal-holds", json=backwards)).status_code == 422
    listed = (await client.get("/api/v1/legal-holds")).json()["items"]
    assert [(each["number"], each["state"]) for each in listed] == [(hold.number, "released")]


async def test_an_erased_person_is_unreadable_and_every_proof_still_holds(superuser, client_of):
    company, _supplier = await trading_pair()
    leaver = await a_colleague(company, "buyer")
    system, client = Actor.system(company.id), await client_of(company.auditor)
    with pytest.raises(Conflict):
        await erase_person(system, leaver.person, "asked for it")
    await remove_member(system, leaver.person)
    await seal_now()

    await erase_person(system, leaver.person, "asked for it")

    entries = (await client.get("/api/v1/audit-entries", params={"object": str(leaver.person_id)})).json()["items"]
    assert leaver.email not in json.dumps(entries)
    assert leaver.name not in json.dumps(entries)
    assert all(entry["intact"] for entry in entries)
    row = superuser.execute("select full_name, email from person where id = %s", [leaver.person_id]).fetchone()
    assert row == ("–", f"erased-{leaver.person_id}@erased.invalid")
    assert superuser.execute("select 1 from person_key where person_id = %s", [leaver.person_id]).fetchone() is None
    await seal_now()
    assert faults_of(superuser, company.id) == []
    assert leaver.person_id in erasures.remembered()


async def test_a_restored_copy_forgets_again_whom_it_brings_back(superuser):
    company, _supplier = await trading_pair()
    leaver = await a_colleague(company, "buyer")
    await remove_member(Actor.system(company.id), leaver.person)
    before = superuser.execute("select wrapped from person_key where person_id = %s", [leaver.person_id]).fetchone()
    await erase_person(Actor.system(company.id), leaver.person, "asked for it")
    superuser.execute("set session_replication_role = replica")
    superuser.execute("delete from person_erasure where person_id = %s", [leaver.person_id])
    superuser.execute("insert into person_key values (%s, %s)", [leaver.person_id, before[0]])
    superuser.execute("update person set email = %s where id = %s", [leaver.email, leaver.person_id])
    superuser.execute("set session_replication_role = origin")

    assert await erasures.reapply(str(settings().owner_url)) == 1
    assert superuser.execute("select 1 from person_key where person_id = %s", [leaver.person_id]).fetchone() is None
    assert superuser.execute("select 1 from person where email = %s", [leaver.email]).fetchone() is None
    assert await erasures.reapply(str(settings().owner_url)) == 0


async def test_a_hold_keeps_a_person_too_and_only_the_operator_erases(client_of):
    company, _supplier = await trading_pair()
    leaver = await a_colleague(company, "buyer")
    await remove_member(Actor.system(company.id), leaver.person)
    form = convert(HoldForm, {"object_id": str(leaver.person_id), "reason": "Witness"})
    hold = await place_hold(company.administrator, form)
    with pytest.raises(Conflict):
        await erase_person(Actor.system(company.id), leaver.person, "asked for it")
    with pytest.raises(Denied):
        await erase_person(company.administrator, leaver.person, "no")
    await release_hold(company.administrator, hold.id, "over")
    other, _its = await trading_pair()
    with pytest.raises(NotFound):
        await erase_person(Actor.system(other.id), leaver.person, "not theirs")


HOLDS = {
    "an order they acted on": lambda order, supplier: {"object_id": str(order.id)},
    "a party they dealt with": lambda order, supplier: {"party_id": str(supplier.id)},
    "the days of their acts": lambda order, supplier: {"from_day": "2000-01-01", "until_day": "2099-12-31"},
}


@pytest.mark.parametrize("what", HOLDS)
async def test_a_hold_of_an_object_party_or_period_keeps_who_acted_on_it(what):
    company, supplier = await trading_pair()
    leaver, bystander = await a_colleague(company, "buyer"), await a_colleague(company, "buyer")
    order = await approved_order(company, supplier)
    await orders.issue(leaver, order.id)
    for each in (leaver, bystander):
        await remove_member(Actor.system(company.id), each.person)
    form = convert(HoldForm, HOLDS[what](order, supplier) | {"reason": "Claim"})
    hold = await place_hold(company.administrator, form)

    with pytest.raises(Conflict, match="hold"):
        await erase_person(Actor.system(company.id), leaver.person, "asked for it")
    await erase_person(Actor.system(company.id), bystander.person, "asked for it")
    await release_hold(company.administrator, hold.id, "over")
    await erase_person(Actor.system(company.id), leaver.person, "asked for it")


async def test_a_person_learns_all_that_is_kept_about_them(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await client_of(company.buyer)

    async with viewing(Actor.system(company.id)) as view:
        found = await known_of(view, company.buyer.person)

    [person] = found["own"]["person"]
    assert (person["full_name"], person["email"]) == (company.buyer.name, company.buyer.email)
    assert len(found["own"]["membership"]) == 1
    assert {"id": str(order.id), "as": "issued_by"} in found["records"]["purchase_order"]
    events = [entry["event"] for entry in found["log"]]
    assert {"membership.added", "purchase-order.issued", "session.opened"} <= set(events)
    assert "127.0.0.1" in str(found["log"])
    own = await (await client_of(company.buyer)).get("/profile/data.json")
    assert own.status_code == 200
    assert own.headers["content-disposition"].startswith("attachment")
    assert own.json()["own"]["person"][0]["email"] == company.buyer.email
    assert own.json()["own"]["session"][0]["address"] == "127.0.0.1"


def test_the_retention_table_can_be_meant():
    rules = retention_rules()
    assert {kind for kind, _where in rules} == {
        "purchase-order",
        "despatch-advice",
        "invoice",
        "credit-note",
        "debit-note",
        "statement",
    }
    assert retention("invoice", "DE") != retention("invoice", "XX")
    assert retention("invoice", "XX") == rules["invoice", "*"]
    assert retention("love-letter", "DE") is None
    assert Retention("x", "*", 8, "year", "").keep_until(date(2026, 1, 1)) == date(2034, 12, 31)
    assert Retention("x", "*", 7, "date", "").keep_until(date(2024, 2, 29)) == date(2031, 3, 1)


async def test_an_administrator_places_and_releases_a_hold_on_the_page(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(company.administrator)
    token = {"_csrf": client.headers["x-csrf-token"]}
    sent = await client.post("/legal-holds", data=token | {"record": order.number, "reason": "Court case 7"})
    assert sent.status_code == 303, sent.text
    page = Page(await client.get("/legal-holds"))
    assert f"{order.number} Court case 7" in page.text
    assert "In force" in page.text

    for wrong, said in (
        ({"record": "PO-0", "reason": "x"}, "No record has this number"),
        ({"reason": "x"}, "Say what"),
    ):
        answer = await client.post("/legal-holds", data=token | wrong)
        assert (answer.status_code, said in answer.text) == (422, True)
    [hold] = (await client.get("/api/v1/legal-holds")).json()["items"]
    assert (await client.post(f"/legal-holds/{hold['id']}/release", data=token | {"reason": "Over"})).status_code == 303
    assert "Released" in Page(await client.get("/legal-holds")).text
    reading = Page(await (await client_of(company.auditor)).get("/legal-holds"))
    assert ("Court case 7" in reading.text, "Place the hold" in reading.text) == (True, False)
