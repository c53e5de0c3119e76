"""Another provider takes the place of a company's own: who people are, and which secret goes where, changes with it."""

from typing import Any

import pytest

from portal.access.commands import set_provider
from portal.access.pages.security import NAMED_ANEW
from portal.platform.actor import Actor
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import viewing
from portal.settings.commands import approve, decline, withdraw
from tests.harness.banks import proved
from tests.harness.identity import sets_up_an_app, with_password
from tests.harness.jobs import run_jobs
from tests.harness.own_sign_in import OTHER_SECRET, a_form, a_member, browser, led_back, misbehave
from tests.harness.pages import Page
from tests.harness.provider import SECRET
from tests.harness.world import buying_company


@pytest.fixture
async def company(connected):
    return await buying_company()


async def comes_in(client, email: str) -> int:
    return (await client.get(await led_back(client, email))).status_code


async def who(client) -> str:
    return (await client.get("/api/v1/me")).json()["user"]["email"]


async def proposal(company, form) -> Any:
    return (await set_provider(proved(company.administrator), form)).setting_id


async def secrets_waiting(company) -> int:
    async with viewing(company.administrator) as view:
        return await view.value("select count(*) from proposed_provider_secret")


async def test_a_subject_of_the_former_issuer_is_nobody_at_the_next_one(app, anonymous, company, domain, other_issuer):
    annette, berta = await a_member(company, domain), await a_member(company, domain, "berta")
    assert await comes_in(anonymous, annette) == 303
    await set_provider(Actor.system(company.id), a_form(other_issuer, domain, client_secret=OTHER_SECRET))
    await misbehave(other_issuer, f"subject {annette}")
    async with browser(app) as at_the_next:
        assert await comes_in(at_the_next, berta) == 303
        assert await who(at_the_next) == berta


async def test_people_are_found_anew_under_another_issuer_and_as_before_under_the_former_one(
    app, anonymous, company, domain, issuer, other_issuer, superuser
):
    email = await a_member(company, domain)
    assert await comes_in(anonymous, email) == 303
    await set_provider(Actor.system(company.id), a_form(other_issuer, domain, client_secret=OTHER_SECRET))
    await misbehave(other_issuer, "subject another name for the same person")
    async with browser(app) as at_the_next:
        assert await comes_in(at_the_next, email) == 303
        await set_provider(Actor.system(company.id), a_form(issuer, domain))
        superuser.execute("update person set email = %s where email = %s", [f"married@{domain}", email])
        assert await comes_in(at_the_next, email) == 303
        assert await who(at_the_next) == f"married@{domain}"


async def test_whom_an_issuer_named_already_is_nobody_else_there(app, anonymous, company, domain, issuer):
    email = await a_member(company, domain)
    assert await comes_in(anonymous, email) == 303
    back = await led_back(anonymous, email)
    await misbehave(issuer, "subject who got the address of somebody that left")
    assert (await anonymous.get(back)).status_code == 401


async def test_an_answer_to_a_question_of_the_former_issuer_opens_nothing(anonymous, company, domain, other_issuer):
    back = await led_back(anonymous, await a_member(company, domain))
    await set_provider(Actor.system(company.id), a_form(other_issuer, domain, client_secret=OTHER_SECRET))
    assert (await anonymous.get(back)).status_code == 401


async def test_the_secret_of_a_proposal_takes_effect_with_its_approval(
    anonymous, company, issuer, other_issuer, own, superuser
):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    waits = await proposal(company, a_form(other_issuer, own, client_secret=OTHER_SECRET))
    assert await comes_in(anonymous, company.buyer.email) == 303
    assert OTHER_SECRET not in str(superuser.execute("select t::text from proposed_provider_secret t").fetchall())
    await approve(proved(company.approver), waits)
    assert await comes_in(anonymous, company.buyer.email) == 303
    assert await secrets_waiting(company) == 0


