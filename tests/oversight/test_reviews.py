"""Reviews of access: each quarter whoever answers for a role keeps it or takes it back, and silence takes it back."""

from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from portal.access.commands import change_rights, remove_member
from portal.access.forms import Rights
from portal.oversight import commands
from portal.oversight.forms import OwnersForm
from portal.platform.actor import Actor, Emergency
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid
from tests.harness.campaigns import KEEP, REVOKE, decided, line, lines, opened, roles_of
from tests.harness.world import a_colleague, buying_company


async def test_a_campaign_asks_about_every_role_of_every_member():
    company = await buying_company()
    both = await a_colleague(company, "requester", "approver")
    review = await opened(company)
    asked = await lines(company, review)
    assert set(asked) == {(person.person_id, role) for role, person in company.people.items()} | {
        (both.person, "requester"), (both.person, "approver"),
    }  # fmt: skip
    assert asked[both.person, "approver"].warnings[0].startswith("duties exclude each other")
    assert "never signed in" in asked[company.buyer.person, "buyer"].warnings


async def test_the_administrators_decide_until_owners_are_named_and_nobody_on_themselves():
    company = await buying_company()
    other = await a_colleague(company, "administrator")
    await commands.set_owners(
        company.administrator, "buyer", convert(OwnersForm, {"owners": [str(company.approver.person_id)]})
    )
    review = await opened(company)
    asked = await lines(company, review)
    assert asked[company.buyer.person, "buyer"].reviewers == [company.approver.name]
    assert asked[company.administrator.person, "administrator"].reviewers == [other.name]
    with pytest.raises(Denied):
        await decided(company.administrator, asked[company.administrator.person, "administrator"], **KEEP)
    with pytest.raises(Denied):
        await decided(company.administrator, asked[company.buyer.person, "buyer"], **KEEP)
    kept = await decided(company.approver, asked[company.buyer.person, "buyer"], **KEEP)
    assert (kept.state, kept.decided_by) == ("kept", company.approver.person_id)


async def test_owners_named_later_decide_on_what_is_still_open():
    company = await buying_company()
    review = await opened(company)
    owners = convert(OwnersForm, {"owners": [str(company.receiver.person_id)]})
    await commands.set_owners(company.administrator, "receiver", owners)
    await commands.set_owners(company.administrator, "buyer", owners)
    asked = await lines(company, review)
    assert asked[company.buyer.person, "buyer"].reviewers == [company.receiver.name]
    assert asked[company.receiver.person, "receiver"].reviewers == [company.administrator.name]


async def test_auditors_and_strangers_answer_for_no_role():
    company, other = await buying_company(), await buying_company()
    for person in (company.auditor, other.buyer):
        with pytest.raises(Invalid):
            await commands.set_owners(
                company.administrator, "buyer", convert(OwnersForm, {"owners": [str(person.person_id)]})
            )
    with pytest.raises(Denied):
        await commands.set_owners(company.buyer, "buyer", convert(OwnersForm, {}))


async def test_what_is_taken_back_is_gone_at_once_with_the_sessions(client_of, superuser):
    company = await buying_company()
    both = await a_colleague(company, "requester", "receiver")
    client = await client_of(both)
    review = await opened(company)
    asked = await lines(company, review)
    with pytest.raises(Invalid) as refused:
        await decided(company.administrator, asked[both.person, "receiver"], decision="revoke")
    assert refused.value.errors[0].field == "reason"
    await decided(company.administrator, asked[both.person, "receiver"], **REVOKE)
    assert roles_of(superuser, company)[both.person] == (["requester"], True)
    assert (await client.get("/api/v1/me")).status_code == 401
    with pytest.raises(Conflict):
        await decided(company.administrator, asked[both.person, "receiver"], **KEEP)
    await decided(company.administrator, asked[both.person, "requester"], **REVOKE)
    assert roles_of(superuser, company)[both.person][1] is False


async def test_keeping_against_a_warning_takes_a_reason_and_keeping_all_leaves_those_out(client_of):
    company = await buying_company()
    await client_of(company.buyer)
    review = await opened(company)
    with pytest.raises(Invalid) as refused:
        await decided(company.administrator, await line(company, review, "receiver"), decision="keep")
    assert "speaks against" in str(refused.value.errors[0].message)
    assert await commands.keep_all(company.administrator, review.id) == 1
    assert (await line(company, review, "buyer")).state == "kept"
    assert (await line(company, review, "receiver")).state == "open"
    taken = await decided(company.administrator, await line(company, review, "buyer"), **REVOKE)
    assert taken.state == "revoked"


