"""Guessing passwords: few guesses for an account and address, and nobody is locked out by what strangers do."""

import asyncio
import itertools
from collections import Counter
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from portal.access import queries
from portal.access.commands import set_password
from portal.access.commands.attempts import know, origin_of
from portal.access.identify import client_address
from portal.platform.actor import Actor
from portal.platform.settings import override
from portal.platform.work import apart
from tests.harness.world import a_colleague, buying_company

RIGHT = "a long sentence of one's own"
SESSIONS = "/api/v1/sessions"


@pytest.fixture
async def company(connected):
    company = await buying_company()
    for person in (company.buyer, company.approver):
        await set_password(Actor.system(company.id), person.person, RIGHT)
    return company


@pytest.fixture
async def at(app):
    """`at("10.0.0.1")`: a client that signs in from there; its answer is the status."""
    clients = []

    def client(address: str) -> Any:
        clients.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app, client=(address, 1)), base_url="http://portal.test"
            )
        )

        async def sign_in(person: Actor | str, password: str = "wrong") -> int:
            email = person if isinstance(person, str) else person.email
            answer = await clients[-1].post(SESSIONS, json={"email": email, "password": password})
            return answer.status_code

        return sign_in

    yield client
    for each in clients:
        await each.aclose()


def address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


_numbers = itertools.count(1)


@pytest.fixture
def places():
    """Addresses that no other test uses."""
    return map(address, _numbers)


async def test_ninety_guesses_at_once_are_ten_guesses(at, company, places):
    here = at(next(places))
    await here(company.approver, RIGHT)
    statuses = await asyncio.gather(*(here(company.buyer) for _guess in range(90)))
    assert Counter(statuses) == {401: 10, 429: 80}
    assert await here(company.buyer, RIGHT) == 429


async def test_the_right_password_many_times_at_once_is_always_let_in(at, company, places):
    here = at(next(places))
    statuses = await asyncio.gather(*(here(company.buyer, RIGHT) for _time in range(30)))
    assert Counter(statuses) == {201: 30}


async def test_a_success_forgives_the_failures_before_it(at, company, places):
    here = at(next(places))
    for _round in range(3):
        assert {await here(company.buyer) for _guess in range(9)} == {401}
        assert await here(company.buyer, RIGHT) == 201


