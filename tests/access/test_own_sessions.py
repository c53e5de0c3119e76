"""Sessions: where one is signed in, how long they last, and who ends them."""

import pytest

from portal.access.commands import admit, create_api_key, set_security
from portal.access.forms import Admission, SecurityForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from tests.harness.identity import PASSWORD, SESSIONS, signs_in, with_password
from tests.harness.pages import Reader
from tests.harness.world import buying_company


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await with_password(company.buyer)
    return company


async def status(client) -> int:
    return (await client.get("/api/v1/me")).status_code


async def test_one_sees_ones_own_sessions_and_ends_any(client_of, company):
    here, there = await client_of(company.buyer), await client_of(company.buyer)
    await client_of(company.approver)
    listed = (await here.get(SESSIONS)).json()
    assert [row["current"] for row in listed].count(True) == 1
    assert len(listed) == 2
    other = next(row for row in listed if not row["current"])
    assert (await here.delete(f"{SESSIONS}/{other['key']}")).status_code == 204
    assert [await status(here), await status(there)] == [200, 401]
    assert (await here.delete(f"{SESSIONS}/no-key")).status_code == 404


async def test_one_ends_all_but_this(client_of, company):
    here, there = await client_of(company.buyer), await client_of(company.buyer)
    assert (await here.post(f"{SESSIONS}/end-others", json={})).status_code == 200
    assert [await status(here), await status(there)] == [200, 401]
    reader = Reader(here)
    page = await reader.send(await reader.open("/profile"), "/profile/sessions/end-others")
    assert "signed in here alone" in page.text


async def test_an_administrator_ends_what_a_member_does_here_and_nothing_else(client_of, company, superuser):
    elsewhere = await buying_company()
    form = convert(Admission, {"email": company.buyer.email, "roles": ["buyer"]})
    await admit(Actor.system(elsewhere.id), form)
    here = await client_of(company.buyer)
    there = await client_of(company.buyer.__class__(**_as(company.buyer, elsewhere)))
    keys = [await create_api_key(person, ["*"], "nightly") for person in (company.buyer, company.approver)]
    administrator = await client_of(company.administrator)
    answer = await administrator.post(f"/api/v1/members/{company.buyer.person}/sign-out", json={})
    assert answer.status_code == 200
    assert [await status(here), await status(there)] == [401, 200]
    told = superuser.execute(
        "select event from audit_entry where owner_id = %s order by id desc limit 2", [company.id]
    ).fetchall()
    assert {event for (event,) in told} == {"session.all-ended", "api-key.revoked"}
    there.cookies.clear()
    bearers = [{"authorization": f"Bearer {key}"} for key in keys]
    assert [(await there.get("/api/v1/me", headers=each)).status_code for each in bearers] == [401, 200]
    stranger = await client_of((await buying_company()).administrator)
    assert (await stranger.post(f"/api/v1/members/{company.buyer.person}/sign-out", json={})).status_code == 404
    assert (await (await client_of(company.approver)).post(
        f"/api/v1/members/{company.buyer.person}/sign-out", json={}
    )).status_code == 403  # fmt: skip


def _as(person: Actor, company) -> dict:
    import msgspec

    return msgspec.structs.asdict(person) | {"organisation_id": company.id, "organisation_name": company.name}


async def test_a_session_ends_when_nobody_uses_it_and_when_its_time_is_over(
    client_of, company, superuser, a_second_later
):
    await set_security(
        company.administrator,
        convert(SecurityForm, {"second_factor": "own", "session_idle_minutes": 5, "session_hours": 1}),
    )
    idle, old = await client_of(company.buyer), await client_of(company.buyer)
    (longest,) = superuser.execute(
        "select max(expires_at - created_at) from session where person_id = %s", [company.buyer.person]
    ).fetchone()
    assert longest.total_seconds() == pytest.approx(3600, abs=2)
    superuser.execute(
        "update session set seen_at = now() - interval '6 minutes' where token_hash = sha256(%s::bytea)",
        [idle.cookies["session"].encode()],
    )
    superuser.execute(
        "update session set expires_at = now() where token_hash = sha256(%s::bytea)", [old.cookies["session"].encode()]
    )
    a_second_later()
    assert [await status(idle), await status(old)] == [401, 401]


async def test_going_to_and_fro_between_companies_prolongs_nothing(client_of, company, superuser):
    elsewhere = await buying_company()
    await admit(Actor.system(elsewhere.id), convert(Admission, {"email": company.buyer.email, "roles": ["buyer"]}))
    client = await client_of(company.buyer)
    superuser.execute(
        "update session set expires_at = now() + interval '5 minutes' where person_id = %s", [company.buyer.person]
    )
    fields = {"organisation": str(elsewhere.id), "_csrf": client.headers["x-csrf-token"]}
    assert (await client.post("/organisation", data=fields)).status_code == 303
    (left,) = superuser.execute(
        "select max(expires_at) - now() from session where person_id = %s", [company.buyer.person]
    ).fetchone()
    assert left.total_seconds() <= 300


async def test_a_changed_password_gives_the_session_a_new_secret_and_ends_the_others(anonymous, client_of, company):
    other = await client_of(company.buyer)
    await signs_in(anonymous, company.buyer)
    before = anonymous.cookies["session"]
    body = {"password": PASSWORD, "new_password": "another long sentence of mine"}
    assert (await anonymous.post("/api/v1/me/password", json=body | {"password": "wrong"})).status_code == 422
    changed = await anonymous.post("/api/v1/me/password", json=body)
    assert changed.status_code == 200
    assert anonymous.cookies["session"] != before
    assert [await status(anonymous), await status(other)] == [200, 401]
