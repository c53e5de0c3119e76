"""Reviews of access: each quarter whoever answers for a role keeps it or takes it back, and silence takes it back."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from portal.access.commands import change_rights, remove_member
from portal.access.forms import Rights
from portal.audit.offline import verify_file
from portal.oversight import commands, queries
from portal.oversight.forms import CampaignForm, DecisionForm, OwnersForm, ReviewDaysForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid
from portal.platform.work import viewing
from portal.settings import commands as settings
from tests.harness.deliveries_facts import on
from tests.harness.world import a_colleague, buying_company

KEEP = {"decision": "keep", "reason": "They still work there."}
REVOKE = {"decision": "revoke", "reason": "They moved to another department."}


async def opened(company):
    return await commands.open_review(company.administrator, convert(CampaignForm, {}))


async def lines(company, review):
    async with viewing(company.auditor) as view:
        return {(each.person_id, each.role): each for each in (await queries.review(view, review.id)).items}


async def line(company, review, role):
    return (await lines(company, review))[company.people[role].person_id, role]


async def decided(person, told, **form):
    return await commands.decide(person, told.id, convert(DecisionForm, form))


def due(superuser, review):
    """Its last day is over."""
    superuser.execute("alter table access_review disable trigger user")
    superuser.execute(
        "update access_review set opened_at = opened_at - interval '90 days', due_at = now() - interval '1 hour' "
        "where id = %s",
        [review.id],
    )
    superuser.execute("alter table access_review enable trigger user")


def roles_of(superuser, company):
    rows = superuser.execute(
        "select person_id, roles, active from membership where organisation_id = %s", [company.id]
    ).fetchall()
    return {person: (roles, active) for person, roles, active in rows}


async def test_a_campaign_asks_about_every_role_of_every_member():
    company = await buying_company()
    both = await a_colleague(company, "requester", "approver")
    review = await opened(company)
    asked = await lines(company, review)
    assert set(asked) == {(person.person_id, role) for role, person in company.people.items()} | {
        (both.person_id, "requester"), (both.person_id, "approver"),
    }  # fmt: skip
    assert asked[both.person_id, "approver"].warnings[0].startswith("duties exclude each other")
    assert "never signed in" in asked[company.buyer.person_id, "buyer"].warnings


async def test_the_administrators_decide_until_owners_are_named_and_nobody_on_themselves():
    company = await buying_company()
    other = await a_colleague(company, "administrator")
    await commands.set_owners(
        company.administrator, "buyer", convert(OwnersForm, {"owners": [str(company.approver.person_id)]})
    )
    review = await opened(company)
    asked = await lines(company, review)
    assert asked[company.buyer.person_id, "buyer"].reviewers == [company.approver.name]
    assert asked[company.administrator.person_id, "administrator"].reviewers == [other.name]
    with pytest.raises(Denied):
        await decided(company.administrator, asked[company.administrator.person_id, "administrator"], **KEEP)
    with pytest.raises(Denied):
        await decided(company.administrator, asked[company.buyer.person_id, "buyer"], **KEEP)
    kept = await decided(company.approver, asked[company.buyer.person_id, "buyer"], **KEEP)
    assert (kept.state, kept.decided_by) == ("kept", company.approver.person_id)


async def test_owners_named_later_decide_on_what_is_still_open():
    company = await buying_company()
    review = await opened(company)
    owners = convert(OwnersForm, {"owners": [str(company.receiver.person_id)]})
    await commands.set_owners(company.administrator, "receiver", owners)
    await commands.set_owners(company.administrator, "buyer", owners)
    asked = await lines(company, review)
    assert asked[company.buyer.person_id, "buyer"].reviewers == [company.receiver.name]
    assert asked[company.receiver.person_id, "receiver"].reviewers == [company.administrator.name]


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
        await decided(company.administrator, asked[both.person_id, "receiver"], decision="revoke")
    assert refused.value.errors[0].field == "reason"
    await decided(company.administrator, asked[both.person_id, "receiver"], **REVOKE)
    assert roles_of(superuser, company)[both.person_id] == (["requester"], True)
    assert (await client.get("/api/v1/me")).status_code == 401
    with pytest.raises(Conflict):
        await decided(company.administrator, asked[both.person_id, "receiver"], **KEEP)
    await decided(company.administrator, asked[both.person_id, "requester"], **REVOKE)
    assert roles_of(superuser, company)[both.person_id][1] is False


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


async def test_silence_takes_roles_back_and_the_last_administrator_stays(superuser):
    company = await buying_company()
    review = await opened(company)
    await decided(company.administrator, await line(company, review, "buyer"), **KEEP)
    await remove_member(company.administrator, company.payable.person)
    due(superuser, review)

    await commands.look_after(Actor.system(company.id))

    asked = {role: told for (_person, role), told in (await lines(company, review)).items()}
    assert (asked["buyer"].state, asked["receiver"].state) == ("kept", "lapsed")
    assert (asked["administrator"].state, asked["payable"].state) == ("spared", "gone")
    held = roles_of(superuser, company)
    assert held[company.administrator.person_id] == (["administrator"], True)
    assert held[company.buyer.person_id] == (["buyer"], True)
    assert held[company.receiver.person_id][1] is False
    events = superuser.execute(
        "select event, count(*) from audit_entry where owner_id = %s and event like 'access-review.%%' group by 1",
        [company.id],
    ).fetchall()
    assert dict(events) == {
        "access-review.opened": 1, "access-review.kept": 1, "access-review.lapsed": 5, "access-review.spared": 1,
        "access-review.closed": 1,
    }  # fmt: skip
    with pytest.raises(Conflict, match="over"):
        await decided(company.administrator, asked["buyer"], **REVOKE)


async def test_the_report_is_signed_and_its_hash_stands_in_the_log(client_of, superuser, tmp_path):
    company = await buying_company()
    review = await opened(company)
    await decided(company.administrator, await line(company, review, "auditor"), **KEEP)
    due(superuser, review)
    await commands.look_after(Actor.system(company.id))
    auditor = await client_of(company.auditor)

    file = tmp_path / "report.json"
    answer = await auditor.get(f"/api/v1/access-reviews/{review.id}/report")
    file.write_bytes(answer.content)
    paper = await auditor.get(f"/access-reviews/{review.id}/report.pdf")

    told = json.loads(answer.content)
    verdict = verify_file(file, told["attested"]["public_key"])
    assert verdict.intact, verdict.faults
    assert paper.content.startswith(b"%PDF")
    (logged,) = superuser.execute(
        "select body -> 'data' ->> 'digest' from audit_entry where subject_id = %s and event = 'access-review.closed'",
        [review.id],
    ).fetchone()
    assert told["attested"]["sha256"] == logged
    assert told["report"]["counts"]["spared"] == 1
    told["report"]["roles"][0]["outcome"] = "kept"
    file.write_text(json.dumps(told))
    assert [fault.kind for fault in verify_file(file).faults] == ["report-changed"]
    told["attested"]["sha256"] = "0" * 64
    file.write_text(json.dumps(told))
    assert not verify_file(file).intact
    assert (await (await client_of(company.administrator)).get(f"/access-reviews/{review.id}")).status_code == 200


async def test_a_campaign_begins_by_itself_in_the_first_week_of_a_quarter_and_once(connected):
    company = await buying_company()
    system = Actor.system(company.id)
    with on(datetime(2031, 4, 9, 12, tzinfo=UTC)):
        assert await commands.open_quarterly(system) is None
    with on(datetime(2031, 4, 2, 12, tzinfo=UTC)):
        review = await commands.open_quarterly(system)
        assert review is not None
        assert (review.quarter, review.opened_by, review.due_at.date().isoformat()) == ("2031-Q2", None, "2031-04-24")
        assert await commands.open_quarterly(system) is None


async def test_reviewers_are_reminded_a_week_and_a_day_before(connected):
    company = await buying_company()
    review = await opened(company)
    system = Actor.system(company.id)
    reminded = []
    for days in (10, 6.5, 6, 0.9, 0.5):
        with on(review.due_at - timedelta(days=days)):
            reminded.append(await commands.remind(system))
    assert reminded == [False, True, False, True, False]


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


async def test_one_campaign_at_a_time_and_closed_by_hand_only_when_all_is_decided():
    company = await buying_company()
    other = await a_colleague(company, "administrator")
    review = await opened(company)
    with pytest.raises(Conflict, match="open already"):
        await opened(company)
    with pytest.raises(Conflict, match="To decide"):
        await commands.close(company.administrator, review.id)
    for (person, _role), told in (await lines(company, review)).items():
        await decided(other if person == company.administrator.person_id else company.administrator, told, **KEEP)
    closed = await commands.close(company.administrator, review.id)
    assert (closed.state, len(closed.digest)) == ("closed", 64)


async def test_a_role_that_is_gone_meanwhile_is_no_matter(superuser):
    company = await buying_company()
    review = await opened(company)
    told = await line(company, review, "buyer")
    await change_rights(company.administrator, company.buyer.person, convert(Rights, {"roles": ["receiver"]}))
    await decided(company.administrator, told, **REVOKE)
    assert roles_of(superuser, company)[company.buyer.person_id] == (["receiver"], True)


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


async def test_the_days_of_a_quarter_are_a_setting_that_two_people_make(superuser):
    company = await buying_company()
    form = convert(ReviewDaysForm, {"reviewer_days": None, "reason": "We review by hand."})
    proposed = await commands.propose_days(company.administrator, form)
    with pytest.raises(Denied):
        await settings.approve(company.administrator, proposed.id)
    await settings.approve(company.approver, proposed.id)
    with on(datetime(2031, 4, 2, 12, tzinfo=UTC)):
        assert await commands.open_quarterly(Actor.system(company.id)) is None
    assert superuser.execute("select count(*) from portal.setting_mismatch").fetchone() == (0,)


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
