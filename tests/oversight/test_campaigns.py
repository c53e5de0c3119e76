"""The course of a campaign: it begins by itself, reminds, takes back what nobody kept, and leaves a signed report."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from portal.access.commands import remove_member
from portal.audit.offline import verify_file
from portal.oversight import commands
from portal.oversight.forms import CampaignForm, ReviewDaysForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied
from portal.platform.work import viewing
from portal.settings import commands as settings
from tests.harness.campaigns import KEEP, REVOKE, decided, due, line, lines, opened, roles_of
from tests.harness.deliveries_facts import on
from tests.harness.world import a_colleague, buying_company


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
    assert held[company.administrator.person] == (["administrator"], True)
    assert held[company.buyer.person] == (["buyer"], True)
    assert held[company.receiver.person][1] is False
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


async def test_a_campaign_begins_by_itself_in_each_quarter_and_once(connected):
    company = await buying_company()
    system = Actor.system(company.id)
    assert await commands.open_quarterly(system) is None, "it came in this quarter"
    with on(datetime(2031, 4, 2, 12, tzinfo=UTC)):
        review = await commands.open_quarterly(system)
        assert review is not None
        assert (review.quarter, review.opened_by, review.due_at.date().isoformat()) == ("2031-Q2", None, "2031-04-24")
        assert await commands.open_quarterly(system) is None


async def test_a_campaign_of_the_last_quarter_puts_that_of_this_one_off_and_does_not_take_its_place(connected):
    company = await buying_company()
    system = Actor.system(company.id)
    with on(datetime(2031, 3, 28, 12, tzinfo=UTC)):
        review = await commands.open_review(company.administrator, convert(CampaignForm, {"until": "2031-05-20"}))
    with on(datetime(2031, 4, 2, 12, tzinfo=UTC)):
        assert await commands.open_quarterly(system) is None
        await decided(company.administrator, await line(company, review, "buyer"), **KEEP)
    for day in (22, 23):
        with on(datetime(2031, 5, day, 12, tzinfo=UTC)):
            await commands.look_after(system)
    with on(datetime(2031, 5, 23, 13, tzinfo=UTC)):
        async with viewing(company.administrator) as view:
            held = await view.fetch("select quarter, state from access_review order by opened_at")
    assert [tuple(row) for row in held] == [("2031-Q1", "closed"), ("2031-Q2", "open")]


async def test_reviewers_are_reminded_a_week_and_a_day_before(connected):
    company = await buying_company()
    review = await opened(company)
    system = Actor.system(company.id)
    reminded = []
    for days in (10, 6.5, 6, 0.9, 0.5):
        with on(review.due_at - timedelta(days=days)):
            reminded.append(await commands.remind(system))
    assert reminded == [False, True, False, True, False]


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
