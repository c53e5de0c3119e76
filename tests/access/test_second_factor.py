"""A second factor: asked for as the company says, proved again for some acts, and never known to anybody else."""

import asyncio

import httpx
import pytest

from portal.access.commands import remove_factors, set_security
from portal.access.forms import SecurityForm
from portal.access.guards import ProofNeeded, require_proof
from portal.access.queries import identity_of_session
from portal.platform.actor import Actor
from portal.platform.convert import convert
from tests.harness.banks import proved
from tests.harness.identity import PASSWORD, SESSIONS, sets_up_an_app, signs_in, with_password
from tests.harness.places import door
from tests.harness.world import buying_company


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await with_password(company.buyer, company.approver, company.administrator)
    return company


async def asks(company, policy: str, *roles: str, **lasting: int) -> None:
    form = convert(SecurityForm, {"second_factor": policy, "second_factor_roles": list(roles)} | lasting)
    await set_security(proved(company.administrator), form)


async def another(app, person: Actor, code: str | None = None):
    """The same person at another browser; gives the answer of signing in and the client."""
    client = httpx.AsyncClient(transport=door(app), base_url="http://portal.test")
    return await signs_in(client, person, code), client


async def test_whoever_set_one_up_is_asked_for_it_from_then_on(app, anonymous, company):
    assert (await signs_in(anonymous, company.buyer)).status_code == 201
    phone = await sets_up_an_app(anonymous)

    without, _client = await another(app, company.buyer)
    assert (without.status_code, without.json()["needs"]) == (401, "code")
    wrong, _client = await another(app, company.buyer, "000000")
    assert wrong.status_code == 401
    right, client = await another(app, company.buyer, phone.code())
    assert right.status_code == 201
    assert right.json()["pending"] == []
    assert (await client.get("/api/v1/me")).json()["roles"] == ["buyer"]


async def test_a_code_is_taken_once(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)
    code = phone.code()
    assert (await another(app, company.buyer, code))[0].status_code == 201
    assert (await another(app, company.buyer, code))[0].status_code == 401


async def test_twenty_at_once_with_the_same_code_are_one(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)
    recovery = phone.codes[0]
    answers = await asyncio.gather(*(another(app, company.buyer, recovery) for _time in range(8)))
    assert sorted(answer.status_code for answer, _client in answers) == [201] + [401] * 7


async def test_a_recovery_code_is_taken_once_however_it_is_typed(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)
    assert len(set(phone.codes)) == 10
    typed = phone.codes[3].lower().replace("-", " ")
    assert (await another(app, company.buyer, typed))[0].status_code == 201
    assert (await another(app, company.buyer, phone.codes[3]))[0].status_code == 401
    assert (await anonymous.get("/api/v1/me/second-factor")).json()["recovery_codes"] == 9


async def test_codes_cannot_be_guessed_by_starting_over_with_the_password(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    await sets_up_an_app(anonymous)
    statuses = []
    for _round in range(12):
        statuses.append((await another(app, company.buyer, "123456"))[0].status_code)
        await another(app, company.buyer)  # the password alone: right, and forgives nothing
    assert statuses == [401] * 10 + [429] * 2


@pytest.mark.parametrize(("policy", "roles", "buyer"), [("everybody", (), True), ("roles", ("approver",), False)])
async def test_a_company_asks_everybody_or_some_roles_for_one(app, company, policy, roles, buyer):
    await asks(company, policy, *roles)
    for person, asked in ((company.buyer, buyer), (company.approver, True)):
        answer, client = await another(app, person)
        assert answer.status_code == 201
        assert answer.json()["pending"] == (["set-up"] if asked else [])
        orders = await client.get("/api/v1/purchase-orders")
        assert orders.status_code == (403 if asked else 200)
        if asked:
            assert orders.json()["needs"] == "set-up"
            await sets_up_an_app(client)
            assert (await client.get("/api/v1/purchase-orders")).status_code == 200


@pytest.mark.parametrize(("policy", "roles"), [("own", ()), ("roles", ("approver",))])
async def test_who_set_one_up_is_asked_for_it_whatever_others_are_asked(app, anonymous, company, policy, roles):
    await asks(company, policy, *roles)
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)

    answer, _client = await another(app, company.buyer)
    assert (answer.status_code, answer.json()["needs"]) == (401, "code")
    assert (await another(app, company.buyer, phone.code()))[0].status_code == 201


async def test_a_right_password_forgets_no_guess_at_a_code(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)

    statuses = []
    for number in range(12):
        await another(app, company.buyer)
        statuses.append((await another(app, company.buyer, f"00000{number % 10}"))[0].status_code)

    assert statuses[:10] == [401] * 10
    assert statuses[10:] == [429, 429]
    assert (await another(app, company.buyer, phone.code()))[0].status_code == 429


async def test_guesses_within_a_session_and_at_sign_in_are_counted_together(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    await sets_up_an_app(anonymous)
    for _guess in range(6):
        assert (await anonymous.post(f"{SESSIONS}/current/proof", json={"code": "000000"})).status_code == 422
    at_sign_in = [(await another(app, company.buyer, "000000"))[0].status_code for _guess in range(5)]
    assert at_sign_in == [401] * 4 + [429]
    assert (await anonymous.post(f"{SESSIONS}/current/proof", json={"code": "000000"})).status_code == 429


async def test_on_pages_the_code_is_asked_after_the_password_and_opens_the_way(app, anonymous, company):
    from tests.harness.pages import Reader

    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)
    anonymous.cookies.clear()
    anonymous.headers.pop("x-csrf-token")
    sent = {"email": company.buyer.email, "password": PASSWORD, "next": "/orders"}
    half = await anonymous.post("/sign-in", data=sent)
    assert half.headers["location"] == "/sign-in/next?next=/orders"
    token = anonymous.cookies["session"]
    assert (await anonymous.get("/orders")).headers["location"].startswith("/sign-in/next")

    reader = Reader(anonymous)
    page = await reader.open("/sign-in/next?next=/orders")
    assert (await reader.send(page, "/sign-in/code", code="000000")).status == 422
    orders = await reader.send(page, "/sign-in/code", code=phone.code())
    assert orders.status == 200
    assert "Orders" in orders.text
    assert anonymous.cookies["session"] != token
    assert await identity_of_session(token) is None


