"""Passkeys: both factors at once, for this site alone, and no answer is taken twice."""

import copy

import httpx
import pytest

from portal.access.commands import set_security
from portal.access.forms import SecurityForm
from portal.platform.convert import convert
from tests.harness.authenticator import SecurityKey
from tests.harness.banks import proved
from tests.harness.identity import PASSWORD, SESSIONS, sets_up_an_app, signs_in, with_password
from tests.harness.places import door
from tests.harness.world import buying_company

OPTIONS, KEYS, IN = "/api/v1/passkeys/options", "/api/v1/me/passkeys", f"{SESSIONS}/passkey"


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await with_password(company.buyer, company.approver)
    return company


async def made(client, key: SecurityKey, password: str | None = PASSWORD):
    """Keep a passkey of this key; gives the answer."""
    begun = await client.post(f"{KEYS}/options", json={"password": password} if password else {})
    if begun.status_code != 201:
        return begun
    answer = await client.post(KEYS, json={"name": "Phone", "credential": key.make(begun.json()["options"])})
    if answer.status_code == 201:
        client.headers["x-csrf-token"] = answer.json()["csrf_token"]
    return answer


async def shown(client, key: SecurityKey, path: str = IN):
    """Ask for a passkey and answer with this one."""
    options = (await client.post(OPTIONS, json={})).json()["options"]
    return await client.post(path, json={"credential": key.answer(options)})


def browser(app):
    return httpx.AsyncClient(transport=door(app), base_url="http://portal.test")


