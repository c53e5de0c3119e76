"""Keys for programs: some of their person's roles, for some time, until they are revoked."""

import pytest

from portal.access.commands import create_api_key
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, buying_company, order_body, trading_pair

KEYS = "/api/v1/api-keys"


@pytest.fixture
async def company(connected):
    return await buying_company()


async def made(client, **changes) -> dict:
    body = {"name": "Nightly orders", "scopes": ["requester"], "valid_days": 30} | changes
    answer = await client.post(KEYS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_key_is_shown_once_works_in_its_scopes_and_tells_its_last_use(client_of, anonymous, superuser):
    company, supplier = await trading_pair()
    person = await a_colleague(company, "requester", "buyer")
    client = await client_of(person)
    key = await made(client)
    (listed,) = (await client.get(KEYS)).json()
    assert (listed["name"], listed["scopes"], listed["used_at"]) == ("Nightly orders", ["requester"], None)
    assert key["key"] not in str(listed)
    assert key["key"] not in str(superuser.execute("select a::text from api_key a").fetchall())
    anonymous.headers["authorization"] = f"Bearer {key['key']}"
    assert (await anonymous.get("/api/v1/me")).json()["roles"] == ["requester"]
    order = await anonymous.post("/api/v1/purchase-orders", json=order_body(supplier))
    assert order.status_code == 201
    assert (await anonymous.post(f"/api/v1/purchase-orders/{order.json()['id']}/issue", json={})).status_code == 403
    assert (await client.get(KEYS)).json()[0]["used_at"] is not None


async def test_a_key_that_is_revoked_or_too_old_opens_nothing_at_once(client_of, anonymous, company, superuser):
    client = await client_of(company.buyer)
    first, second = await made(client, scopes=["*"]), await made(client, scopes=["buyer"])
    anonymous.headers["authorization"] = f"Bearer {first['key']}"
    assert (await anonymous.get("/api/v1/me")).status_code == 200
    assert (await client.delete(f"{KEYS}/{first['id']}")).status_code == 204
    assert (await anonymous.get("/api/v1/me")).status_code == 401
    anonymous.headers["authorization"] = f"Bearer {second['key']}"
    superuser.execute("update api_key set expires_at = now() where id = %s", [second["id"]])
    assert (await anonymous.get("/api/v1/me")).status_code == 401


async def test_a_key_makes_no_keys_and_ends_no_sessions(client_of, anonymous, company):
    anonymous.headers["authorization"] = f"Bearer {await create_api_key(company.buyer, ['auditor'])}"
    assert (await anonymous.post(KEYS, json={"name": "More", "scopes": ["*"]})).status_code == 403
    assert (await anonymous.post("/api/v1/sessions/end-others", json={})).status_code == 403
    body = {"password": "x", "new_password": "a long new sentence"}
    assert (await anonymous.post("/api/v1/me/password", json=body)).status_code == 403


async def test_a_key_has_no_role_that_its_person_has_not_and_no_end_out_of_sight(client_of, company):
    client = await client_of(company.buyer)
    for changes in ({"scopes": ["approver"]}, {"scopes": []}, {"valid_days": 366}, {"valid_days": 0}, {"name": ""}):
        body = {"name": "Key", "scopes": ["buyer"], "valid_days": 30} | changes
        assert (await client.post(KEYS, json=body)).status_code == 422, changes


async def test_an_administrator_sees_all_keys_of_the_company_and_revokes_any(client_of, anonymous, company):
    key = await made(await client_of(company.buyer), scopes=["*"])
    colleague = await client_of(company.approver)
    assert (await colleague.get(KEYS, params={"everybody": True})).status_code == 403
    assert (await colleague.delete(f"{KEYS}/{key['id']}")).status_code == 403
    stranger = await client_of((await buying_company()).administrator)
    assert (await stranger.delete(f"{KEYS}/{key['id']}")).status_code == 404
    administrator = await client_of(company.administrator)
    listed = (await administrator.get(KEYS, params={"everybody": True})).json()
    assert [row["person"] for row in listed] == [company.buyer.name]
    assert (await administrator.delete(f"{KEYS}/{key['id']}")).status_code == 204
    anonymous.headers["authorization"] = f"Bearer {key['key']}"
    assert (await anonymous.get("/api/v1/me")).status_code == 401


async def test_a_key_is_made_and_revoked_on_the_page(client_of, company):
    reader = Reader(await client_of(company.buyer))
    page = await reader.open("/profile/api-keys")
    assert (await reader.send(page, "/profile/api-keys", name="")).status == 422
    done = await reader.send(page, "/profile/api-keys", name="Nightly", valid_days="7", scopes__0="buyer")
    assert "shown this once" in done.text
    assert "pk_" in done.text
    again = await reader.open("/profile/api-keys")
    assert "pk_" not in again.text
    revoked = await reader.send(again, "/revoke")
    assert "The key was revoked" in revoked.text


async def test_a_key_for_reading_changes_nothing(client_of, anonymous, superuser):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    written = await client.post("/api/v1/purchase-orders", json=order_body(supplier))
    key = await made(client, reads_only=True)
    assert key["reads_only"]
    assert (await client.get(KEYS)).json()[0]["reads_only"]
    assert "only reads" in (await client.get("/profile/api-keys")).text

    anonymous.headers["authorization"] = f"Bearer {key['key']}"
    listed = (await anonymous.get("/api/v1/purchase-orders")).json()["items"]
    assert [each["id"] for each in listed] == [written.json()["id"]]
    refused = await anonymous.post("/api/v1/purchase-orders", json=order_body(supplier))
    assert refused.status_code == 403
    assert "This key only reads." in refused.text
    assert (await anonymous.post(f"/api/v1/purchase-orders/{listed[0]['id']}/submit", json={})).status_code == 403
    made_orders = superuser.execute("select count(*) from purchase_order where buyer_id = %s", [company.id]).fetchone()
    assert made_orders == (1,)


async def test_a_key_for_reading_is_made_on_the_page(client_of, company):
    reader = Reader(await client_of(company.buyer))
    page = await reader.open("/profile/api-keys")
    sent = {"name": "Figures", "valid_days": "90", "scopes.0": "buyer", "reads_only": "1"}
    assert (await reader.send(page, "/profile/api-keys", **sent)).status == 200
    assert "only reads" in (await reader.open("/profile/api-keys")).text
