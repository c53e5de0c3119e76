"""Whoever invites somebody of the other side is told that the address will not do: afterwards, and not why."""

import pytest

from portal.access.queries import members_named
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
    assert mail["Subject"] == "An invitation of yours could not be accepted"
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


@pytest.mark.parametrize("tried", [False, True])
async def test_an_engagement_says_that_its_auditor_cannot_come_by_this_address(client_of, inbox, tried):
    company, supplier = await trading_pair()
    owner = await a_colleague(company, "auditor")
    administrator, email = await client_of(company.administrator), supplier.order_desk.email
    body = engagement_body(owner, email, title="Purchasing 2026")
    opened = (await administrator.post("/api/v1/engagements", json=body)).json()
    if tried:
        desk = await client_of(supplier.order_desk)
        assert (await accepts(desk, await link_in_mail(inbox, email, "/invitations/"))).status_code == 409
    told = (await administrator.get(f"/api/v1/engagements/{opened['id']}")).json()
    page = Page(await administrator.get(f"/engagements/{opened['id']}"))
    assert (told["refused"], "cannot be accepted by this address" in page.text) == (tried, tried)