async def test_a_passkey_alone_opens_a_session_that_has_proved_a_second_factor(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    before, key = anonymous.cookies["session"], SecurityKey()
    answer = await made(anonymous, key)
    assert len(answer.json()["recovery_codes"]) == 10
    assert anonymous.cookies["session"] != before

    client = browser(app)
    opened = await shown(client, key)
    assert opened.status_code == 201, opened.text
    assert (opened.json()["user"]["email"], opened.json()["pending"]) == (company.buyer.email, [])
    client.headers["x-csrf-token"] = opened.json()["csrf_token"]
    assert (await client.post("/api/v1/me/recovery-codes", json={})).status_code == 201
    listed = (await client.get(SESSIONS)).json()
    assert {row["how"] for row in listed} == {"password", "passkey"}


async def test_after_a_password_a_passkey_is_the_second_factor(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    key = SecurityKey()
    await made(anonymous, key)
    client = browser(app)
    assert (await signs_in(client, company.buyer)).json()["needs"] == "code"
    sent = {"email": company.buyer.email, "password": PASSWORD}
    half = await client.post("/sign-in", data=sent)
    assert half.headers["location"] == "/sign-in/next?next=/"
    client.headers["x-csrf-token"] = client.cookies["csrf_token"]
    proved = await shown(client, key, f"{SESSIONS}/current/passkey-proof")
    assert (proved.status_code, proved.json()["pending"]) == (200, [])
    assert (await client.get("/api/v1/purchase-orders")).status_code == 200


async def test_an_answer_is_taken_once_and_a_copied_key_is_noticed(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    key = SecurityKey()
    await made(anonymous, key)
    client = browser(app)
    options = (await client.post(OPTIONS, json={})).json()["options"]
    answer = key.answer(options)
    assert (await client.post(IN, json={"credential": answer})).status_code == 201
    client.cookies.clear()
    assert (await client.post(IN, json={"credential": answer})).status_code == 401
    copied = copy.copy(key)
    assert (await shown(client, key)).status_code == 201
    client.cookies.clear()
    assert (await shown(client, copied)).status_code == 401


@pytest.mark.parametrize("wrong", ["site", "unverified", "stranger", "nonsense"])
async def test_a_passkey_of_another_site_or_nobody_opens_nothing(app, anonymous, company, wrong):
    await signs_in(anonymous, company.buyer)
    key = SecurityKey()
    await made(anonymous, key)
    if wrong == "site":
        key.origin = "http://evil.test"
    elif wrong == "unverified":
        key.flags = 0x01
    elif wrong == "stranger":
        key.id = SecurityKey().id
    client = browser(app)
    if wrong == "nonsense":
        for text in ("{}", "[]", "null", "x", '{"id": 7, "response": {"clientDataJSON": 1}}'):
            assert (await client.post(IN, json={"credential": text})).status_code == 401, text
    else:
        assert (await shown(client, key)).status_code == 401


async def test_somebody_elses_passkey_proves_nothing_in_my_session(app, anonymous, company):
    await signs_in(anonymous, company.approver)
    theirs = SecurityKey()
    await made(anonymous, theirs)
    client = browser(app)
    await signs_in(client, company.buyer)
    assert (await shown(client, theirs, f"{SESSIONS}/current/passkey-proof")).status_code == 422


async def test_a_further_factor_takes_a_proof_of_one_there_is(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    assert (await made(anonymous, SecurityKey(), "not the right sentence")).status_code == 422
    await made(anonymous, SecurityKey())
    half = browser(app)
    await half.post("/sign-in", data={"email": company.buyer.email, "password": PASSWORD})
    half.headers["x-csrf-token"] = half.cookies["csrf_token"]
    assert (await made(half, SecurityKey())).json()["needs"] == "proof"
    assert (await half.post("/api/v1/me/second-factor", json={"password": PASSWORD})).json()["needs"] == "proof"
    assert (await made(anonymous, SecurityKey(), None)).status_code == 201
    await sets_up_an_app(anonymous)


async def test_a_passkey_is_removed_by_whoever_proves_a_factor(anonymous, client_of, company):
    await signs_in(anonymous, company.buyer)
    key = SecurityKey()
    await made(anonymous, key)
    (held,) = (await anonymous.get("/api/v1/me/second-factor")).json()["passkeys"]
    other = await client_of(company.approver)
    assert (await other.delete(f"{KEYS}/{held['id']}")).status_code == 403
    assert (await anonymous.get("/api/v1/me/second-factor")).json()["recovery_codes"] == 10
    assert (await anonymous.delete(f"{KEYS}/{held['id']}")).status_code == 204
    assert (await anonymous.get("/api/v1/me/second-factor")).json()["recovery_codes"] == 0
    assert (await shown(anonymous, key)).status_code == 401


async def test_a_company_that_asks_everybody_is_content_with_a_passkey(app, anonymous, company):
    await set_security(proved(company.administrator), convert(SecurityForm, {"second_factor": "everybody"}))
    assert (await signs_in(anonymous, company.buyer)).json()["pending"] == ["set-up"]
    await made(anonymous, SecurityKey())
    assert (await anonymous.get("/api/v1/purchase-orders")).status_code == 200


async def test_whoever_has_passkeys_alone_is_asked_for_one_and_for_no_apps_code(app, anonymous, client_of, company):
    await signs_in(anonymous, company.buyer)
    await made(anonymous, SecurityKey())
    half = browser(app)
    await half.post("/sign-in", data={"email": company.buyer.email, "password": PASSWORD})
    for asked in ((await half.get("/sign-in/next")).text, (await anonymous.get("/proof")).text):
        assert "Use your passkey, or enter one of your recovery codes." in asked
        assert "Recovery code" in asked
        assert "authenticator app" not in asked
    wrong = await anonymous.post("/proof", data={"code": "000000", "_csrf": anonymous.headers["x-csrf-token"]})
    assert wrong.status_code == 422
    assert ">Recovery code:" in "".join(wrong.text.split("\n"))

    other = await client_of(company.approver)
    await sets_up_an_app(other)
    asked = (await other.get("/proof")).text
    assert "authenticator app shows" in asked
    assert "passkey" not in asked.split("<main", 1)[1].split("</main", 1)[0].replace("passkeys.js", "")


async def test_an_answer_counts_in_the_browser_that_asked_and_in_no_other(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    key = SecurityKey()
    await made(anonymous, key)
    here, elsewhere = browser(app), browser(app)
    for asker, bearer, status in ((here, elsewhere, 401), (here, here, 201)):
        await bearer.post(OPTIONS, json={})
        credential = key.answer((await asker.post(OPTIONS, json={})).json()["options"])
        assert (await bearer.post(IN, json={"credential": credential})).status_code == status


async def test_two_tabs_of_one_browser_may_ask_at_once(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    key = SecurityKey()
    await made(anonymous, key)
    client = browser(app)
    first, _second = [(await client.post(OPTIONS, json={})).json()["options"] for _tab in range(2)]
    assert (await client.post(IN, json={"credential": key.answer(first)})).status_code == 201
