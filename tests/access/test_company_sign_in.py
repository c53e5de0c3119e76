"""Signing in by one's company: a real provider says who comes, and is believed about its own people alone."""

import pytest

from portal.access.commands import admit, set_provider
from portal.access.forms import Admission
from portal.access.guards import ProofNeeded
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Denied, Invalid
from portal.platform.work import viewing
from portal.settings.commands import approve
from tests.harness.banks import proved
from tests.harness.identity import sets_up_an_app, signs_in, with_password
from tests.harness.own_sign_in import a_form, a_member, asked, browser, led_back, misbehave
from tests.harness.pages import Page
from tests.harness.provider import CLIENT, SECRET
from tests.harness.world import buying_company


@pytest.fixture
async def company(connected):
    return await buying_company()


async def test_a_member_comes_in_by_their_company_and_goes_where_they_wanted(anonymous, company, domain):
    email = await a_member(company, domain)
    answer = await anonymous.get(await led_back(anonymous, email))
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
    me = (await anonymous.get("/api/v1/me")).json()
    assert (me["user"]["email"], me["organisation"]["id"]) == (email, str(company.id))
    assert (await anonymous.get("/api/v1/sessions")).json()[0]["how"] == "oidc"


@pytest.mark.parametrize("wrong", ["nonce", "audience", "issuer", "time", "key", "none"])
async def test_an_answer_that_is_not_for_us_now_opens_nothing(anonymous, company, domain, issuer, wrong):
    back = await led_back(anonymous, await a_member(company, domain))
    await misbehave(issuer, wrong)
    assert (await anonymous.get(back)).status_code == 401
    assert (await anonymous.get("/api/v1/me")).status_code == 401


async def test_an_answer_is_taken_once_and_from_the_browser_that_asked(app, anonymous, company, domain):
    email = await a_member(company, domain)
    back = await led_back(anonymous, email)
    stranger = browser(app)
    assert (await stranger.get(back)).status_code == 401
    assert (await anonymous.get(back)).status_code == 401
    again = await led_back(anonymous, email)
    assert (await anonymous.get(again)).status_code == 303
    anonymous.cookies.delete("session")
    assert (await anonymous.get(again)).status_code == 401
    for forged in ("/sign-in/company/back", "/sign-in/company/back?state=x&code=y", "/sign-in/company/back?error=no"):
        assert (await anonymous.get(forged)).status_code == 401


async def test_whom_nobody_made_a_member_is_not_let_in(anonymous, company, domain):
    answer = await anonymous.get(await led_back(anonymous, f"stranger@{domain}"))
    assert answer.status_code == 401
    assert "nobody gave you an account" in Page(answer).text


async def test_a_provider_is_believed_about_its_own_company_alone(anonymous, company, domain):
    elsewhere = await buying_company()
    email = await a_member(company, domain)
    await admit(Actor.system(elsewhere.id), convert(Admission, {"email": email, "roles": ["auditor"]}))
    await anonymous.get(await led_back(anonymous, email))
    token = anonymous.cookies["csrf_token"]
    switched = await anonymous.post("/organisation", data={"organisation": str(elsewhere.id), "_csrf": token})
    assert switched.status_code == 403
    assert (await anonymous.get("/api/v1/me")).json()["organisation"]["id"] == str(company.id)
    factor = await anonymous.post("/api/v1/me/second-factor", json={}, headers={"x-csrf-token": token})
    assert factor.status_code == 422


async def test_a_provider_that_asked_for_more_than_a_password_proves_a_second_factor(
    anonymous, company, domain, issuer
):
    from portal.access.commands import set_security
    from portal.access.forms import SecurityForm

    await set_security(proved(company.administrator), convert(SecurityForm, {"second_factor": "everybody"}))
    email = await a_member(company, domain)
    assert (await anonymous.get(await led_back(anonymous, email))).headers["location"].startswith("/sign-in/next")
    back = await led_back(anonymous, email)
    await misbehave(issuer, "strong")
    assert (await anonymous.get(back)).headers["location"] == "/orders"


async def test_a_person_stays_the_same_one_for_the_provider(anonymous, company, domain, superuser):
    email = await a_member(company, domain)
    await anonymous.get(await led_back(anonymous, email))
    superuser.execute("update person set email = %s where email = %s", [f"married@{domain}", email])
    assert (await anonymous.get(await led_back(anonymous, email))).status_code == 303


async def test_an_address_of_no_company_is_told_so(anonymous, connected):
    answer = await anonymous.post("/sign-in/company", data={"email": "somebody@nowhere.test"})
    assert answer.status_code == 422
    assert "no company sign-in" in Page(answer).text


async def test_one_administrator_alone_believes_no_provider(anonymous, client_of, company, issuer, own, superuser):
    plain = await client_of(company.administrator)
    body = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "domain": own}
    refused = await plain.put("/api/v1/identity-provider", json=body)
    assert (refused.status_code, refused.json()["needs"]) == (403, "set-up")

    client, kept = await asked(client_of, company, issuer)
    told = kept.json()
    assert (kept.status_code, told["state"], told["issuer"], told["domain"]) == (200, "proposed", issuer, own)
    waits = await client.get(f"/api/v1/setting-versions/{told['setting_id']}")
    assert (waits.json()["state"], waits.json()["value"]["issuer"]) == ("proposed", issuer)
    assert (await client.get("/api/v1/identity-provider")).status_code == 404
    begun = await anonymous.post("/sign-in/company", data={"email": company.approver.email, "next": "/"})
    assert begun.status_code == 422
    kinds = superuser.execute("select kind from alert where organisation_id = %s", [company.id]).fetchall()
    assert ("policy-change",) in kinds

    async with viewing(company.approver) as view:
        waits = await view.value("select id from setting_version where state = 'proposed'")
    with pytest.raises(Denied):
        await approve(company.administrator, waits)
    with pytest.raises(ProofNeeded, match="second factor"):
        await approve(company.approver, waits)
    await approve(proved(company.approver), waits)
    assert (await client.get("/api/v1/identity-provider")).json()["active"] is True
    assert (await anonymous.get(await led_back(anonymous, company.buyer.email))).status_code == 303


