"""Somebody who is erased stands in no row and no readable entry, also where they were asked to join."""

import json
from typing import Any

from portal.access.commands import accept_as_newcomer, remove_member
from portal.access.forms import Acceptance
from portal.audit.commands import erase_person
from portal.operations.workspace.commands.engagements import close_engagement
from portal.platform.actor import Actor
from portal.platform.convert import convert
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
