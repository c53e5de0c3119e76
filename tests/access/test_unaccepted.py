"""Whoever invites somebody of the other side is told that the address will not do: afterwards, and not why."""

import asyncio
from uuid import UUID

import pytest

from portal.access.queries import members_named
from portal.operations.workspace.commands.engagements import close_engagement
from portal.platform.refusals import Denied
from tests.harness.audits import engagement_body
from tests.harness.identity import PASSWORD, link_in_mail
from tests.harness.jobs import run_jobs
from tests.harness.pages import Page
from tests.harness.world import a_colleague, trading_pair

MAILS = ("messaging.notify", "messaging.send")
EVENTS = "select event, actor_id, body from audit_entry where owner_id = %s and event = 'invitation.not-accepted'"


async def invites(client, email: str) -> dict:
    answer = await client.post("/api/v1/invitations", json={"email": email, "roles": ["buyer"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def accepts(client, link: str):
    return await client.post(link, data={"_csrf": client.headers["x-csrf-token"]})


async def states(client) -> dict[str, str]:
    return {each["email"]: each["state"] for each in (await client.get("/api/v1/invitations")).json()}


async def test_the_inviter_learns_that_another_address_is_needed_once_the_invited_tried(client_of, inbox, superuser):
    company, supplier = await trading_pair()
    rival, _its_supplier = await trading_pair()
    administrator = await client_of(company.administrator)
    theirs, stranger = supplier.order_desk.email, rival.buyer.email
    for email in (theirs, stranger):
        assert (await invites(administrator, email))["state"] == "open"
    assert await states(administrator) == {theirs: "open", stranger: "open"}

    desk = await client_of(supplier.order_desk)
    link = await link_in_mail(inbox, theirs, "/invitations/")
    refused = [await accepts(desk, link) for _time in range(3)]

    assert [answer.status_code for answer in refused] == [409] * 3
    assert f"You act for a company that {company.name} trades with" in Page(refused[0]).text
    assert await states(administrator) == {theirs: "refused", stranger: "open"}
    [(_event, actor, body)] = superuser.execute(EVENTS, [company.id]).fetchall()
    assert actor is None
    await run_jobs(*MAILS)
    [mail] = inbox.of(company.administrator)
    assert mail["Subject"] == "An invitation could not be accepted"
    page = Page(await administrator.get("/people/invitations"))
    assert "Not by this address. Withdraw it and invite another one." in page.text
    for told in (mail.as_string(), page.text, str(body)):
        assert supplier.name not in told
        assert "trades with" not in told
    assert [each.organisation_id for each in await members_named(theirs)] == [supplier.id]


async def test_sent_once_more_it_is_open_again_and_who_left_the_other_side_accepts(
    client_of, anonymous, inbox, superuser
):
    company, supplier = await trading_pair()
    administrator, email = await client_of(company.administrator), supplier.billing.email
    invitation = await invites(administrator, email)
    billing = await client_of(supplier.billing)
    assert (await accepts(billing, await link_in_mail(inbox, email, "/invitations/"))).status_code == 409

    again = await administrator.post(f"/api/v1/invitations/{invitation['id']}/send-again")
    assert (again.status_code, await states(administrator)) == (200, {email: "open"})
    superuser.execute("update membership set active = false where person_id = %s", [supplier.billing.person_id])
    link = await link_in_mail(inbox, email, "/invitations/")
    accepted = await anonymous.post(link, data={"full_name": "Bill", "new_password": PASSWORD})

    assert (accepted.status_code, await states(administrator)) == (303, {email: "accepted"})


async def opens(administrator, company, email: str) -> str:
    """An engagement whose auditor is invited; gives its path."""
    body = engagement_body(await a_colleague(company, "auditor"), email, title="Purchasing 2026")
    opened = await administrator.post("/api/v1/engagements", json=body)
    assert opened.status_code == 201, opened.text
    return f"/engagements/{opened.json()['id']}"


@pytest.mark.parametrize("tried", [False, True])
async def test_an_engagement_says_that_its_auditor_cannot_come_by_this_address(client_of, inbox, tried):
    company, supplier = await trading_pair()
    administrator, email = await client_of(company.administrator), supplier.order_desk.email
    at = await opens(administrator, company, email)
    if tried:
        desk = await client_of(supplier.order_desk)
        assert (await accepts(desk, await link_in_mail(inbox, email, "/invitations/"))).status_code == 409
    told = (await administrator.get(f"/api/v1{at}")).json()
    page = Page(await administrator.get(at))
    assert (told["refused"], "Nobody can come in by this invitation" in page.text) == (tried, tried)


async def test_whoever_opened_an_engagement_ends_it_as_long_as_nobody_came_in_by_it(client_of, inbox):
    company, supplier = await trading_pair()
    administrator, email = await client_of(company.administrator), supplier.order_desk.email
    at = await opens(administrator, company, email)
    desk = await client_of(supplier.order_desk)
    assert (await accepts(desk, await link_in_mail(inbox, email, "/invitations/"))).status_code == 409
    [waiting] = (await administrator.get("/api/v1/invitations")).json()
    assert (await administrator.post(f"/api/v1/invitations/{waiting['id']}/withdraw")).status_code == 200

    assert (await administrator.get(f"/api/v1{at}")).json()["refused"]
    page = Page(await administrator.get(at))
    assert "Nobody can come in by this invitation" in page.text
    assert "End the engagement" in page.text
    ended = await administrator.post(f"/api/v1{at}/close", json={"reason": "Another address"})

    assert (ended.status_code, ended.json()["state"], ended.json()["refused"]) == (200, "closed", False)


async def test_an_engagement_that_is_accepted_while_its_opener_ends_it_goes_on(client_of, superuser):
    company, _supplier = await trading_pair()
    administrator, email = await client_of(company.administrator), "eva@audits.example"
    engagement_id = UUID((await opens(administrator, company, email)).rpartition("/")[2])
    accepted = (
        "update invitation set state = 'accepted', accepted_by = %s, ended_at = now() "
        "where organisation_id = %s and email = %s"
    )

    with superuser.transaction():
        superuser.execute(accepted, [company.buyer.person_id, company.id, email])
        ending = asyncio.create_task(close_engagement(company.administrator, engagement_id, "Not needed"))
        await asyncio.sleep(0.5)
        assert not ending.done()
    with pytest.raises(Denied, match="Another administrator"):
        await ending

    assert (await administrator.get(f"/api/v1/engagements/{engagement_id}")).json()["state"] == "open"