async def test_one_person_turns_it_off_at_once(anonymous, client_of, company, issuer, own):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    _client, off = await asked(client_of, company, issuer, active=False)
    assert off.json()["active"] is False
    assert (await anonymous.post("/sign-in/company", data={"email": company.buyer.email})).status_code == 422


async def test_a_provider_that_holds_gets_a_new_secret_at_once(client_of, company, issuer, own):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    _client, kept = await asked(client_of, company, issuer, client_secret="another secret")
    assert kept.json()["active"] is True


async def test_the_domain_is_that_of_the_administrators_own_address_and_of_no_public_mail(
    client_of, company, issuer, own
):
    _client, refused = await asked(client_of, company, issuer, domain="victim.test")
    assert refused.json()["errors"][0]["field"] == "domain"
    with pytest.raises(Invalid, match=r".*"):
        await set_provider(Actor.system(company.id), a_form(issuer, "gmail.com"))


async def test_the_secret_is_told_to_nobody(client_of, company, issuer, own, superuser):
    client, _kept = await asked(client_of, company, issuer)
    assert SECRET not in (await client.get("/security")).text
    for table in ("identity_provider_secret", "identity_provider", "setting_version", "audit_entry", "audit_private"):
        assert SECRET not in str(superuser.execute(f"select t::text from {table} t".encode()).fetchall())
    assert (await (await client_of(company.buyer)).get("/api/v1/identity-provider")).status_code == 403


async def test_a_provider_names_nobody_whose_address_is_elsewhere_by_now(anonymous, company, domain, superuser):
    email = await a_member(company, domain)
    await anonymous.get(await led_back(anonymous, email))
    superuser.execute("update person set email = %s where email = %s", [f"gone@else{domain}", email])
    assert (await anonymous.get(await led_back(anonymous, email))).status_code == 401


async def test_a_factor_of_ones_own_is_asked_for_whatever_the_provider_asked(app, anonymous, company, issuer, own):
    await set_provider(Actor.system(company.id), a_form(issuer, own))
    await with_password(company.buyer)
    async with browser(app) as at_home:
        await signs_in(at_home, company.buyer)
        await sets_up_an_app(at_home)
    back = await led_back(anonymous, company.buyer.email)
    await misbehave(issuer, "strong")
    assert (await anonymous.get(back)).headers["location"].startswith("/sign-in/next")


@pytest.mark.parametrize(
    "inside", ["http://127.0.0.1:1", "https://127.0.0.1", "https://[::1]", "https://169.254.169.254"]
)
async def test_the_portal_is_no_way_into_the_network_that_it_stands_in(company, inside):
    with pytest.raises(Invalid) as refused:
        await set_provider(Actor.system(company.id), a_form(inside, "example.test"))
    assert "not at a public address" in str(refused.value.errors[0].message)


async def test_an_address_that_the_provider_does_not_confirm_is_said_so_and_stands_in_the_log(
    anonymous, company, domain, issuer, superuser
):
    back = await led_back(anonymous, await a_member(company, domain))
    await misbehave(issuer, "unverified")
    answer = await anonymous.get(back)
    assert answer.status_code == 401
    assert "did not confirm your address" in Page(answer).text
    noted = "select count(*) from audit_entry where owner_id = %s and event = 'identity-provider.unconfirmed'"
    assert superuser.execute(noted, [company.id]).fetchone() == (1,)


async def test_whom_the_provider_knows_already_needs_no_confirmed_address(anonymous, company, domain, issuer):
    email = await a_member(company, domain)
    await anonymous.get(await led_back(anonymous, email))
    back = await led_back(anonymous, email)
    await misbehave(issuer, "unverified")
    assert (await anonymous.get(back)).status_code == 303


async def test_a_provider_that_is_away_is_told_in_a_plain_sentence(anonymous, company, domain, superuser):
    superuser.execute(
        "update identity_provider set issuer = 'http://127.0.0.1:9' where organisation_id = %s", [company.id]
    )
    answer = await anonymous.post("/sign-in/company", data={"email": f"annette@{domain}"})
    assert answer.status_code == 409
    told = Page(answer).text
    assert "Your company’s sign-in does not answer. Try again later, or sign in with your password." in told
    assert "127.0.0.1" not in told


async def test_whoever_begins_in_two_tabs_ends_in_both(anonymous, company, domain):
    email = await a_member(company, domain)
    first, second = await led_back(anonymous, email), await led_back(anonymous, email)
    assert (await anonymous.get(first)).status_code == 303
    assert (await anonymous.get(second)).status_code == 303


async def test_what_waits_is_shown_where_the_sign_in_is_set(client_of, company, issuer, own):
    client, kept = await asked(client_of, company, issuer)
    page = Page(await client.get("/security"))
    assert all(told in page.text for told in (issuer, own, CLIENT))
    assert f"Proposed by {company.administrator.name}" in page.text
    assert f"/settings/versions/{kept.json()['setting_id']}" in page.links.values()


async def test_who_approves_without_a_second_factor_is_told_to_set_one_up(client_of, company, issuer, own):
    _client, kept = await asked(client_of, company, issuer)
    approver = await client_of(company.approver)
    refused = await approver.post(f"/api/v1/setting-versions/{kept.json()['setting_id']}/approve", json={})
    assert (refused.status_code, refused.json()["needs"]) == (403, "set-up")
