"""Emergency access: more roles for hours, by two people, marked in the log, and looked at by a third."""

import psycopg
import pytest

from portal.operations.workspace.members import members_at
from portal.oversight import commands
from portal.oversight.forms import EmergencyForm, VerdictForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.problems import Problems
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import viewing
from tests.harness.world import a_colleague, approved_order, submitted_order, trading_pair

WHY = "The night shift’s buyer is ill, and the order must go out."
FOUND = {"verdict": "justified", "note": "One order issued, the one that could not wait."}


async def asked(person, *roles, minutes=60):
    return await commands.ask(person, convert(EmergencyForm, {"roles": list(roles), "minutes": minutes, "reason": WHY}))


async def granted(company, person, *roles, by=None, **more):
    made = await asked(person, *roles, **more)
    return await commands.grant(by or company.administrator, made.id)


def verdict(**changes):
    return convert(VerdictForm, FOUND | changes)


def over(superuser, emergency):
    """Its time is over an hour ago."""
    superuser.execute("alter table emergency_access disable trigger user")
    superuser.execute(
        "update emergency_access set decided_at = decided_at - interval '5 hours', until = until - interval '5 hours' "
        "where id = %s",
        [emergency.id],
    )
    superuser.execute("alter table emergency_access enable trigger user")