async def test_who_acts_in_an_emergency_judges_nobody_one_by_one_or_all_at_once():
    company = await buying_company()
    owners = convert(OwnersForm, {"owners": [str(company.approver.person_id)]})
    await commands.set_owners(company.administrator, "buyer", owners)
    review = await opened(company)
    pressed = msgspec.structs.replace(
        company.approver, emergency=Emergency(new_id(), datetime.now(UTC) + timedelta(hours=1))
    )
    with pytest.raises(Denied, match="in an emergency yourself"):
        await decided(pressed, await line(company, review, "buyer"), **KEEP)
    with pytest.raises(Denied, match="in an emergency yourself"):
        await commands.keep_all(pressed, review.id)
    assert (await line(company, review, "buyer")).state == "open"


async def test_where_reviewers_left_others_decide(superuser):
    company = await buying_company()
    other = await a_colleague(company, "administrator")
    owners = convert(OwnersForm, {"owners": [str(company.approver.person_id)]})
    await commands.set_owners(company.administrator, "buyer", owners)
    review = await opened(company)
    await remove_member(company.administrator, company.approver.person)
    await commands.look_after(Actor.system(company.id))
    told = await line(company, review, "buyer")
    assert set(told.reviewers) == {company.administrator.name, other.name}


async def test_a_role_that_is_gone_meanwhile_is_no_matter(superuser):
    company = await buying_company()
    review = await opened(company)
    told = await line(company, review, "buyer")
    await change_rights(company.administrator, company.buyer.person, convert(Rights, {"roles": ["receiver"]}))
    await decided(company.administrator, told, **REVOKE)
    assert roles_of(superuser, company)[company.buyer.person] == (["receiver"], True)


async def test_reviewers_see_what_they_decide_on_and_nothing_else(client_of):
    company, other = await buying_company(), await buying_company()
    owners = convert(OwnersForm, {"owners": [str(company.approver.person_id)]})
    await commands.set_owners(company.administrator, "buyer", owners)
    review = await opened(company)
    path = f"/api/v1/access-reviews/{review.id}"
    seen = (await (await client_of(company.approver)).get(path)).json()
    assert [(each["role"], each["mine"]) for each in seen["items"]] == [("buyer", True)]
    for person in (company.receiver, other.administrator):
        assert (await (await client_of(person)).get(path)).status_code == 404
    approver, receiver = await client_of(company.approver), await client_of(company.receiver)
    assert review.number in (await approver.get("/")).text
    assert review.number not in (await receiver.get("/")).text
    assert (await approver.get(f"/access-reviews/{review.id}/report.pdf")).status_code == 404


async def test_the_database_keeps_decisions(superuser):
    company = await buying_company()
    review = await opened(company)
    told = await line(company, review, "buyer")
    for change in (
        "state = 'revoked', decided_at = now(), decided_by = person_id, reason = 'x'",
        f"state = 'revoked', decided_at = now(), decided_by = '{company.administrator.person_id}', reason = ''",
        "role = 'administrator'",
        "state = 'kept', decided_at = now()",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute(f"update reviewed_role set {change} where id = %s", [told.id])


async def test_administrators_read_everything_on_pages_and_propose_the_days(client_of):
    company = await buying_company()
    review = await opened(company)
    admin = await client_of(company.administrator)
    told = await line(company, review, "buyer")
    for path in ("", "?open=mine", f"/{review.id}", f"/roles/{told.id}"):
        page = await admin.get(f"/access-reviews{path}")
        assert page.status_code == 200, path
        assert review.number in page.text or company.buyer.name in page.text
    asked = await admin.post("/access-reviews/settings", data={"reviewer_days": "2", "reason": ""})
    assert (asked.status_code, 'id="settings"' in asked.text) == (422, True)
    proposed = await admin.post("/access-reviews/settings", data={"reviewer_days": "30", "reason": "Holidays."})
    assert proposed.headers["location"].startswith("/settings/versions/")
    assert (await admin.get(proposed.headers["location"])).status_code == 200
    decided_now = await admin.post(f"/access-reviews/roles/{told.id}", data={"decision": "revoke"})
    assert decided_now.status_code == 422
    owners = await admin.post("/role-owners/buyer", data={"owners.0": str(company.approver.person_id)})
    assert owners.status_code == 303
    assert company.approver.name in (await admin.get("/role-owners")).text
