"""Whose rights were changed, by whom and how far: what the log tells of people."""

from datetime import UTC, datetime
from uuid import UUID

from portal.access import commands as access
from portal.access.forms import Rights
from portal.operations.workspace.past import as_of
from portal.operations.workspace.readers import readers
from portal.oversight import commands as oversight
from portal.oversight import queries
from portal.oversight.forms import RoleDecision
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.settings import commands as settings
from tests.harness.oversight import open_campaign
from tests.harness.pages import Reader
from tests.harness.world import Organised, a_colleague, trading_pair


async def membership_of(superuser, company: Organised, person) -> UUID:
    sql = "select id from membership where organisation_id = %s and person_id = %s"
    return superuser.execute(sql, [company.id, person]).fetchone()[0]


async def a_limit_is_approved(superuser, company: Organised, person) -> None:
    form = convert(Rights, {"roles": ["approver", "buyer"], "limit": "10000.50", "limit_currency": "EUR"})
    await access.change_rights(company.administrator, person, form)
    sql = "select id from setting_version where concerns = %s and state = 'proposed'"
    await settings.approve(company.approver, superuser.execute(sql, [person]).fetchone()[0])


async def test_the_history_of_a_membership_tells_every_act_with_what_it_changed(client_of, superuser):
    company, _supplier = await trading_pair()
    nova = await a_colleague(company, "approver")
    membership = await membership_of(superuser, company, nova.person)
    await a_limit_is_approved(superuser, company, nova.person)
    review = await open_campaign(company)
    async with viewing(company.auditor) as view:
        roles = (await queries.review(view, review.id)).items
    asked = next(each for each in roles if (each.person_id, each.role) == (nova.person_id, "buyer"))
    taken = convert(RoleDecision, {"decision": "revoke", "reason": "Buys nothing."})
    await oversight.decide(company.administrator, asked.id, taken)

    page = await Reader(await client_of(company.auditor)).open(f"/audit/records/{membership}")

    assert f"History of {nova.name}" in page.text
    assert "It changed no field" not in page.text
    assert "Roles Buyer, Approver Approver" in page.text
    assert "Limit for one order – 10,000.50" in page.text
    assert "Asked forCurrency of the limit: EUR, Limit for one order: 10,000.50" in page.text


async def test_what_a_membership_was_is_known_though_two_people_set_its_limit(superuser):
    company, _supplier = await trading_pair()
    nova = await a_colleague(company, "approver")
    await a_limit_is_approved(superuser, company, nova.person)
    async with viewing(company.auditor) as view:
        then = await as_of(view, await membership_of(superuser, company, nova.person), datetime.now(UTC))
    row = next(row for row in then.rows if row.table == "membership")
    assert (row.unknown, row.values["limit_gross"]) == ([], "10000.5")


async def test_rights_are_seen_by_who_looks_after_people_and_hold_no_prices(client_of, superuser):
    company, _supplier = await trading_pair()
    membership = await membership_of(superuser, company, company.buyer.person)
    async with viewing(company.auditor) as view:
        found = await readers(view, membership, datetime.now(UTC))
    assert found.permission == "members:read"
    assert {role for seer in found.seers for role in seer.member.roles} == {"administrator", "auditor"}
    page = await Reader(await client_of(company.auditor)).open(f"/audit/records/{membership}/readers")
    assert "internal notes" not in page.text


async def test_a_record_keeps_its_name_however_often_auditors_look(client_of, superuser):
    company, _supplier = await trading_pair()
    membership = await membership_of(superuser, company, company.buyer.person)
    reader = Reader(await client_of(company.auditor))
    for way in ("/readers", "/readers", "/as-of", ""):
        page = await reader.open(f"/audit/records/{membership}{way}")
        assert company.buyer.name in page.text
        assert "Request" not in page.text
        assert f"/audit/records/{membership} " not in page.text


async def test_who_changed_somebodys_rights_is_found_by_their_name(client_of, superuser):
    company, _supplier = await trading_pair()
    nova = await a_colleague(company, "receiver")
    await access.change_rights(company.administrator, nova.person, convert(Rights, {"roles": ["buyer"]}))
    reader = Reader(await client_of(company.auditor))
    for called in (nova.name, nova.email.upper(), str(nova.person_id)):
        found = await reader.open("/audit", query=called)
        assert "Changed somebody’s roles" in found.text
        assert nova.name in found.text
        assert company.receiver.name not in found.text
    shown = await reader.open("/audit", event="membership.changed")
    assert nova.name in shown.text
    entries = (
        await (await client_of(company.auditor)).get("/api/v1/audit-entries", params={"object": nova.email})
    ).json()
    assert {entry["about"]["name"] for entry in entries["items"]} == {nova.name}
