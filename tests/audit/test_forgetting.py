"""Somebody who is erased stands in no row and no readable entry, also where they were asked to join, in vain or not."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.access.commands import accept_as_newcomer, remove_member, withdraw_invitation
from portal.access.forms import Acceptance
from portal.audit import erasures
from portal.audit.commands import erase_person, place_hold
from portal.audit.forgetting import forget_address, forget_invitation, forget_old
from portal.audit.forms import HoldForm
from portal.operations.workspace.commands.engagements import close_engagement
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.settings import settings
from tests.harness.audits import opened_engagement
from tests.harness.identity import PASSWORD, an_invitation, link_in_mail
from tests.harness.log_rows import faults_of, seal_now
from tests.harness.mail import inbox, server
from tests.harness.world import a_colleague, trading_pair

__all__ = ["inbox", "server"]


def naming(superuser: Any, pattern: str) -> list[str]:
    """The tables of which a row still says it."""
    tables = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    sql = 'select count(*) from "{}" x where x::text ilike %s'
    names = [name for (name,) in superuser.execute(tables).fetchall()]
    return [name for name in names if superuser.execute(sql.format(name), [pattern]).fetchone()[0]]


async def test_who_came_by_an_invitation_is_forgotten_with_it(superuser, client_of, inbox):
    company, _supplier = await trading_pair()
    told = {"email": "wilhelmina.unique@example.test", "full_name": "Wilhelmina Unique"}
    await an_invitation(company, **told, roles=["buyer"])
    link = await link_in_mail(inbox, told["email"], "/invitations/")
    form = convert(Acceptance, {"full_name": told["full_name"], "new_password": PASSWORD})
    opened = await accept_as_newcomer(link.rpartition("/")[2], form, address="127.0.0.1")
    await an_invitation(company, email="other@example.test", full_name="Somebody Else")
    auditor = await client_of(company.auditor)
    kept = (await auditor.get("/api/v1/audit-entries", params={"event": "invitation.sent"})).text
    assert told["full_name"] in kept  # readable while their key exists
    await remove_member(Actor.system(company.id), opened.actor.person)
    await seal_now()

    await erase_person(Actor.system(company.id), opened.actor.person, "asked for it")

    assert naming(superuser, "%wilhelmina%") == []
    after = (await auditor.get("/api/v1/audit-entries", params={"event": "invitation.sent"})).json()["items"]
    assert "ilhelmina" not in json.dumps(after)
    assert "Somebody Else" in json.dumps(after)
    assert all(entry["intact"] for entry in after)
    assert faults_of(superuser, company.id) == []


async def test_an_engagement_forgets_the_guest_whom_it_named(superuser, connected):
    company, _supplier = await trading_pair()
    engagement, reader, _owner = await opened_engagement(company, await a_colleague(company, "auditor"))
    await close_engagement(await a_colleague(company, "administrator"), engagement.id, "Done.")
    await remove_member(Actor.system(company.id), reader.person)

    await erase_person(Actor.system(company.id), reader.person, "asked for it")

    assert naming(superuser, f"%{reader.email}%") == []


ASKED = {"email": "ottilie.once@example.test", "full_name": "Ottilie Once"}


async def test_who_never_accepted_is_forgotten_on_the_page_with_their_key_of_the_log(superuser, client_of):
    company, _supplier = await trading_pair()
    asked = await an_invitation(company, **ASKED)
    administrator, auditor = await client_of(company.administrator), await client_of(company.auditor)
    kept = (await auditor.get("/api/v1/audit-entries", params={"event": "invitation.sent"})).text
    assert ASKED["full_name"] in kept
    assert "Forget" in (await administrator.get("/people/invitations")).text
    await seal_now()

    data = {"_csrf": administrator.headers["x-csrf-token"]}
    assert (await administrator.post(f"/people/invitations/{asked.id}/forget", data=data)).status_code == 303

    assert naming(superuser, "%ottilie%") == []
    page = (await administrator.get("/people/invitations")).text
    assert ("Forgotten" in page, "erased-" in page) == (True, False)
    [listed] = (await administrator.get("/api/v1/invitations")).json()
    assert (listed["state"], listed["email"]) == ("forgotten", "")
    entries = (await auditor.get("/api/v1/audit-entries", params={"object": str(asked.id)})).json()["items"]
    assert {entry["event"] for entry in entries} == {"invitation.sent", "invitation.forgotten"}
    assert all(entry["intact"] for entry in entries)
    assert faults_of(superuser, company.id) == []
    assert (await administrator.post(f"/people/invitations/{asked.id}/forget", data=data)).status_code == 404


async def test_an_address_is_forgotten_in_all_that_was_sent_to_it_and_stays_so_after_a_restore(superuser, connected):
    company, _supplier = await trading_pair()
    other, _its = await trading_pair()
    first = await an_invitation(company, **ASKED)
    await withdraw_invitation(company.administrator, first.id)
    second = await an_invitation(company, **ASKED)
    await an_invitation(other, **ASKED)
    before = superuser.execute("select wrapped from person_key where person_id = %s", [second.id]).fetchone()

    assert await forget_address(Actor.system(company.id), ASKED["email"].upper(), "asked for it") == 2

    of_company = "select email, state from invitation where organisation_id = %s and email not like 'erased-%%'"
    assert superuser.execute(of_company, [company.id]).fetchall() == []
    assert len(superuser.execute(of_company, [other.id]).fetchall()) == 1
    superuser.execute("set session_replication_role = replica")
    superuser.execute("delete from person_erasure where person_id = %s", [second.id])
    superuser.execute("insert into person_key values (%s, %s)", [second.id, before[0]])
    superuser.execute("update invitation set email = %s where id = %s", [ASKED["email"], second.id])
    superuser.execute("set session_replication_role = origin")
    assert await erasures.reapply(str(settings().owner_url)) == 1
    assert superuser.execute(of_company, [company.id]).fetchall() == []
    await forget_address(Actor.system(other.id), ASKED["email"], "asked for it")


async def test_what_nobody_answered_is_forgotten_after_thirty_days_by_itself(superuser, connected, clock):
    company, _supplier = await trading_pair()
    system = Actor.system(company.id)
    withdrawn, left = [await an_invitation(company, email=f"{name}@late.test") for name in ("gone", "left")]
    await withdraw_invitation(company.administrator, withdrawn.id)
    kept = await an_invitation(company, email="held@late.test")
    hold = convert(HoldForm, {"object_id": str(kept.id), "reason": "Before the court"})
    await place_hold(company.administrator, hold)

    await clock(datetime.now(UTC) + timedelta(days=29))
    assert await forget_old(system) == 0
    await clock(datetime.now(UTC) + timedelta(days=31))
    assert await forget_old(system) == 1
    await clock(datetime.now(UTC) + timedelta(days=38))
    assert await forget_old(system) == 1
    assert await forget_old(system) == 0

    sql = "select id from invitation where organisation_id = %s and email like 'erased-%%'"
    assert {row[0] for row in superuser.execute(sql, [company.id]).fetchall()} == {withdrawn.id, left.id}
    with pytest.raises(Conflict, match="hold"):
        await forget_invitation(company.administrator, kept.id)


async def test_only_who_invites_forgets_and_nobody_of_another_company(connected):
    company, supplier = await trading_pair()
    asked = await an_invitation(company)
    with pytest.raises(Denied):
        await forget_invitation(company.buyer, asked.id)
    with pytest.raises(NotFound):
        await forget_invitation(supplier.administrator, asked.id)
