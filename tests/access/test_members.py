"""What members may do: set by administrators, never by oneself, and never without an administrator left."""

from typing import Any

from tests.harness.pages import Reader
from tests.harness.world import Organised, submitted_order, trading_pair

RIGHTS = {"roles": ["buyer"], "cost_centres": ["CC-100"], "limit": "5000", "limit_30_days": "20000"}


def address(company: Organised, role: str) -> str:
    return f"/api/v1/members/{company.people[role].person_id}"


async def told(superuser: Any, person: Any) -> list[Any]:
    sql = "select event from audit_entry where body -> 'data' ->> 'person_id' = %s order by id"
    return [row[0] for row in superuser.execute(sql, [str(person)]).fetchall()]


async def test_an_administrator_sets_roles_scope_and_limits_and_sessions_end(client_of, superuser):
    company, supplier = await trading_pair()
    client, buyer = await client_of(company.administrator), await client_of(company.buyer)
    site = superuser.execute("select id from site where organisation_id = %s", [company.id]).fetchone()[0]
    before = await client.get(address(company, "buyer"))

    answer = await client.put(
        address(company, "buyer"), json=RIGHTS | {"sites": [str(site)]}, headers={"if-match": before.headers["etag"]}
    )

    assert answer.status_code == 200, answer.text
    member = answer.json()
    assert member["roles"] == ["buyer"]
    assert member["scope"] == {
        "purchasing_groups": [], "sites": [str(site)], "cost_centres": ["CC-100"], "categories": [],
    }  # fmt: skip
    assert member["limit"] is None, "a limit waits for a second person"
    assert "membership.changed" in await told(superuser, company.buyer.person_id)
    assert (await buyer.get("/api/v1/me")).status_code == 401
    order = await submitted_order(company, supplier, cost_centre="CC-999")
    again = await client_of(company.buyer)
    assert (await again.get(f"/api/v1/purchase-orders/{order.id}")).status_code == 404


async def test_nobody_changes_their_own_rights(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.administrator)
    answer = await client.put(address(company, "administrator"), json={"roles": ["administrator", "buyer"]})
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "Nobody changes their own rights. Ask another administrator of your company.",
    )  # fmt: skip


async def test_the_last_administrator_stays_and_one_of_two_may_go(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.administrator)
    alone = await client.post(f"{address(company, 'administrator')}/remove", json={})
    await client.put(address(company, "buyer"), json={"roles": ["administrator"]})
    gone = await client.post(f"{address(company, 'administrator')}/remove", json={})
    assert (alone.status_code, gone.status_code, gone.json()["state"]) == (409, 200, "locked")


async def test_a_former_member_comes_back_with_their_rights(client_of, superuser):
    company, _supplier = await trading_pair()
    client, buyer = await client_of(company.administrator), await client_of(company.buyer)
    gone = await client.post(f"{address(company, 'buyer')}/remove", json={})
    assert (await buyer.get("/api/v1/me")).status_code == 401
    back = await client.post(f"{address(company, 'buyer')}/reinstate", json={})
    twice = await client.post(f"{address(company, 'buyer')}/reinstate", json={})
    assert (gone.json()["state"], back.json()["state"], back.json()["roles"]) == ("locked", "active", ["buyer"])
    assert twice.status_code == 409
    assert (await told(superuser, company.buyer.person_id))[-2:] == ["membership.removed", "membership.added"]


async def test_sites_and_roles_that_are_not_there_are_refused_at_once(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.administrator)
    wrong = {"roles": ["buyer", "order_desk"], "sites": [str(supplier.id)]}
    answer = await client.put(address(company, "buyer"), json=wrong)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"roles.1", "sites.0"}


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.administrator)
    seen = (await client.get(address(company, "buyer"))).headers["etag"]
    await client.put(address(company, "buyer"), json=RIGHTS)
    late = await client.put(address(company, "buyer"), json={"roles": ["approver"]}, headers={"if-match": seen})
    assert late.status_code == 412


async def test_members_of_others_are_not_there(client_of):
    company, _supplier = await trading_pair()
    other, _its_supplier = await trading_pair()
    client = await client_of(company.administrator)
    answers = [
        await client.get(address(other, "buyer")),
        await client.put(address(other, "buyer"), json=RIGHTS),
        await client.post(f"{address(other, 'buyer')}/remove", json={}),
        await client.post(f"{address(other, 'buyer')}/reinstate", json={}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_rights_are_kept_on_the_page_and_nothing_typed_is_lost(client_of):
    company, _supplier = await trading_pair()
    reader = Reader(await client_of(company.administrator))
    at = f"/people/{company.buyer.person_id}"
    page = await reader.open(at)
    wrong = await reader.send(page, at, cost_centres="CC-1\nCC-2", limit="much")
    kept = await reader.send(wrong, at, limit="250")

    assert wrong.status == 422
    assert wrong.form(at).values["cost_centres"].split() == ["CC-1", "CC-2"]
    assert kept.status == 200
    assert kept.form(at).values["cost_centres"].split() == ["CC-1", "CC-2"]
    assert "Kept. They sign in again." in kept.text


async def test_ones_own_page_says_that_another_administrator_is_to_be_asked(client_of):
    company, _supplier = await trading_pair()
    page = await Reader(await client_of(company.administrator)).open(f"/people/{company.administrator.person_id}")
    assert "Nobody changes their own rights" in page.text