async def test_an_act_that_takes_a_proof_says_what_to_do_and_is_done_afterwards(
    app, anonymous, company, superuser, a_second_later
):
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)
    answer, client = await another(app, company.buyer, phone.codes[1])
    superuser.execute(
        "update session set proved_at = proved_at - interval '11 minutes' where person_id = %s", [company.buyer.person]
    )
    a_second_later()
    before = client.cookies["session"]

    refused = await client.post("/api/v1/me/recovery-codes", json={})
    assert (refused.status_code, refused.json()["needs"]) == (403, "proof")
    assert (await client.post(f"{SESSIONS}/current/proof", json={"code": "000000"})).status_code == 422
    proved = await client.post(f"{SESSIONS}/current/proof", json={"code": phone.code()})
    assert proved.status_code == 200
    assert client.cookies["session"] != before
    client.headers["x-csrf-token"] = proved.json()["csrf_token"]
    made = await client.post("/api/v1/me/recovery-codes", json={})
    assert made.status_code == 201
    assert set(made.json()["recovery_codes"]).isdisjoint(phone.codes)
    assert (await another(app, company.buyer, phone.codes[0]))[0].status_code == 401
    assert answer.json()["csrf_token"] != proved.json()["csrf_token"]


async def test_a_proof_lasts_ten_minutes(anonymous, company, superuser, a_second_later):
    await signs_in(anonymous, company.buyer)
    await sets_up_an_app(anonymous)
    assert (await anonymous.post("/api/v1/me/recovery-codes", json={})).status_code == 201
    superuser.execute(
        "update session set proved_at = proved_at - interval '11 minutes' where person_id = %s", [company.buyer.person]
    )
    a_second_later()
    assert (await anonymous.post("/api/v1/me/recovery-codes", json={})).json()["needs"] == "proof"


async def test_a_key_for_programs_proves_nothing(anonymous, company):
    from portal.access.commands import create_api_key

    anonymous.headers["authorization"] = f"Bearer {await create_api_key(company.buyer, ['*'])}"
    refused = await anonymous.post("/api/v1/me/recovery-codes", json={})
    assert (refused.status_code, refused.json()["needs"]) == (403, "session")
    assert (await anonymous.post("/api/v1/me/second-factor", json={"password": PASSWORD})).status_code == 403
    with pytest.raises(ProofNeeded):
        require_proof(company.buyer)


async def test_setting_one_up_takes_the_present_password(client_of, company):
    client = await client_of(company.buyer)
    for body in ({"password": "not the right sentence"}, {}):
        answer = await client.post("/api/v1/me/second-factor", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "password"


HOLDING = ("audit_entry", "audit_private", "dramatiq.queue", "totp", "recovery_code", "idempotency_key", "session")


async def test_the_secret_is_in_no_log_and_only_sealed_in_the_database(anonymous, company, superuser):
    await signs_in(anonymous, company.buyer)
    phone = await sets_up_an_app(anonymous)
    for table in (
        "audit_entry",
        "audit_private",
        "dramatiq.queue",
        "totp",
        "recovery_code",
        "idempotency_key",
        "session",
    ):
        rows = superuser.execute(f"select t::text from {table} t".encode()).fetchall()
        held = " ".join(row[0] for row in rows)
        for secret in (phone.secret, phone.secret.encode().hex(), phone.codes[0], phone.codes[0].replace("-", "")):
            assert secret not in held, table
    sealed = superuser.execute("select sealed from totp where person_id = %s", [company.buyer.person]).fetchone()
    assert len(sealed[0]) > 12 + 16


async def test_who_lost_telephone_and_codes_is_helped_by_the_operator_alone(app, anonymous, company):
    await signs_in(anonymous, company.buyer)
    await sets_up_an_app(anonymous)
    await remove_factors(Actor.system(company.id), company.buyer.person)
    assert (await anonymous.get("/api/v1/me")).status_code == 401
    assert (await another(app, company.buyer))[0].status_code == 201


async def test_a_policy_that_asks_for_more_holds_for_open_sessions(client_of, company, a_second_later):
    client = await client_of(company.buyer)
    assert (await client.get("/api/v1/purchase-orders")).status_code == 200
    await asks(company, "everybody")
    a_second_later()
    assert (await client.get("/api/v1/purchase-orders")).json()["needs"] == "set-up"


async def test_who_changes_whom_a_second_factor_is_asked_from_proves_one(client_of, company):
    client = await client_of(company.administrator)
    hours = {"second_factor": "own", "session_hours": 10}
    assert (await client.put("/api/v1/security", json=hours)).status_code == 200
    refused = await client.put("/api/v1/security", json=hours | {"second_factor": "everybody"})
    assert (refused.status_code, refused.json()["needs"]) == (403, "set-up")
    await sets_up_an_app(client)
    assert (await client.put("/api/v1/security", json=hours | {"second_factor": "everybody"})).status_code == 200