async def test_a_refusal_says_when_to_come_back(anonymous, company):
    body = {"email": company.buyer.email, "password": "wrong"}
    answers = [await anonymous.post(SESSIONS, json=body) for _guess in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "900"


async def test_strangers_cannot_lock_a_person_out(at, company, places):
    for _stranger in range(6):
        somewhere = at(next(places))
        for _guess in range(9):
            await somewhere(company.buyer)
    assert await at(next(places))(company.buyer, RIGHT) == 201


async def test_an_account_under_attack_gives_each_new_address_one_guess(at, company, places):
    for _stranger in range(6):
        somewhere = at(next(places))
        statuses = [await somewhere(company.buyer) for _guess in range(9)]
    newcomer = at(next(places))
    assert [await newcomer(company.buyer), await newcomer(company.buyer)] == [401, 429]
    assert statuses[-1] == 429


async def test_who_signed_in_here_before_does_not_suffer_for_the_neighbours(at, company, places):
    office = at(next(places))
    assert await office(company.buyer, RIGHT) == 201
    for number in range(100):
        await office(f"nobody.{number}@example.test")
    assert await office(company.approver, RIGHT) == 429
    assert await office(company.buyer, RIGHT) == 201


async def test_all_addresses_of_one_line_are_one_address(at, company):
    statuses = [await at(f"2001:db8:0:7::{number:x}")(company.buyer) for number in range(1, 13)]
    assert Counter(statuses) == {401: 10, 429: 2}
    assert await at("2001:db8:0:8::1")(company.buyer, RIGHT) == 201


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(written, counted):
    assert origin_of(written) == counted


async def guessed_all_day(superuser: Any, email: str) -> None:
    superuser.execute(
        "insert into sign_in_attempt (account, address, at, outcome) select sha256(convert_to(%s, 'utf8')), "
        "'192.0.2.' || n, now() - interval '3 hours', 'failed' from generate_series(1, 500) as n",
        [email],
    )


async def test_an_account_that_the_whole_world_guesses_at_opens_where_its_owner_was_before(
    at, company, places, superuser
):
    home, elsewhere = next(places), next(places)
    assert await at(home)(company.buyer, RIGHT) == 201
    await guessed_all_day(superuser, company.buyer.email)

    assert await at(elsewhere)(company.buyer) == 429
    assert await at(home)(company.buyer, RIGHT) == 201


async def test_its_owner_gets_in_from_a_new_place_by_a_link_to_their_mailbox(at, company, places, superuser):
    hotel = next(places)
    await guessed_all_day(superuser, company.buyer.email)
    assert await at(hotel)(company.buyer, RIGHT) == 429

    await know(company.buyer.email, hotel)

    assert await at(hotel)(company.buyer, RIGHT) == 201
    assert await at(next(places))(company.buyer, RIGHT) == 429


async def test_an_attempt_that_broke_off_does_not_count_for_long(at, company, places, superuser):
    place = next(places)
    here = at(place)
    assert await here(company.buyer) == 401
    superuser.execute(
        "insert into sign_in_attempt (account, address, at) select account, address, now() - interval '31 seconds' "
        "from sign_in_attempt, generate_series(1, 10) where address = %s",
        [place],
    )
    assert await here(company.buyer, RIGHT) == 201


@pytest.mark.parametrize(
    ("direct", "forwarded", "believed"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.1.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.1.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.1.0.1", "1.2.3.4, 198.51.100.1, 10.1.0.9", "198.51.100.1"),
        ("10.1.0.1", "198.51.100.1, not an address", "10.1.0.1"),
        ("10.1.0.1", "", "10.1.0.1"),
        ("10.1.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_an_address_is_what_our_own_proxies_say_and_never_what_a_client_says(connected, direct, forwarded, believed):
    scope = {"client": (direct, 1)}
    headers = {b"x-forwarded-for": forwarded.encode(), b"x-real-ip": b"9.9.9.9", b"forwarded": b"for=9.9.9.9"}
    with override(trusted_proxies=(ip_network("10.1.0.0/16"),)):
        assert client_address(scope, headers) == believed
    assert client_address(scope, headers) == direct


async def test_a_header_makes_nobody_another_guesser(app, company, places):
    here = next(places)
    transport = httpx.ASGITransport(app=app, client=(here, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        body = {"email": company.buyer.email, "password": "wrong"}
        statuses = [
            (await client.post(SESSIONS, json=body, headers={"x-forwarded-for": f"198.51.100.{number}"})).status_code
            for number in range(11)
        ]
    assert statuses == [401] * 10 + [429]


async def signed_in(client: httpx.AsyncClient, person: Actor, password: str = RIGHT) -> httpx.AsyncClient:
    answer = await client.post(SESSIONS, json={"email": person.email, "password": password})
    assert answer.status_code == 201
    client.headers["x-csrf-token"] = answer.json()["csrf_token"]
    return client


async def status(client: httpx.AsyncClient) -> int:
    return (await client.get("/api/v1/me")).status_code


async def test_a_new_password_ends_the_other_sessions_at_once(anonymous, client_of, company, superuser):
    here, there = await signed_in(anonymous, company.buyer), await client_of(company.buyer)
    assert [await status(here), await status(there)] == [200, 200]
    token = here.cookies["session"]
    identity = await queries.identity_of_session(token)
    assert identity is not None

    await set_password(identity.actor, company.buyer.person, "another long sentence")

    assert [await status(here), await status(there)] == [200, 401]
    left = superuser.execute("select count(*) from session where person_id = %s", [company.buyer.person]).fetchone()
    assert left == (1,)


async def test_a_password_that_somebody_else_sets_ends_all_sessions(client_of, company):
    colleague = await a_colleague(company, "buyer")
    sessions = [await client_of(colleague), await client_of(colleague)]
    assert [await status(session) for session in sessions] == [200, 200]
    await set_password(Actor.system(company.id), colleague.person, RIGHT)
    assert [await status(session) for session in sessions] == [401, 401]


async def test_nobody_elses_sessions_end(client_of, company):
    stranger = await client_of((await buying_company()).buyer)
    colleague = await client_of(company.approver)
    await set_password(Actor.system(company.id), company.buyer.person, RIGHT)
    assert [await status(stranger), await status(colleague)] == [200, 200]


async def test_known_and_unknown_accounts_are_the_same_work(at, company, places, counted, monkeypatch):
    """A guess at an account costs as many statements as one at nobody's, and each hashes once. Its entry in the log is
    written well after the answer, where it tells nothing."""
    here = at(next(places))
    await here(company.approver)
    await apart.settled()
    monkeypatch.setattr(apart, "PAUSE", 1.0)
    work = {}
    for kind, email in {"known": company.buyer.email, "unknown": "nobody@example.test"}.items():
        with counted() as statements:
            assert await here(email) == 401
        work[kind] = [statement.split("(")[0] for statement in statements]
    assert work["known"] == work["unknown"]
    await apart.settled()
