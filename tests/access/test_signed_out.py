"""Whoever is signed out is told why, and comes back to where they were; of a session that was never theirs, nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.access.commands import change_rights, remove_factors, remove_member, set_password, sign_out_member
from portal.access.forms import Rights
from portal.access.queries import forget_person
from portal.platform.actor import Actor
from portal.platform.convert import convert
from tests.harness.identity import PASSWORD, SESSIONS, signs_in, with_password
from tests.harness.pages import Page
from tests.harness.world import Organised, buying_company

AT = "/profile?tab=1"


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await with_password(company.buyer)
    return company


async def other_roles(company: Organised) -> None:
    await change_rights(company.administrator, company.buyer.person, convert(Rights, {"roles": ["receiver"]}))


async def other_password(company: Organised) -> None:
    await set_password(company.buyer, company.buyer.person, "another long sentence of mine")


async def no_access(company: Organised) -> None:
    await remove_member(company.administrator, company.buyer.person)


async def sent_out(company: Organised) -> None:
    await sign_out_member(company.administrator, company.buyer.person)


async def no_factors(company: Organised) -> None:
    await remove_factors(Actor.system(company.id), company.buyer.person)


ENDS = {
    other_roles: "Your roles were changed",
    other_password: "Your password was changed",
    no_access: "Your access to the company was ended or suspended",
    sent_out: "An administrator of your company ended your sessions",
    no_factors: "Your second factors were removed",
}


@pytest.mark.parametrize(("ends", "told"), ENDS.items(), ids=lambda each: getattr(each, "__name__", ""))
async def test_who_is_signed_out_by_somebody_reads_why_and_keeps_their_way(
    anonymous, company, ends: Callable[..., Any], told: str
):
    await signs_in(anonymous, company.buyer)
    assert (await anonymous.get(AT)).status_code == 200
    await ends(company)

    away = await anonymous.get(AT, follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in?next=/profile%3Ftab%3D1")
    page = Page(await anonymous.get(away.headers["location"]))
    assert told in page.text
    assert page.form("/sign-in").values["next"] == AT
    assert told in (await anonymous.get("/api/v1/me")).json()["detail"]


AGES = {
    "update session set seen_at = now() - interval '9 hours' where person_id = %s": "nothing was done for a while",
    "update session set expires_at = now() where person_id = %s": "as long as your company lets one last",
    "update membership set active = false where person_id = %s": "ended or suspended",
}


@pytest.mark.parametrize(("sql", "told"), AGES.items(), ids=["idle", "absolute", "inactive"])
async def test_time_and_the_limits_of_the_company_are_named(anonymous, company, superuser, sql, told):
    await signs_in(anonymous, company.buyer)
    superuser.execute(sql, [company.buyer.person])
    forget_person(company.buyer.person)
    assert told in Page(await anonymous.get(f"/sign-in?next={AT}")).text


async def test_a_session_that_was_cleaned_up_is_told_of_until_the_browser_forgets_it(anonymous, company, superuser):
    await signs_in(anonymous, company.buyer)
    late = "update session set expires_at = now() - interval '1 hour' where person_id = %s"
    superuser.execute(late, [company.buyer.person])
    superuser.execute("select portal.clean_up()")
    forget_person(company.buyer.person)
    assert "as long as your company lets one last" in Page(await anonymous.get("/sign-in")).text
    superuser.execute("update ended_session set until = now() - interval '1 second'")
    superuser.execute("select portal.clean_up()")
    assert "Your session is over" in Page(await anonymous.get("/sign-in")).text


async def test_a_session_that_one_ended_oneself_says_so_on_the_other_device(anonymous, client_of, company):
    await signs_in(anonymous, company.buyer)
    elsewhere = await client_of(company.buyer)
    [other] = [each for each in (await elsewhere.get(SESSIONS)).json() if not each["current"]]
    assert (await elsewhere.delete(f"{SESSIONS}/{other['key']}")).status_code == 204
    assert "You ended this session from another one of yours" in Page(await anonymous.get("/sign-in")).text


async def test_nothing_is_told_without_a_session_or_with_an_invented_one(anonymous, company):
    plain = Page(await anonymous.get("/sign-in")).text
    assert "session" not in plain
    assert "signed out" not in plain
    for invented in ("x" * 43, "'; drop table session; --"):
        anonymous.cookies.set("session", invented)
        page = Page(await anonymous.get("/sign-in")).text
        assert page.replace("Your session is over. Sign in again.", "").split() == plain.split()


async def test_signing_in_again_says_nothing_more_of_the_old_one(anonymous, company):
    await signs_in(anonymous, company.buyer)
    await sent_out(company)
    form = {"email": company.buyer.email, "password": PASSWORD, "next": AT}
    again = await anonymous.post("/sign-in", data=form, follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (303, AT)
    assert (await anonymous.get(AT)).status_code == 200
