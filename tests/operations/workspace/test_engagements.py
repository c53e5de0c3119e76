"""Engagements: an auditor from outside reads for a time, who may know what they read, and what they write."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.access.queries import forget_person, members_named
from portal.operations.workspace.commands import engagements
from portal.operations.workspace.engagements import engagement
from portal.operations.workspace.forms import EngagementForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import viewing
from tests.harness.audits import engagement_body, guest_of, opened_engagement, soon
from tests.harness.world import a_colleague, issued_order, trading_pair


def new_address() -> str:
    return f"eva.{new_id().hex[-10:]}@audit.example"


async def opened(company: Any, owner: Actor, email: str, **changes: Any) -> Any:
    return await engagements.open_engagement(
        company.administrator, convert(EngagementForm, engagement_body(owner, email, **changes))
    )


async def test_an_auditor_from_outside_is_invited_and_reads_until_the_engagement_ends(anonymous, inbox, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    email = new_address()
    await opened(company, company.auditor, email)
    eva = await guest_of(anonymous, inbox, email)

    assert (await eva.get(f"/api/v1/purchase-orders/{order.id}")).status_code == 200
    (member,) = await members_named(email)
    ended = "update membership set ends_at = now() where person_id = %s and ends_at is not null"
    assert superuser.execute(ended, [member.person_id]).rowcount == 1
    forget_person(member.person)
    assert (await eva.get(f"/api/v1/purchase-orders/{order.id}")).status_code == 401
    assert await members_named(email) == []


async def test_only_administrators_open_and_never_for_their_own_audit():
    company, _supplier = await trading_pair()
    form = convert(EngagementForm, engagement_body(company.administrator, new_address()))

    with pytest.raises(Denied):
        await engagements.open_engagement(company.administrator, form)
    with pytest.raises(Denied):
        await engagements.open_engagement(company.auditor, form)


async def test_the_owner_is_an_auditor_and_the_auditor_nothing_else():
    company, _supplier = await trading_pair()

    with pytest.raises(Invalid):
        await opened(company, company.buyer, new_address())
    with pytest.raises(Conflict):
        await opened(company, company.auditor, company.buyer.email)
    with pytest.raises(Conflict):
        await opened(company, company.auditor, company.auditor.email)
    for day in (soon(-1), soon(400)):
        with pytest.raises(Invalid):
            await opened(company, company.auditor, new_address(), until=day.isoformat())


async def reads(client: Any, **asked: str) -> list[str]:
    found = await client.get("/api/v1/audit-entries", params={"outcome": "read"} | asked)
    return [entry["data"]["path"] for entry in found.json()["items"]]


async def test_what_the_auditor_reads_is_the_owners_alone_to_know_until_it_is_over(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    found, reader, owner = await opened_engagement(company)
    other = await a_colleague(company, "auditor")
    page = f"/orders/{order.id}"
    assert (await (await client_of(reader)).get(page)).status_code == 200

    assert page in await reads(await client_of(owner), actor=reader.email)
    assert await reads(await client_of(other), actor=reader.email) == []
    for actor, known in ((owner, True), (company.administrator, False)):
        async with viewing(actor) as view:
            assert ((await engagement(view, found.id)).reads is not None) == known

    desk, released = await client_of(company.administrator), f"/api/v1/engagements/{found.id}/reads"
    assert (await desk.get(released)).status_code == 403

    with pytest.raises(Denied, match="Another administrator than the one who opened it"):
        await engagements.close_engagement(company.administrator, found.id, "We would like to know")
    assert (await desk.get(released)).status_code == 403
    await engagements.close_engagement(await a_colleague(company, "administrator"), found.id, "Done")

    assert page in await reads(await client_of(other), actor=reader.email)
    assert page in [entry["data"]["path"] for entry in (await desk.get(released)).json()["items"]]
    async with viewing(company.administrator) as view:
        told = await engagement(view, found.id)
    assert (told.state, told.over) == ("closed", True)
    assert told.reads is not None
    assert told.reads >= 1


async def test_what_was_read_before_the_engagement_stays_as_it_was(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    assert (await (await client_of(company.auditor)).get(f"/orders/{order.id}")).status_code == 200
    other = await a_colleague(company, "auditor")

    await opened_engagement(company)

    assert f"/orders/{order.id}" in await reads(await client_of(other))


async def test_an_engagement_ends_by_itself(superuser):
    company, _supplier = await trading_pair()
    found, _reader, _owner = await opened_engagement(company)
    past = datetime.now(UTC) - timedelta(minutes=1)
    superuser.execute("alter table engagement disable trigger user")
    times = [past - timedelta(days=2), past, found.id]
    superuser.execute("update engagement set opened_at = %s, until = %s where id = %s", times)
    superuser.execute("alter table engagement enable trigger user")

    async with viewing(company.administrator) as view:
        assert (await engagement(view, found.id)).over
    ended = await engagements.end_engagements(Actor.system(company.id))

    assert [each.id for each in ended] == [found.id]
    assert await engagements.end_engagements(Actor.system(company.id)) == []


async def test_closing_takes_the_guests_membership_and_an_open_invitation_along(anonymous, inbox, superuser):
    company, _supplier = await trading_pair()
    waiting = await opened(company, company.auditor, new_address())
    email = new_address()
    guest = await opened(company, company.auditor, email)
    otto = await guest_of(anonymous, inbox, email)

    second = await a_colleague(company, "administrator")
    await engagements.close_engagement(second, waiting.id, "Not needed")
    await engagements.close_engagement(second, guest.id, "Done")

    sql = "select state from invitation where organisation_id = %s order by created_at"
    states = superuser.execute(sql, [company.id])
    assert [row[0] for row in states.fetchall()] == ["withdrawn", "accepted"]
    assert (await otto.get("/api/v1/audit-entries")).status_code == 401


async def test_an_auditor_sees_no_engagement_of_another_house():
    company, _supplier = await trading_pair()
    found, _reader, _owner = await opened_engagement(company)
    other = await a_colleague(company, "auditor")
    stranger, _their_supplier = await trading_pair()

    for actor in (other, stranger.administrator, stranger.auditor):
        async with viewing(actor) as view:
            with pytest.raises(NotFound):
                await engagement(view, found.id)