@pytest.mark.parametrize("ended", ["declined", "withdrawn", "turned off", "another approved"])
async def test_of_a_proposal_that_comes_to_nothing_no_secret_stays(
    anonymous, company, issuer, other_issuer, own, ended
):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    waits = await proposal(company, a_form(other_issuer, own, client_secret="neither this nor that"))
    assert await secrets_waiting(company) == 1
    if ended == "declined":
        await decline(company.approver, waits, "We stay where we are.")
    elif ended == "withdrawn":
        await withdraw(company.administrator, waits, "A mistake.")
    elif ended == "turned off":
        await set_provider(proved(company.administrator), a_form(issuer, own, client_secret=None, active=False))
        await set_provider(Actor.system(company.id), a_form(issuer, own, client_secret=None))
    else:
        other = await proposal(company, a_form(other_issuer, own, client_secret=OTHER_SECRET))
        await approve(proved(company.approver), other)
    assert await secrets_waiting(company) == 0
    assert await comes_in(anonymous, company.buyer.email) == 303


async def test_another_issuer_or_client_is_not_given_the_secret_of_the_present_one(company, issuer, other_issuer, own):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    for changes in ({"issuer": other_issuer}, {"client_id": "another"}):
        with pytest.raises(Invalid) as refused:
            await proposal(company, a_form(issuer, own, client_secret=None, **changes))
        assert refused.value.errors[0].field == "client_secret"


@pytest.mark.parametrize("changed", ["client", "domain"])
async def test_who_approves_another_client_reads_that_people_may_be_named_anew(
    client_of, company, issuer, own, changed
):
    await set_provider(Actor.system(company.id), a_form(issuer, own, active=changed == "client"))
    changes = {"client_id": "another"} if changed == "client" else {}
    waits = await proposal(company, a_form(issuer, own, **changes))
    approver, administrator = await client_of(company.approver), await client_of(company.administrator)

    deciding = Page(await approver.get(f"/settings/versions/{waits}")).text
    proposing = Page(await administrator.get("/security")).text

    assert (NAMED_ANEW.text in deciding, NAMED_ANEW.text in proposing) == (changed == "client", True)


async def test_a_new_secret_of_the_provider_that_holds_counts_at_once(anonymous, company, issuer, own):
    await set_provider(Actor.system(company.id), a_form(issuer, own, client_secret="typed wrong"))
    assert await comes_in(anonymous, company.buyer.email) == 401
    assert await proposal(company, a_form(issuer, own, client_secret=SECRET)) is None
    assert await comes_in(anonymous, company.buyer.email) == 303


async def approved_by(client_of, company, setting_id):
    """The answer to who approves it in a session with a second factor."""
    await with_password(company.approver)
    client = await client_of(company.approver)
    await sets_up_an_app(client)
    return await client.post(f"/api/v1/setting-versions/{setting_id}/approve", json={})


async def test_the_domain_of_a_provider_that_is_switched_off_is_free(client_of, company, issuer, own):
    elsewhere = await buying_company()
    await set_provider(Actor.system(elsewhere.id), a_form(issuer, own))
    with pytest.raises(Conflict, match="Another company signs in with this domain"):
        await proposal(company, a_form(issuer, own))
    await set_provider(Actor.system(elsewhere.id), a_form(issuer, own, active=False))
    approved = await approved_by(client_of, company, await proposal(company, a_form(issuer, own)))
    assert approved.status_code == 200, approved.text


async def test_a_domain_that_was_taken_meanwhile_is_told_to_who_approves(client_of, company, issuer, own):
    waits = await proposal(company, a_form(issuer, own))
    await set_provider(Actor.system((await buying_company()).id), a_form(issuer, own))
    refused = await approved_by(client_of, company, waits)
    assert (refused.status_code, refused.json()["detail"]) == (409, "Another company signs in with this domain.")


async def test_each_ask_and_each_taking_effect_is_an_alert_of_its_own(company, issuer, other_issuer, own, superuser):
    def abouts() -> list[str]:
        sql = "select about from alert where organisation_id = %s and kind = 'policy-change' order by raised_at, id"
        return [about for (about,) in superuser.execute(sql, [company.id]).fetchall()]

    await approve(proved(company.approver), await proposal(company, a_form(issuer, own)))
    other = a_form(other_issuer, own, client_secret=OTHER_SECRET)
    await proposal(company, other)
    await approve(proved(company.approver), await proposal(company, other))
    asked = "identity-provider.asked"
    assert abouts() == [asked, "identity-provider True", asked, asked, "identity-provider True"]


