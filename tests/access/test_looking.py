"""Looking as a colleague: to read what they read, with a reason, for a short time, and never to do anything."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from portal.access import commands
from portal.access.forms import LookForm
from portal.platform.convert import convert
from portal.platform.refusals import OnlyLooking
from portal.platform.work import changing
from tests.harness.world import a_colleague, issued_order, trading_pair

WHY = {"reason": "She does not find the order that the supplier sent back.", "minutes": 15}


async def looks(client, person, **changes):
    """The client's session looks as the person; gives the answer."""
    answer = await client.post(f"/api/v1/members/{person.person_id}/see-as", json=WHY | changes)
    if answer.status_code == 200:
        client.headers["x-csrf-token"] = answer.json()["csrf_token"]
    return answer


def secret(client):
    """The session's secret, given by the harness at first and by the portal since."""
    return client.cookies.get("session", domain="portal.test") or client.cookies.get("session", domain="")


def entries(superuser, company, event):
    return superuser.execute(
        "select actor_id, body::jsonb from audit_entry where owner_id = %s and event = %s order by id",
        [company.id, event],
    ).fetchall()


async def test_an_administrator_reads_what_a_colleague_reads_and_both_are_in_the_log(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    admin = await client_of(company.administrator)
    path = f"/api/v1/purchase-orders/{order.id}"
    assert (await admin.get(path)).status_code == 403

    told = (await looks(admin, company.buyer)).json()

    assert (told["user"]["id"], told["seen_by"]) == (str(company.buyer.person_id), company.administrator.name)
    assert (await admin.get(path)).status_code == 200
    ((begun_by, begun),) = entries(superuser, company, "see-as.begun")
    assert (begun_by, begun["data"]["reason"]) == (company.administrator.person_id, WHY["reason"])
    read_by, read = entries(superuser, company, "see-as.read")[-1]
    assert (read_by, read["data"]["path"]) == (company.administrator.person_id, path)
    assert read["manner"] == {"as": str(company.buyer.person_id), "looking": str(begun["data"]["looking_id"])}


async def test_who_looks_changes_nothing_and_the_refusal_names_both(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    admin = await client_of(company.administrator)
    await looks(admin, company.buyer)

    writes = {
        "post": (f"/api/v1/purchase-orders/{order.id}/cancel", "/organisation", "/profile", "/api/v1/api-keys"),
        "put": ("/api/v1/profile", "/api/v1/security"),
        "delete": ("/api/v1/sessions/abc",),
    }
    for method, paths in writes.items():
        for path in paths:
            assert (await admin.request(method, path, json={})).status_code in (403, 404, 405), path
    refused = await admin.post(f"/api/v1/purchase-orders/{order.id}/cancel", json={"reason": "x"})
    assert "nothing is changed" in refused.json()["detail"]
    by, said = entries(superuser, company, "access.refused")[-1]
    assert (by, said["manner"]["as"]) == (company.administrator.person_id, str(company.buyer.person_id))


async def test_who_looks_opens_an_order_that_nobody_opened_yet_and_it_stays_so(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    admin = await client_of(supplier.administrator)
    await looks(admin, supplier.order_desk)

    page = await admin.get(f"/orders/{order.id}")

    assert (page.status_code, order.number in page.text) == (200, True)
    assert superuser.execute("select viewed_at from purchase_order where id = %s", [order.id]).fetchone() == (None,)


async def test_the_unit_of_work_itself_begins_no_change_for_who_looks(client_of):
    from portal.access.queries import identity_of_session

    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    await looks(admin, company.buyer)
    identity = await identity_of_session(secret(admin))
    assert identity is not None

    with pytest.raises(OnlyLooking):
        async with changing(identity.actor):
            pass


async def test_the_secret_of_the_session_is_new_at_the_beginning_and_at_the_end(client_of):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    first = secret(admin)
    await looks(admin, company.buyer)
    second = secret(admin)

    ended = await admin.post("/api/v1/sessions/current/end-look", json={})

    assert ended.json()["user"]["id"] == str(company.administrator.person_id)
    assert len({first, second, secret(admin)}) == 3
    admin.cookies.clear()
    for dead in (first, second):
        admin.cookies.set("session", dead)
        assert (await admin.get("/api/v1/me")).status_code == 401


async def test_nobody_looks_as_themselves_an_administrator_an_auditor_or_a_stranger(client_of):
    company, supplier = await trading_pair()
    other = await a_colleague(company, "administrator", "buyer")
    admin = await client_of(company.administrator)

    refused = [(company.administrator, 409), (other, 403), (company.auditor, 403), (supplier.order_desk, 404)]
    for person, status in refused:
        assert (await looks(admin, person)).status_code == status
    buyer = await client_of(company.buyer)
    assert (await looks(buyer, company.requester)).status_code == 403
    assert (await looks(admin, company.buyer, reason=" ")).status_code == 422
    assert (await looks(admin, company.buyer, minutes=31)).status_code == 422


async def test_it_is_over_with_its_time_its_session_or_its_right(client_of, superuser, a_second_later):
    company, _supplier = await trading_pair()
    other = await a_colleague(company, "administrator")
    late, out, deposed = [await client_of(company.administrator) for _each in range(2)] + [await client_of(other)]
    for each in (late, out, deposed):
        await looks(each, company.buyer)
    assert (await out.delete("/api/v1/sessions/current")).status_code == 204
    superuser.execute("alter table see_as disable trigger user")
    superuser.execute(
        "update see_as set begun_at = begun_at - interval '1 hour', until = until - interval '1 hour' "
        "where created_by = %s and ended_at is null",
        [company.administrator.person_id],
    )
    superuser.execute("update membership set roles = '{receiver}' where person_id = %s", [other.person_id])
    superuser.execute("alter table see_as enable trigger user")
    a_second_later()

    for client in (late, out, deposed):
        assert (await client.get("/api/v1/me")).status_code == 401
    assert len(entries(superuser, company, "see-as.ended")) == 1


async def test_who_becomes_an_auditor_is_not_seen_any_more(client_of, superuser, a_second_later):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    await looks(admin, company.buyer)
    superuser.execute("update membership set roles = '{auditor}' where person_id = %s", [company.buyer.person_id])
    a_second_later()
    assert (await admin.get("/api/v1/me")).status_code == 401


async def test_what_is_a_persons_own_stays_theirs(client_of):
    company, _supplier = await trading_pair()
    buyer, admin = await client_of(company.buyer), await client_of(company.administrator)
    own = ["/profile", "/profile/data.json", "/profile/second-factor", "/profile/api-keys", "/profile/terms"]
    own += ["/profile/bank-account", "/api/v1/sessions", "/api/v1/api-keys"]
    own += [f"/api/v1/me/{what}" for what in ("second-factor", "terms", "terms/accepted")]
    for path in own:
        assert (await buyer.get(path)).status_code == 200, path
    await looks(admin, company.buyer)
    for path in own:
        refused = await admin.get(path)
        assert (refused.status_code, "stays theirs" in refused.text) == (403, True), path
    assert 'href="/profile"' not in (await admin.get("/")).text


async def test_the_colleague_reads_who_looked_and_why(client_of):
    company, _supplier = await trading_pair()
    admin, buyer, other = [await client_of(company.people[role]) for role in ("administrator", "buyer", "receiver")]
    await looks(admin, company.buyer)

    (told,) = (await buyer.get("/api/v1/looks")).json()["items"]

    assert (told["by"], told["reason"]) == (company.administrator.name, WHY["reason"])
    assert (await buyer.get(f"/see-as/{told['id']}")).status_code == 200
    assert (await other.get(f"/api/v1/looks/{told['id']}")).status_code == 404
    assert (await other.get("/api/v1/looks")).json()["items"] == []


async def test_every_page_says_it_and_leads_out(client_of):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    begun = await admin.post(f"/people/{company.buyer.person_id}/see-as", data=WHY)
    assert (begun.status_code, begun.headers["location"]) == (303, "/")
    for path in ("/", "/orders", "/nowhere"):
        body = (await admin.get(path)).text
        assert 'id="looking"' in body, path
        assert 'action="/see-as/end"' in body
    admin.headers["x-csrf-token"] = admin.cookies["csrf_token"]
    back = await admin.post("/see-as/end")
    assert (back.status_code, back.headers["location"]) == (303, f"/people/{company.buyer.person_id}")
    assert 'id="looking"' not in (await admin.get("/")).text


async def test_a_key_for_programs_looks_as_nobody(client_of):
    from portal.platform.refusals import Denied

    company, _supplier = await trading_pair()
    with pytest.raises(Denied):
        await commands.see_as(company.administrator, company.buyer.person, convert(LookForm, WHY))


async def test_the_database_keeps_it_short(connected, superuser):
    company, _supplier = await trading_pair()
    now = datetime.now(UTC)
    values = [company.id, company.buyer.person_id, company.administrator.person_id, now, now + timedelta(minutes=31)]
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(
            "insert into see_as (id, organisation_id, person_id, created_by, reason, begun_at, until) "
            "values (uuidv7(), %s, %s, %s, 'x', %s, %s)",
            values,
        )
