"""Invitations: whoever reads the mail becomes a member by accepting, with the rights that the mail was sent for."""

import asyncio

import pytest

from portal.access.commands import remove_member
from portal.access.queries import members_named
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from tests.harness.identity import PASSWORD, link_in_mail, signs_in, with_password
from tests.harness.pages import Reader
from tests.harness.places import door
from tests.harness.world import buying_company


@pytest.fixture
async def company(connected):
    return await buying_company()


def new_address() -> str:
    return f"newcomer.{new_id().hex[-10:]}@example.test"


async def invited(client_of, company, email: str, *roles: str, **more: str):
    client = await client_of(company.administrator)
    answer = await client.post("/api/v1/invitations", json={"email": email, "roles": list(roles)} | more)
    assert answer.status_code == 201, answer.text
    return answer.json(), client


async def test_somebody_new_accepts_with_a_name_and_a_password_and_is_in(client_of, anonymous, company, inbox):
    email = new_address()
    await invited(client_of, company, email, "buyer")
    assert await members_named(email) == []
    link = await link_in_mail(inbox, email, "/invitations/")
    reader = Reader(anonymous)
    page = await reader.open(link)
    assert company.name in page.text
    assert (await reader.send(page, link, full_name="", new_password="short")).status == 422
    home = await reader.send(page, link, full_name="New Comer", new_password=PASSWORD)
    assert home.status == 200
    assert "New Comer" in home.text
    (member,) = await members_named(email)
    assert (member.roles, member.organisation_id) == (frozenset({"buyer", "anyone"}), company.id)
    assert (await signs_in(anonymous, member)).status_code == 201
    assert (await reader.open(link)).status == 404


async def test_the_administrator_is_told_the_same_of_known_and_unknown_addresses(client_of, company, inbox):
    stranger = await buying_company()
    known, _client = await invited(client_of, company, stranger.buyer.email, "buyer")
    unknown, _client = await invited(client_of, company, new_address(), "buyer")
    varying = {"id", "email", "created_at", "expires_at"}
    assert {key: known[key] for key in known.keys() - varying} == {
        key: unknown[key] for key in unknown.keys() - varying
    }


async def test_somebody_with_an_account_accepts_with_it_and_with_nothing_else(client_of, anonymous, company, inbox):
    stranger = await buying_company()
    await with_password(stranger.buyer)
    await invited(client_of, company, stranger.buyer.email, "auditor")
    link = await link_in_mail(inbox, stranger.buyer.email, "/invitations/")
    forged = await anonymous.post(link, data={"full_name": "Thief", "new_password": "a sentence of a thief"})
    assert forged.status_code == 403
    other = await client_of(stranger.approver)
    assert (await other.post(link, data={"_csrf": other.headers["x-csrf-token"]})).status_code == 403
    own = await client_of(stranger.buyer)
    accepted = await own.post(link, data={"_csrf": own.headers["x-csrf-token"]})
    assert accepted.status_code == 303
    me = (await own.get("/api/v1/me")).json()
    assert (me["organisation"]["id"], me["roles"]) == (str(company.id), ["auditor"])
    assert len(await members_named(stranger.buyer.email)) == 2


async def test_ten_at_once_accept_once(client_of, app, company, inbox):
    import httpx

    email = new_address()
    await invited(client_of, company, email, "buyer")
    link = await link_in_mail(inbox, email, "/invitations/")

    async def accept() -> int:
        transport = door(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            return (await client.post(link, data={"full_name": "One", "new_password": PASSWORD})).status_code

    statuses = await asyncio.gather(*(accept() for _time in range(6)))
    assert sorted(statuses)[0] == 303
    assert statuses.count(303) == 1
    assert len(await members_named(email)) == 1


async def test_an_invitation_that_is_withdrawn_or_sent_again_leaves_its_link_dead(client_of, anonymous, company, inbox):
    email = new_address()
    told, client = await invited(client_of, company, email, "buyer")
    first = await link_in_mail(inbox, email, "/invitations/")
    assert (await client.post(f"/api/v1/invitations/{told['id']}/send-again", json={})).status_code == 200
    second = await link_in_mail(inbox, email, "/invitations/")
    assert (await anonymous.get(first)).status_code == 404
    assert (await anonymous.get(second)).status_code == 200
    withdrawn = await client.post(f"/api/v1/invitations/{told['id']}/withdraw", json={})
    assert withdrawn.json()["state"] == "withdrawn"
    assert (await anonymous.get(second)).status_code == 404
    assert (await client.post(f"/api/v1/invitations/{told['id']}/withdraw", json={})).status_code == 409


async def test_who_was_removed_comes_back_by_an_invitation(client_of, anonymous, company, inbox):
    await remove_member(Actor.system(company.id), company.buyer.person)
    await invited(client_of, company, company.buyer.email, "requester")
    link = await link_in_mail(inbox, company.buyer.email, "/invitations/")
    answer = await anonymous.post(link, data={"full_name": "Back Again", "new_password": PASSWORD})
    assert answer.status_code == 303
    (member,) = await members_named(company.buyer.email)
    assert member.roles == frozenset({"requester", "anyone"})
    assert member.name == company.buyer.name


async def test_who_is_a_member_or_invited_already_is_not_invited(client_of, company, inbox):
    client = await client_of(company.administrator)
    email = new_address()
    await invited(client_of, company, email, "buyer")
    for address in (company.buyer.email, email):
        answer = await client.post("/api/v1/invitations", json={"email": address, "roles": ["buyer"]})
        assert answer.status_code == 409, address
    unknown = await client.post("/api/v1/invitations", json={"email": new_address(), "roles": ["order_desk"]})
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["field"] == "roles.0"


async def test_an_invitation_is_sent_and_seen_on_the_page(client_of, company, inbox):
    reader = Reader(await client_of(company.administrator))
    page = await reader.open("/people/invitations")
    email = new_address()
    sent = await reader.send(page, "/people/invitations", email=email, roles__1="auditor", language="zh-Hans")
    assert f"A mail is on its way to {email}" in sent.text
    await link_in_mail(inbox, email, "/invitations/")
    assert "邀请" in inbox.mails[-1]["Subject"]
    assert (await (await client_of(company.buyer)).get("/people/invitations")).status_code == 403


async def test_newcomers_begin_with_the_language_and_the_time_of_their_organisation(client_of, company, superuser):
    superuser.execute(
        "update organisation set language = 'zh-Hans', time_zone = 'Asia/Shanghai' where id = %s", [company.id]
    )
    usual, own = new_address(), new_address()
    await invited(client_of, company, usual, "requester")
    await invited(client_of, company, own, "requester", language="en", time_zone="Europe/Berlin")
    told = "select email, language, time_zone from invitation where email = any(%s)"
    assert {row[0]: row[1:] for row in superuser.execute(told, [[usual, own]])} == {
        usual: ("zh-Hans", "Asia/Shanghai"),
        own: ("en", "Europe/Berlin"),
    }