async def test_the_roles_are_held_within_a_second_of_the_grant_and_gone_within_one_of_the_end(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    path = f"/api/v1/purchase-orders/{order.id}/issue"
    assert (await (await client_of(company.receiver)).post(path, json={})).status_code == 403

    emergency = await granted(company, company.receiver, "buyer")

    receiver = await client_of(company.receiver)
    assert (await receiver.get("/api/v1/me")).json()["roles"] == ["buyer", "receiver"]
    assert (await receiver.post(path, json={})).status_code == 200
    await commands.end(company.receiver, emergency.id)
    assert (await receiver.get("/api/v1/me")).json()["roles"] == ["receiver"]


async def test_a_process_that_was_told_nothing_knows_within_a_second(client_of, superuser, a_second_later):
    company, _supplier = await trading_pair()
    emergency = await granted(company, company.receiver, "buyer")
    receiver = await client_of(company.receiver)
    assert "buyer" in (await receiver.get("/api/v1/me")).json()["roles"]
    over(superuser, emergency)
    a_second_later()
    assert (await receiver.get("/api/v1/me")).json()["roles"] == ["receiver"]


async def test_whoever_gets_roles_signs_in_again(client_of, a_second_later):
    company, _supplier = await trading_pair()
    before = await client_of(company.receiver)
    await granted(company, company.receiver, "buyer")
    a_second_later()
    assert (await before.get("/api/v1/me")).status_code == 401


async def test_each_act_in_that_time_is_marked_in_the_log(client_of, superuser):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    emergency = await granted(company, company.receiver, "buyer")
    receiver = await client_of(company.receiver)
    await receiver.post(f"/api/v1/purchase-orders/{order.id}/issue", json={})

    auditor = await client_of(company.auditor)
    told = (await auditor.get("/api/v1/audit-entries", params={"event": "purchase-order.issued"})).json()["items"]
    seen = await auditor.get(f"/emergency-access/{emergency.id}")

    assert [(each["emergency"], each["intact"]) for each in told] == [(str(emergency.id), True)]
    assert order.number in seen.text
    assert "with emergency access" in (await auditor.get(f"/audit/{told[0]['id']}")).text


async def test_nobody_grants_their_own_and_nobody_without_the_permission():
    company, _supplier = await trading_pair()
    both = await a_colleague(company, "administrator", "approver")
    own = await asked(both, "buyer")
    for person in (both, company.buyer, company.auditor, company.receiver):
        with pytest.raises(Denied):
            await commands.grant(person, own.id)
    assert (await commands.grant(company.approver, own.id)).state == "granted"


async def test_only_roles_that_exist_and_are_not_held_and_never_an_auditors():
    company, _supplier = await trading_pair()
    for role in ("buyer", "auditor", "system", "order_desk", "anyone"):
        with pytest.raises(Invalid):
            await asked(company.buyer, role)
    with pytest.raises(Denied):
        await asked(company.auditor, "buyer")
    for minutes in (0, 241):
        with pytest.raises(Problems):
            await asked(company.buyer, "receiver", minutes=minutes)


async def test_a_third_person_reviews_and_neither_of_the_two():
    company, _supplier = await trading_pair()
    emergency = await granted(company, company.receiver, "buyer")
    await commands.end(company.administrator, emergency.id)
    for person in (company.administrator, company.receiver, company.buyer, company.auditor):
        with pytest.raises(Denied):
            await commands.review(person, emergency.id, verdict())
    reviewed = await commands.review(company.approver, emergency.id, verdict(verdict="unjustified"))
    assert (reviewed.state, reviewed.verdict, reviewed.reviewed_by) == (
        "reviewed", "unjustified", company.approver.person_id,
    )  # fmt: skip


async def test_until_it_is_reviewed_nobody_gets_a_second_one_and_it_stands_on_home_pages(client_of, superuser):
    company, _supplier = await trading_pair()
    emergency = await granted(company, company.receiver, "buyer")
    over(superuser, emergency)
    with pytest.raises(Conflict, match="reviewed"):
        await asked(company.receiver, "payable")
    home = (await (await client_of(company.approver)).get("/")).text
    assert emergency.number in home
    assert emergency.number not in (await (await client_of(company.administrator)).get("/")).text
    await commands.review(company.approver, emergency.id, verdict())
    assert emergency.number not in (await (await client_of(company.approver)).get("/")).text
    assert (await asked(company.receiver, "payable")).state == "asked"


async def test_what_runs_is_ended_before_it_is_reviewed():
    company, _supplier = await trading_pair()
    emergency = await granted(company, company.receiver, "buyer")
    with pytest.raises(Conflict, match="still runs"):
        await commands.review(company.approver, emergency.id, verdict())


async def test_its_end_is_noted_by_itself(superuser, client_of):
    company, _supplier = await trading_pair()
    emergency = await granted(company, company.receiver, "buyer")
    over(superuser, emergency)
    receiver = await client_of(company.receiver)
    assert (await receiver.get("/api/v1/me")).json()["roles"] == ["receiver"]
    (ended,) = await commands.end_lapsed(Actor.system(company.id))
    assert (ended.id, ended.state, ended.ended_at) == (emergency.id, "ended", ended.until)
    assert await commands.end_lapsed(Actor.system(company.id)) == []


async def test_a_denial_beats_what_an_emergency_gives(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await granted(company, company.administrator, "approver", by=company.approver)
    admin = await client_of(company.administrator)
    assert "approver" in (await admin.get("/api/v1/me")).json()["roles"]
    assert (await admin.post(f"/api/v1/purchase-orders/{order.id}/approve", json={})).status_code == 403


async def test_duties_hold_in_an_emergency(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await granted(company, company.requester, "approver")
    requester = await client_of(company.requester)
    assert (await requester.post(f"/api/v1/purchase-orders/{order.id}/approve", json={})).status_code == 403


async def test_who_acts_in_an_emergency_decides_on_no_other():
    from msgspec.structs import replace

    from portal.platform.actor import Emergency

    company, _supplier = await trading_pair()
    emergency = await granted(company, company.requester, "administrator")
    raised = replace(
        company.requester,
        roles=company.requester.roles | {"administrator"},
        emergency=Emergency(emergency.id, emergency.until),
    )
    other = await asked(company.receiver, "buyer")
    with pytest.raises(Denied, match="emergency yourself"):
        await commands.grant(raised, other.id)


async def test_a_key_for_programs_gets_nothing_of_it(client_of, anonymous):
    company, _supplier = await trading_pair()
    receiver = await client_of(company.receiver)
    made = (await receiver.post("/api/v1/api-keys", json={"name": "Scanner", "scopes": ["*"]})).json()
    await granted(company, company.receiver, "buyer")
    me = await anonymous.get("/api/v1/me", headers={"authorization": f"Bearer {made['key']}"})
    assert me.json()["roles"] == ["receiver"]


async def test_others_do_not_see_it(client_of):
    company, supplier = await trading_pair()
    emergency = await asked(company.receiver, "buyer")
    for person, status in ((company.receiver, 200), (company.buyer, 404), (supplier.administrator, 404)):
        assert (await (await client_of(person)).get(f"/api/v1/emergency-access/{emergency.id}")).status_code == status
    with pytest.raises(NotFound):
        await commands.grant(supplier.administrator, emergency.id)


async def test_the_database_itself_wants_three_people_and_four_hours(connected, superuser):
    company, _supplier = await trading_pair()
    emergency = await asked(company.receiver, "buyer")
    for change in (
        "state = 'granted', decided_by = created_by, decided_at = now(), until = now()",
        "state = 'granted', decided_by = '{admin}', decided_at = now(), until = now() + interval '5 hours'",
        "roles = '{{administrator}}'",
        "state = 'reviewed', reviewed_by = created_by, reviewed_at = now(), verdict = 'justified'",
    ):
        sql = "update emergency_access set " + change.format(admin=company.administrator.person_id) + " where id = %s"
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute(sql, [emergency.id])


async def test_who_could_see_something_then_counts_what_an_emergency_lent(superuser):
    company, _supplier = await trading_pair()
    emergency = await granted(company, company.receiver, "payable")
    await commands.end(company.receiver, emergency.id)
    begun, ended = superuser.execute(
        "select decided_at, ended_at from emergency_access where id = %s", [emergency.id]
    ).fetchone()
    async with viewing(company.auditor) as view:
        during, after = [await members_at(view, moment) for moment in (begun, ended)]
    roles = [
        next(each.roles for each in told if each.person_id == company.receiver.person_id) for told in (during, after)
    ]
    assert roles == [("receiver", "payable"), ("receiver",)]
