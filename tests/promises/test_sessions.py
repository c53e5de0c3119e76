"""Sessions and the ways in: secrets rotate, cookies are closed, nothing leads elsewhere, revocation holds at once."""

import asyncio
import time
from html import unescape
from typing import Any

import httpx
import pytest

from portal.access.commands import admit
from portal.access.forms import Admission
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.settings import override
from tests.harness.identity import PASSWORD, SESSIONS, sets_up_an_app, signs_in, with_password
from tests.harness.places import door
from tests.harness.world import buying_company

ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/%0d\n",
)


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await with_password(company.buyer)
    return company


async def test_the_secret_of_a_session_is_new_whenever_it_may_do_more(anonymous, company):
    elsewhere = await buying_company()
    await admit(Actor.system(elsewhere.id), convert(Admission, {"email": company.buyer.email, "roles": ["auditor"]}))
    secrets = []

    async def kept() -> None:
        secrets.append(anonymous.cookies["session"])
        assert (await anonymous.get("/api/v1/me")).status_code == 200

    await signs_in(anonymous, company.buyer)
    await kept()
    phone = await sets_up_an_app(anonymous)
    await kept()
    proved = await anonymous.post(f"{SESSIONS}/current/proof", json={"code": phone.code()})
    anonymous.headers["x-csrf-token"] = proved.json()["csrf_token"]
    await kept()
    body = {"password": PASSWORD, "new_password": "another long sentence of mine"}
    changed = await anonymous.post("/api/v1/me/password", json=body)
    anonymous.headers["x-csrf-token"] = changed.json()["csrf_token"]
    await kept()
    await anonymous.post("/organisation", data={"organisation": str(elsewhere.id)})
    await kept()
    assert len(set(secrets)) == 5
    for old in secrets[:-1]:
        anonymous.cookies.set("session", old)
        assert (await anonymous.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(("url", "name", "secure"), [
    ("http://portal.test", "session", False), ("https://portal.test", "__Host-session", True),
])  # fmt: skip
async def test_no_script_and_no_other_site_has_the_cookie(anonymous, company, url, name, secure):
    with override(url=url):
        answer = await signs_in(anonymous, company.buyer)
    cookies = {each.partition("=")[0]: each for each in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {name, "csrf_token"}
    told = [part.strip().lower() for part in cookies[name].split(";")]
    assert {"httponly", "samesite=lax", "path=/"} <= set(told)
    assert all(("secure" in cookie.lower().split("; ")) == secure for cookie in cookies.values())
    assert not any(part.startswith("domain=") for part in told)


@pytest.mark.parametrize("target", ELSEWHERE)
async def test_no_way_in_leads_elsewhere(app, company, target):
    transport = door(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        sent: dict[str, Any] = {"email": company.buyer.email, "password": PASSWORD, "next": target}
        assert (await client.post("/sign-in", data=sent)).headers["location"] == "/"
        token = client.cookies["csrf_token"]
        for path in ("/sign-in/next", "/sign-in", "/proof"):
            led = (await client.get(path, params={"next": target})).headers["location"]
            assert led.startswith("/")
            assert "evil" not in led
        back = {"_csrf": token, "next": target}
        assert (await client.post("/preferences", data=back | {"theme": "dark"})).headers["location"] == "/"
        client.cookies.clear()
        for path in ("/sign-in", "/sign-in/company"):
            shown = unescape((await client.get(path, params={"next": target})).text)
            assert f'"{target}' not in shown


@pytest.fixture
async def elsewhere(portal, client_of, company):
    """A browser of the buyer's, with a session of its own, at another process of the portal."""
    known = await client_of(company.buyer)
    async with httpx.AsyncClient(base_url=portal.url, cookies={"session": known.cookies["session"]}) as there:
        yield there


async def refused_within_a_second(there: httpx.AsyncClient, path: str, *statuses: int) -> None:
    """What the other process still believes, it believes for a second at most: whoever asks later is refused."""
    began = sent = time.monotonic()
    while (answer := await there.get(path)).status_code == 200:
        assert sent - began < 1
        await asyncio.sleep(0.05)
        sent = time.monotonic()
    assert answer.status_code in statuses


async def test_a_session_that_is_ended_is_dead_within_a_second_in_another_process(client_of, company, elsewhere):
    here = await client_of(company.buyer)
    assert (await elsewhere.get("/api/v1/me")).status_code == 200
    other = next(row for row in (await here.get(SESSIONS)).json() if not row["current"])
    assert (await here.delete(f"{SESSIONS}/{other['key']}")).status_code == 204
    await refused_within_a_second(elsewhere, "/api/v1/me", 401)
    assert (await here.get("/api/v1/me")).status_code == 200


async def test_a_role_that_is_taken_away_is_gone_within_a_second_in_another_process(client_of, company, elsewhere):
    path = "/api/v1/purchase-orders?limit=1"
    assert (await elsewhere.get(path)).status_code == 200
    here = await client_of(company.administrator)
    answer = await here.put(f"/api/v1/members/{company.buyer.person_id}", json={"roles": ["supplier_manager"]})
    assert answer.status_code == 200
    await refused_within_a_second(elsewhere, path, 401, 403)
