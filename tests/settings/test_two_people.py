"""A setting is made by two people, holds from its day on, and nobody checks what is their own."""

from datetime import date, timedelta

import psycopg
import pytest

from portal.platform.actor import Actor
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import viewing
from portal.settings import commands, queries
from tests.harness.deliveries_facts import noon, on
from tests.harness.settings import proposed_tolerances, set_tolerances
from tests.harness.world import a_colleague, an_item, buying_company, trading_pair

FIVE = {"receive": {"percent": "5"}}
SEVEN = {"receive": {"percent": "7"}}
TODAY = date(2030, 5, 2)


async def applied(company, superuser):
    return superuser.execute("select tolerances from organisation where id = %s", [company.id]).fetchone()[0]


async def as_of(company, day):
    async with viewing(company.auditor) as view:
        return (await queries.setting(view, "company-tolerances", company.id, day)).value["tolerances"]


async def test_nothing_changes_until_a_second_person_approves(connected, superuser):
    company = await buying_company()
    proposal = await proposed_tolerances(company, FIVE)
    assert (proposal.state, await applied(company, superuser)) == ("proposed", {})
    approved = await commands.approve(company.approver, proposal.id)
    assert (approved.state, await applied(company, superuser)) == ("approved", FIVE)
    told = superuser.execute(
        "select event, actor_id from audit_entry where subject_id = %s order by id", [proposal.id]
    ).fetchall()
    assert told == [
        ("setting.proposed", company.supplier_manager.person_id),
        ("setting.approved", company.approver.person_id),
    ]


async def test_nobody_approves_what_they_proposed_whatever_their_roles(connected):
    company = await buying_company()
    both = await a_colleague(company, "supplier_manager", "approver")
    proposal = await proposed_tolerances(company, FIVE, by=both)
    with pytest.raises(Denied, match="second person"):
        await commands.approve(both, proposal.id)
    for role in ("payable", "buyer", "auditor", "supplier_manager"):
        with pytest.raises(Denied):
            await commands.approve(company.people[role], proposal.id)
    assert (await commands.approve(company.approver, proposal.id)).state == "approved"


async def test_the_database_itself_wants_two_people(connected, superuser):
    company = await buying_company()
    proposal = await proposed_tolerances(company, FIVE)
    alone = "update setting_version set state = 'approved', decided_at = now(), decided_by = created_by where id = %s"
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(alone, [proposal.id])
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("update setting_version set value = '{}' where id = %s", [proposal.id])


async def test_a_declined_or_withdrawn_proposal_changes_nothing_and_is_over(connected, superuser):
    company = await buying_company()
    declined, withdrawn = await proposed_tolerances(company, FIVE), await proposed_tolerances(company, SEVEN)
    await commands.decline(company.approver, declined.id, "Too much")
    with pytest.raises(Denied):
        await commands.withdraw(company.payable, withdrawn.id, "Not mine")
    await commands.withdraw(company.supplier_manager, withdrawn.id, "A slip")
    for each in (declined, withdrawn):
        with pytest.raises(Conflict):
            await commands.approve(company.approver, each.id)
    assert await applied(company, superuser) == {}


async def test_a_proposal_against_an_older_value_is_out_of_date(connected, superuser):
    company = await buying_company()
    first, second = await proposed_tolerances(company, FIVE), await proposed_tolerances(company, SEVEN)
    await commands.approve(company.approver, first.id)
    with pytest.raises(Conflict, match="changed since"):
        await commands.approve(company.approver, second.id)
    async with viewing(company.approver) as view:
        assert [each.stale for each in await queries.waiting(view)] == [True]
    assert await applied(company, superuser) == FIVE


async def test_a_later_day_is_applied_when_it_has_begun_for_the_company_also_after_days_off(connected, superuser):
    company = await buying_company(time_zone="Asia/Shanghai")
    with on(noon(TODAY)):
        await set_tolerances(company, FIVE, from_day=(TODAY + timedelta(days=1)).isoformat())
        assert await commands.apply_due(Actor.system(company.id)) == 0
        assert await applied(company, superuser) == {}
    with on(noon(TODAY) + timedelta(hours=6)):  # past midnight in Shanghai, not yet in Berlin
        assert await commands.apply_due(Actor.system(company.id)) == 1
        assert await commands.apply_due(Actor.system(company.id)) == 0
    assert await applied(company, superuser) == FIVE
    with on(noon(TODAY + timedelta(days=2))):
        await set_tolerances(company, SEVEN, from_day=(TODAY + timedelta(days=3)).isoformat())
    with on(noon(TODAY + timedelta(days=30))):
        assert await commands.apply_due(Actor.system(company.id)) == 1
        assert [await as_of(company, TODAY + timedelta(days=days)) for days in (0, 1, 2, 3, 99)] == [
            {}, FIVE, FIVE, SEVEN, SEVEN,
        ]  # fmt: skip
    assert await applied(company, superuser) == SEVEN


async def test_days_that_passed_stay_and_a_later_value_is_not_overtaken(connected):
    company = await buying_company()
    with on(noon(TODAY)):
        with pytest.raises(Invalid):
            await proposed_tolerances(company, FIVE, from_day=(TODAY - timedelta(days=1)).isoformat())
        late = await proposed_tolerances(company, FIVE)
        await set_tolerances(company, SEVEN, from_day=(TODAY + timedelta(9)).isoformat())
        with pytest.raises(Invalid) as refused:
            await proposed_tolerances(company, FIVE)
        assert "approved from" in str(refused.value.errors[0].message)
        with pytest.raises(Conflict):
            await commands.approve(company.approver, late.id)


async def test_what_is_approved_after_its_day_holds_from_the_approval_on(connected):
    company = await buying_company()
    with on(noon(TODAY)):
        proposal = await proposed_tolerances(company, FIVE)
    with on(noon(TODAY + timedelta(days=5))):
        approved = await commands.approve(company.approver, proposal.id)
        assert approved.effective_from == TODAY + timedelta(days=5)
        assert await as_of(company, TODAY + timedelta(days=4)) == {}


async def test_a_setting_of_another_company_is_not_there(connected):
    company, supplier = await trading_pair()
    other, _its = await trading_pair()
    item = await an_item(other)
    for kind, of in (("item-tolerances", item.id), ("supplier-tolerances", other.id), ("company-tolerances", other.id)):
        with pytest.raises(NotFound):
            await proposed_tolerances(company, FIVE, kind=kind, of=of)
    await set_tolerances(company, FIVE, kind="supplier-tolerances", of=supplier.id)


async def test_what_nobody_proposed_has_its_version_too_and_nothing_is_out_of_step(connected, superuser):
    company, _supplier = await trading_pair(tolerances=FIVE)
    superuser.execute(
        "update organisation set tolerances = %s where id = %s", ['{"receive": {"percent": "1"}}', company.id]
    )
    kept = superuser.execute(
        "select kind, way, value from setting_version where organisation_id = %s "
        "and kind <> 'approval-limit' order by kind",
        [company.id],
    ).fetchall()
    assert kept == [
        ("company-tolerances", "system", {"tolerances": {"receive": {"percent": "1"}}}),
        ("supplier-tolerances", "system", {"tolerances": FIVE}),
    ]
    assert superuser.execute("select * from portal.setting_mismatch").fetchall() == []
