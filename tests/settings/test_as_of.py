"""Whatever was proposed, approved and lowered: each day's value is the last approved one's, and no race has two."""

import asyncio
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.platform.actor import Actor
from portal.platform.refusals import Refusal
from portal.platform.work import viewing
from portal.settings import commands, queries
from tests.harness.deliveries_facts import noon, on
from tests.harness.settings import proposed_tolerances
from tests.harness.world import a_colleague, buying_company

FIRST = date(2031, 1, 1)
# (days that pass first, percent, days ahead that it is for, approved or not)
ACTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 99), st.integers(0, 4), st.booleans(), st.booleans()), max_size=8
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=ACTS)
async def test_a_days_value_is_that_of_the_last_approved_version_that_holds_by_then(connected, superuser, acts):
    company, today, known = await buying_company(), FIRST, []
    for passed, percent, ahead, approved, scheduled in acts:
        today += timedelta(days=passed)
        with on(noon(today)):
            if scheduled:
                await commands.apply_due(Actor.system(company.id))
            day = today + timedelta(days=ahead)
            try:
                made = await proposed_tolerances(company, {"receive": {"percent": str(percent)}}, from_day=str(day))
            except Refusal:
                continue
            if approved:
                await commands.approve(company.approver, made.id)
                known.append((day, str(percent)))
    with on(noon(today)):
        await commands.apply_due(Actor.system(company.id))
        for offset in range(-1, 35):
            day = FIRST + timedelta(days=offset)
            expected = next((said for since, said in reversed(known) if since <= day), None)
            async with viewing(company.auditor) as view:
                found = (await queries.setting(view, "company-tolerances", company.id, day)).value["tolerances"]
            assert found == ({} if expected is None else {"receive": {"percent": expected}}), day
    assert superuser.execute("select * from portal.setting_mismatch").fetchall() == []


async def test_of_many_who_approve_the_same_at_once_exactly_one_wins(connected, superuser):
    company = await buying_company()
    proposal = await proposed_tolerances(company, {"receive": {"percent": "5"}})
    checkers = [company.approver, await a_colleague(company, "approver")] * 10
    answers = await asyncio.gather(*(commands.approve(each, proposal.id) for each in checkers), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == len(answers) - 1
    assert {each.status for each in refused} == {409}


async def test_of_different_proposals_approved_at_once_exactly_one_wins(connected, superuser):
    company = await buying_company()
    made = [await proposed_tolerances(company, {"receive": {"percent": str(5 + each)}}) for each in range(12)]
    answers = await asyncio.gather(
        *(commands.approve(company.approver, each.id) for each in made), return_exceptions=True
    )
    won = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(won) == 1
    assert {each.status for each in answers if isinstance(each, Refusal)} == {409}
    kept = superuser.execute("select tolerances from organisation where id = %s", [company.id]).fetchone()[0]
    assert {"tolerances": kept} == won[0].value


async def test_appliers_that_run_at_once_apply_once(connected, superuser):
    company, today = await buying_company(), FIRST
    with on(noon(today)):
        made = await proposed_tolerances(
            company, {"receive": {"percent": "5"}}, from_day=str(today + timedelta(days=1))
        )
        await commands.approve(company.approver, made.id)
    with on(noon(today + timedelta(days=2))):
        await asyncio.gather(*(commands.apply_due(Actor.system(company.id)) for _each in range(8)))
    told = superuser.execute(
        "select count(*) from audit_entry where subject_id = %s and event = 'setting.applied'", [made.id]
    ).fetchone()
    assert told == (1,)
