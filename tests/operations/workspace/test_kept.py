"""What the auditor of an engagement does is the audit owner's alone to know until it is over: every way to learn it."""

from typing import Any

import psycopg
import pytest

from portal.alerts.rules import MOST_EXPORTS
from portal.operations.workspace.commands.engagements import close_engagement
from portal.platform.actor import Actor
from portal.platform.settings import settings
from portal.platform.work.apart import settled
from tests.harness.audits import opened_engagement
from tests.harness.jobs import run_jobs
from tests.harness.world import a_colleague, issued_order, trading_pair

WAYS = {
    "audit_entry": "select event from audit_entry where actor_id = %s",
    "audit_private": """
        select p.entry_id from audit_private p where not exists (select from audit_entry e where e.id = p.entry_id)
        and %s::uuid is not null""",
    "alert": "select kind from alert where concerns = %s",
}


@pytest.fixture
async def engaged(client_of, inbox) -> Any:
    """An auditor who read, was refused and took out more files than anybody needs; with all others of the company."""
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    third = await a_colleague(company, "auditor")
    engagement, reader, owner = await opened_engagement(company)
    client = await client_of(reader)
    assert (await client.get(f"/orders/{order.id}")).status_code == 200
    assert (await client.post(f"/api/v1/purchase-orders/{order.id}/approve")).status_code == 403
    for _again in range(MOST_EXPORTS + 2):
        assert (await client.get("/orders.csv")).status_code == 200
    await settled()
    return company, engagement, reader, owner, third


def seen(reader: Actor, by: Actor, role: str) -> dict[str, list[Any]]:
    """What somebody finds of the auditor who asks the database itself, in a role that the application may take."""
    with psycopg.connect(str(settings().database_url)) as application:
        context = "select set_config('portal.organisation', %s, true), set_config('portal.person', %s, true)"
        application.execute(context, [str(by.organisation_id), str(by.person)])
        application.execute(f"set local role {role}".encode())
        return {name: application.execute(sql.encode(), [reader.person]).fetchall() for name, sql in WAYS.items()}


@pytest.mark.parametrize("role", ["portal_app", "portal_scoped"])
async def test_the_database_shows_it_to_the_owner_and_to_nobody_else(engaged, role):
    company, engagement, reader, owner, third = engaged
    nothing = {name: [] for name in WAYS}
    for colleague in (third, *(each for each in company.people.values() if each is not reader)):
        assert seen(reader, colleague, role) == nothing, colleague.roles
    for one in (owner, reader):
        found = seen(reader, one, role)
        assert {"record.read", "access.refused", "data.exported"} <= {event for (event,) in found["audit_entry"]}
        assert found["alert"] == [("mass-export",)]

    await close_engagement(await a_colleague(company, "administrator"), engagement.id, "Done.")

    assert seen(reader, third, role)["audit_entry"] != []
    assert seen(reader, company.administrator, role)["alert"] == [("mass-export",)]


async def test_neither_log_nor_alerts_nor_mails_tell_anybody_but_the_owner(engaged, client_of, inbox):
    company, _engagement, reader, owner, third = engaged
    await run_jobs("messaging.notify", "messaging.send")
    for auditor, sees in ((third, False), (owner, True)):
        client = await client_of(auditor)
        found = (await client.get("/api/v1/audit-entries", params={"actor": str(reader.person)})).json()["items"]
        raised = (await client.get("/api/v1/alerts")).json()["items"]
        assert (bool(found), bool(raised)) == (sees, sees)
    admin = await client_of(company.administrator)
    assert (await admin.get("/api/v1/alerts")).json()["items"] == []
    assert "orders.csv" not in (await admin.get("/")).text
    told = [
        one for one in (company.administrator, third, owner) for mail in inbox.of(one) if "taken" in mail["subject"]
    ]
    assert [each.person_id for each in told] == [owner.person_id]


async def test_an_auditor_of_no_engagement_is_watched_like_everybody(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)
    for _again in range(MOST_EXPORTS + 2):
        await client.get("/orders.csv")
    raised = (await (await client_of(company.administrator)).get("/api/v1/alerts")).json()["items"]
    assert [each["kind"] for each in raised] == ["mass-export"]
