"""Approval limits: what is taken away holds at once, what is given waits for a second person."""

import pytest

from portal.access.commands import admit, change_rights, remove_member
from portal.access.commands.limits import LIMIT, at_once
from portal.access.forms import Admission, Rights
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied
from portal.platform.work import viewing
from portal.settings import commands, queries
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, buying_company

HIGH = {"roles": ["approver"], "limit": "5000000", "limit_30_days": "10000000"}
LOW = {"roles": ["approver"], "limit": "100", "limit_30_days": "500"}


def limit_of(superuser, company):
    sql = "select limit_gross, limit_cumulative from membership where person_id = %s and organisation_id = %s"
    return tuple(map(int, superuser.execute(sql, [company.approver.person_id, company.id]).fetchone()))


async def rights(company, told):
    return await change_rights(company.administrator, company.approver.person, convert(Rights, told))


async def waiting(company, by=None):
    async with viewing(by or company.administrator) as view:
        return [each for each in await queries.waiting(view) if each.kind == "approval-limit"]


async def test_a_lower_limit_holds_at_once_and_says_who_lowered_it(connected, superuser):
    company = await buying_company()
    await rights(company, LOW)
    assert limit_of(superuser, company) == (100, 500)
    async with viewing(company.administrator) as view:
        newest = (await queries.versions(view, "approval-limit", company.approver.person))[0]
    assert (newest.way, newest.created_by, newest.value["limit_gross"]) == (
        "at_once", company.administrator.person_id, "100",
    )  # fmt: skip
    assert await waiting(company) == []


async def test_a_higher_limit_waits_for_a_second_person_who_is_not_its_own(connected, superuser):
    company = await buying_company()
    await rights(company, HIGH)
    assert limit_of(superuser, company) == (1_000_000, 10_000_000)
    [asked] = await waiting(company)
    with pytest.raises(Denied, match="second person"):
        await commands.approve(company.approver, asked.id)
    for administrator in (company.administrator, await a_colleague(company, "administrator", "approver")):
        with pytest.raises(Denied, match="None of your roles lets you approve settings"):
            await commands.approve(administrator, asked.id)
    await commands.approve(await a_colleague(company, "approver"), asked.id)
    assert limit_of(superuser, company) == (5_000_000, 10_000_000)
    assert superuser.execute("select * from portal.setting_mismatch").fetchall() == []


async def test_of_a_limit_that_is_lower_in_part_the_lower_part_holds_at_once(connected, superuser):
    company = await buying_company()
    await rights(company, HIGH | {"limit_30_days": "700"})
    assert limit_of(superuser, company) == (1_000_000, 700)
    [asked] = await waiting(company)
    assert not asked.stale
    await commands.approve(await a_colleague(company, "approver"), asked.id)
    assert limit_of(superuser, company) == (5_000_000, 700)


async def test_lowering_takes_back_what_still_waits(connected, superuser):
    company = await buying_company()
    await rights(company, HIGH)
    [asked] = await waiting(company)
    await rights(company, LOW)
    assert await waiting(company) == []
    with pytest.raises(Conflict):
        await commands.approve(await a_colleague(company, "approver"), asked.id)
    assert limit_of(superuser, company) == (100, 500)


async def test_the_operator_sets_up_alone_and_a_membership_ends_at_once(connected, superuser):
    company = await buying_company()
    await change_rights(Actor.system(company.id), company.approver.person, convert(Rights, HIGH))
    assert limit_of(superuser, company) == (5_000_000, 10_000_000)
    await remove_member(company.administrator, company.approver.person)
    active = superuser.execute("select active from membership where person_id = %s", [company.approver.person_id])
    assert active.fetchone() == (False,)
    assert superuser.execute("select * from portal.setting_mismatch").fetchall() == []


async def test_the_member_page_tells_what_waits_and_a_lonely_administrator_what_to_do(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.administrator))
    at = f"/people/{company.buyer.person_id}"
    kept = await reader.send(await reader.open(at), at, limit="250")
    assert "The higher limit waits for a second person." in kept.text
    assert "A higher approval limit waits for a second person" in kept.text
    assert "Nobody else in your company can check" not in (await reader.open("/settings")).text
    await remove_member(company.administrator, company.approver.person)
    assert "Nobody else in your company can check settings." in (await reader.open("/settings")).text


async def test_a_new_member_begins_without_the_limit_that_was_offered(connected, superuser):
    company = await buying_company()
    admission = {"email": f"n.{company.id.hex[-12:]}@example.test", "full_name": "Noor", "roles": ["approver"]}
    person = await admit(company.administrator, convert(Admission, admission | {"limit": "500"}))
    sql = "select limit_currency from membership where person_id = %s"
    assert superuser.execute(sql, [person]).fetchone() == (None,)
    [waits] = await waiting(company)
    assert (waits.subject_id, waits.value["limit_gross"], waits.created_by) == (
        person, "500", company.administrator.person_id,
    )  # fmt: skip
    await commands.approve(company.approver, waits.id)
    assert superuser.execute(sql, [person]).fetchone() == ("EUR",)


@pytest.mark.parametrize(
    ("held", "wanted", "now"),
    [
        (("EUR", 100, 500), ("EUR", 50, 900), ("EUR", 50, 500)),
        (("EUR", None, 500), ("EUR", 50, None), ("EUR", 50, 500)),
        (("EUR", 100, 500), (None, None, None), (None, None, None)),
        ((None, None, None), ("EUR", 1, 1), (None, None, None)),
        (("EUR", 100, 500), ("CNY", 1, 1), ("EUR", 100, 500)),
    ],
)
def test_of_two_limits_the_lower_holds_part_by_part_and_of_two_currencies_the_present(held, wanted, now):
    held, wanted, now = (dict(zip(LIMIT, each, strict=True)) for each in (held, wanted, now))
    assert at_once(held, wanted) == now
