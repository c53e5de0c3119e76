"""Signing in: who one is comes from the session and from nothing else."""

import json

import pytest

from portal.access.commands import set_password
from portal.platform.actor import Actor
from tests.harness.world import buying_company, order_body, trading_pair

PASSWORD = "a long sentence of one's own"


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await set_password(Actor.system(company.id), company.buyer.person, PASSWORD)
    return company


async def test_a_person_signs_in_sees_who_they_are_and_signs_out(anonymous, company):
    answer = await anonymous.post("/api/v1/sessions", json={"email": company.buyer.email, "password": PASSWORD})
    assert answer.status_code == 201
    me = answer.json()
    assert me["organisation"] == {"id": str(company.id), "name": company.name, "kind": "buyer"}
    assert me["roles"] == ["buyer"]
    cookies = {cookie.name: cookie for cookie in anonymous.cookies.jar}
    assert cookies["session"].has_nonstandard_attr("HttpOnly")
    assert cookies["csrf_token"].value == me["csrf_token"]
    assert "SameSite=lax" in answer.headers["set-cookie"]

    assert (await anonymous.get("/api/v1/me")).json() == me
    out = await anonymous.delete("/api/v1/sessions/current", headers={"x-csrf-token": me["csrf_token"]})
    assert out.status_code == 204
    assert (await anonymous.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("email", ["nobody@example.test", None])
async def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(anonymous, company, email):
    body = {"email": email or company.buyer.email, "password": "not the right sentence"}
    answer = await anonymous.post("/api/v1/sessions", json=body)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "This e-mail address and password do not belong together."


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "text/plain; x=application/json", ""]
)
async def test_another_sites_form_cannot_sign_anybody_in(anonymous, company, kind):
    body = json.dumps({"email": company.buyer.email, "password": PASSWORD})
    answer = await anonymous.post("/api/v1/sessions", content=body, headers={"content-type": kind} if kind else {})
    assert answer.status_code == 415
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "application/json" in answer.json()["detail"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "status"), [("https://evil.example", 403), ("null", 403), ("http://portal.test", 201), (None, 201)]
)
async def test_signing_in_is_for_our_own_pages_and_for_programs(anonymous, company, origin, status):
    headers = {"origin": origin} if origin else {}
    body = {"email": company.buyer.email, "password": PASSWORD}
    assert (await anonymous.post("/api/v1/sessions", json=body, headers=headers)).status_code == status


async def test_a_body_that_is_no_json_is_refused_by_every_write(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    for kind, status in {"text/plain": 415, "application/xml": 415, "application/json; charset=utf-8": 201}.items():
        body = json.dumps(order_body(supplier))
        answer = await client.post("/api/v1/purchase-orders", content=body, headers={"content-type": kind})
        assert answer.status_code == status


async def test_after_ten_failures_the_account_waits(anonymous, company):
    body = {"email": company.buyer.email, "password": "wrong"}
    statuses = [(await anonymous.post("/api/v1/sessions", json=body)).status_code for _attempt in range(11)]
    assert statuses == [401] * 10 + [429]
    assert (await anonymous.post("/api/v1/sessions", json=body | {"password": PASSWORD})).status_code == 429


async def test_an_unsafe_request_of_a_session_must_repeat_its_token(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    for token in ("", "x" * 32):
        client.headers["x-csrf-token"] = token
        answer = await client.post("/api/v1/purchase-orders", json=order_body(supplier))
        assert answer.status_code == 403
        assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_request_from_another_site_is_refused(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    origins = {"https://evil.example": 403, "http://portal.test": 201}
    for origin, status in origins.items():
        answer = await client.post("/api/v1/purchase-orders", json=order_body(supplier), headers={"origin": origin})
        assert answer.status_code == status


async def test_a_member_who_is_disabled_is_out_within_a_second(client_of, superuser, a_second_later):
    company = await buying_company()
    client = await client_of(company.buyer)
    assert (await client.get("/api/v1/me")).status_code == 200

    superuser.execute("update membership set active = false where person_id = %s", [company.buyer.person_id])
    a_second_later()

    assert (await client.get("/api/v1/me")).status_code == 401


async def test_an_api_key_acts_as_its_person_within_its_scopes_and_needs_no_token(anonymous):
    from portal.access.commands import create_api_key

    company, supplier = await trading_pair()
    key = await create_api_key(company.requester, ["requester"])
    anonymous.headers["authorization"] = f"Bearer {key}"
    assert (await anonymous.post("/api/v1/purchase-orders", json=order_body(supplier))).status_code == 201

    narrow = await create_api_key(company.requester, ["auditor"])
    anonymous.headers["authorization"] = f"Bearer {narrow}"
    assert (await anonymous.post("/api/v1/purchase-orders", json=order_body(supplier))).status_code == 403
    anonymous.headers["authorization"] = "Bearer pk_guess"
    assert (await anonymous.get("/api/v1/me")).status_code == 401


async def test_somebody_who_is_not_signed_in_is_told_so_and_never_sent_elsewhere_by_the_api(anonymous):
    answer = await anonymous.get("/api/v1/purchase-orders")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    page = await anonymous.get("/profile")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/profile")
