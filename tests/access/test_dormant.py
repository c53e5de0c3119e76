"""Memberships that nobody uses are suspended, as the company says, and given back by an administrator."""

from portal.access.commands import suspend_dormant
from portal.platform.actor import Actor
from portal.platform.work.apart import settled
from tests.harness.identity import signs_in, with_password
from tests.harness.world import Organised, trading_pair


def aged(superuser, company: Organised, days: int) -> None:
    """All that happened in the company so far lies so many days back."""
    for table in ("audit_entry", "membership"):
        superuser.execute(f"alter table {table} disable trigger user")
    ago = f"interval '{days} days'"
    superuser.execute(f"update audit_entry set at = at - {ago} where owner_id = %s", [company.id])
    superuser.execute(f"update membership set created_at = created_at - {ago} where organisation_id = %s", [company.id])
    for table in ("audit_entry", "membership"):
        superuser.execute(f"alter table {table} enable trigger user")


async def suspended(company: Organised) -> set:
    return {each.person_id for each in await suspend_dormant(Actor.system(company.id))}


async def test_who_stayed_away_is_suspended_and_who_came_is_not(client_of, superuser):
    company, _supplier = await trading_pair()
    aged(superuser, company, 91)
    buyer, admin = await client_of(company.buyer), await client_of(company.administrator)

    gone = await suspended(company)

    assert company.buyer.person_id not in gone
    assert company.administrator.person_id not in gone
    assert company.receiver.person_id in gone
    member = (await admin.get(f"/api/v1/members/{company.receiver.person_id}")).json()
    assert member["state"] == "locked"
    told = superuser.execute(
        "select body -> 'data' ->> 'days' from audit_entry where owner_id = %s and event = 'membership.suspended'",
        [company.id],
    ).fetchall()
    assert (len(told), set(told)) == (len(gone), {("90",)})
    assert (await buyer.get("/api/v1/me")).status_code == 200
    back = await admin.post(f"/api/v1/members/{company.receiver.person_id}/reinstate", json={})
    assert back.status_code == 200
    assert await suspended(company) == set()


async def test_nobody_is_kept_awake_by_what_others_do(anonymous, client_of, superuser):
    company, _supplier = await trading_pair()
    await with_password(company.buyer)
    aged(superuser, company, 91)
    admin = await client_of(company.administrator)
    for _again in range(12):
        await signs_in(anonymous, company.buyer, password="not the password of anybody")
    roles = {"roles": ["receiver", "requester"]}
    assert (await admin.put(f"/api/v1/members/{company.receiver.person_id}", json=roles)).status_code == 200
    await settled()

    gone = await suspended(company)

    assert {company.buyer.person_id, company.receiver.person_id} <= gone


async def test_the_administrators_stay_where_none_would_be_left(superuser):
    company, _supplier = await trading_pair()
    aged(superuser, company, 91)
    gone = await suspended(company)
    assert company.administrator.person_id not in gone
    assert company.buyer.person_id in gone


async def test_the_company_says_after_how_many_days_or_never(client_of, superuser):
    company, _supplier = await trading_pair()
    aged(superuser, company, 40)
    admin = await client_of(company.administrator)
    assert await suspended(company) == set()
    await admin.put("/api/v1/security", json={"second_factor": "own", "dormant_days": None})
    assert await suspended(company) == set()
    await admin.put("/api/v1/security", json={"second_factor": "own", "dormant_days": 30})
    assert company.buyer.person_id in await suspended(company)