async def test_an_administrator_removes_a_members_link_and_the_member_is_told(
    anonymous, client_of, company, issuer, own, inbox, superuser
):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    email = company.buyer.email
    assert await comes_in(anonymous, email) == 303
    client = await client_of(company.administrator)
    here = f"/api/v1/members/{company.buyer.person}"
    assert (await client.post(f"{here}/unlink", json={})).json()["needs"] == "set-up"
    await sets_up_an_app(client)
    assert "/unlink" in (await client.get(f"/people/{company.buyer.person}")).text
    assert (await client.post(f"{here}/unlink", json={})).status_code == 200
    assert (await client.post(f"{here}/unlink", json={})).status_code == 409
    assert "/unlink" not in (await client.get(f"/people/{company.buyer.person}")).text
    assert (await anonymous.get("/api/v1/me")).status_code == 401
    await run_jobs("messaging.warn", "messaging.send")
    assert [mail["Subject"] for mail in inbox.of(company.buyer)] == ["Your company’s sign-in will know you anew"]

    await misbehave(issuer, "subject another name for the same person")
    assert await comes_in(anonymous, email) == 303
    noted = "select count(*) from audit_entry where owner_id = %s and event = 'identity-provider.unlinked'"
    assert superuser.execute(noted, [company.id]).fetchone() == (1,)


async def test_all_links_to_the_client_that_was_replaced_are_removed_at_once(
    app, anonymous, client_of, company, domain, issuer, inbox, superuser
):
    annette, berta = await a_member(company, domain), await a_member(company, domain, "berta")
    await with_password(company.administrator)
    administrator = await client_of(company.administrator)
    act = "/api/v1/identity-provider/unlink-former"
    async with browser(app) as another:
        assert [await comes_in(anonymous, annette), await comes_in(another, berta)] == [303, 303]
        assert "unlink-former" not in (await administrator.get("/security")).text
        superuser.execute("update provider_account set client_id = 'replaced' where organisation_id = %s", [company.id])
        assert await comes_in(another, berta) == 303  # the present client names her as the former one did

        assert (await administrator.post(act, json={})).json()["needs"] == "set-up"
        await sets_up_an_app(administrator)
        page = Page(await administrator.get("/security"))
        assert "was replaced: 1" in page.text
        assert (await administrator.post("/security/provider/unlink-former", data={})).status_code == 303

        assert (await anonymous.get("/api/v1/me")).status_code == 401
        assert await who(another) == berta
    assert (await administrator.post(act, json={})).status_code == 409
    assert "unlink-former" not in (await administrator.get("/security")).text
    await run_jobs("messaging.warn", "messaging.send")
    told = [mail["To"] for mail in inbox.mails if mail["Subject"] == "Your company’s sign-in will know you anew"]
    assert told == [f"Annette <{annette}>"]
    noted = "select body ->> 'person_id' from audit_entry where owner_id = %s and event = 'identity-provider.unlinked'"
    assert len(superuser.execute(noted, [company.id]).fetchall()) == 1

    await misbehave(issuer, "subject another name for the same person")
    assert await comes_in(anonymous, annette) == 303


async def test_links_to_the_issuer_that_was_replaced_go_with_them(
    app, anonymous, client_of, company, domain, issuer, other_issuer
):
    email = await a_member(company, domain)
    assert await comes_in(anonymous, email) == 303
    await set_provider(Actor.system(company.id), a_form(other_issuer, domain, client_secret=OTHER_SECRET))
    async with browser(app) as at_the_next:
        assert await comes_in(at_the_next, email) == 303
    await with_password(company.administrator)
    administrator = await client_of(company.administrator)
    await sets_up_an_app(administrator)

    done = await administrator.post("/api/v1/identity-provider/unlink-former", json={})

    assert (done.status_code, done.json()) == (200, {"people": 1})
    async with viewing(company.administrator) as view:
        issuers = await view.fetch("select issuer from provider_account where organisation_id = $1", company.id)
    assert [row["issuer"] for row in issuers] == [other_issuer]
