"""No sequence of calls raises one's own rights: a walk at random through all that gives rights ends with no more."""

import random
from typing import Any

import httpx
import psycopg
import pytest

from portal.platform.actor import Actor
from tests.harness.world import BUYING, SELLING, Organised, a_colleague, trading_pair

STEPS = 120
_HELD = """
select organisation_id::text, to_jsonb(m) - 'version' from membership m where person_id = %s and active
"""


def held(superuser: psycopg.Connection, person: Actor) -> dict[str, Any]:
    """Each membership of a person that is in force, as its row says it."""
    return dict(superuser.execute(_HELD, [person.person_id]).fetchall())


def moves(company: Organised, other: Organised, me: Actor, known: list[str], dice: random.Random) -> list[Any]:
    """What somebody may try for themselves, with ids that earlier answers gave."""
    mine, theirs = str(me.person_id), str(dice.choice(list(company.people.values())).person_id)
    found = dice.choice(known) if known else mine
    most = {"roles": [*BUYING], "unlimited": True}
    some = {"roles": [dice.choice([*BUYING, *SELLING])], "limit": "9000000", "limit_30_days": "90000000"}
    less = {"roles": [dice.choice(sorted(me.roles))]}
    return [
        *(("PUT", f"/members/{mine}", rights) for rights in (most, some, less)),
        ("PUT", f"/members/{theirs}", some),
        ("POST", f"/members/{mine}/reinstate", {}),
        *(("POST", "/invitations", {"email": me.email} | rights) for rights in (most, some)),
        ("POST", f"/invitations/{found}/send-again", {}),
        ("POST", f"/settings/approval-limit/{mine}/proposals", {"limit": "9000000", "reason": "I need it."}),
        *(("POST", f"/setting-versions/{found}/{verb}", {"reason": "As agreed."}) for verb in ("approve", "withdraw")),
        ("POST", "/api-keys", {"name": "Mine", "roles": [*BUYING], "permissions": ["purchase-orders:approve"]}),
        ("POST", "/engagements", {"title": "Mine", "email": me.email, "owner_id": mine, "until": "2199-01-01"}),
        ("POST", f"/suppliers/{other.id}/invitations", {"email": me.email, "roles": ["account_manager"]}),
        ("PUT", "/security", {"second_factor": "nobody"}),
        ("POST", "/sessions/current/organisation", {"organisation_id": str(other.id)}),
    ]


def ids_in(answer: httpx.Response) -> list[str]:
    """Ids that an answer gave, for the next steps to try."""
    told: Any = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return [str(told[name]) for name in ("id", "waiting_id") if isinstance(told, dict) and told.get(name)]


@pytest.mark.parametrize("role", ["administrator", "buyer", "approver", "auditor", "all of them"])
async def test_whoever_walks_at_random_ends_with_no_more_rights(client_of, superuser, role):
    company, other = await trading_pair()
    roles = BUYING if role == "all of them" else (role,)
    me = await a_colleague(company, *roles)
    before = held(superuser, me)
    seed = random.randrange(10**9)
    dice, known, tried = random.Random(seed), list[str](), set[int]()
    client = await client_of(me)
    for _step in range(STEPS):
        method, path, body = dice.choice(moves(company, other, me, known, dice))
        answer = await client.request(method, f"/api/v1{path}", json=body)
        tried.add(answer.status_code)
        known += ids_in(answer)
        if answer.status_code == 401:
            client = await client_of(me)
    after = held(superuser, me)

    assert {name: row for name, row in after.items() if row != before.get(name)} == {}, seed
    assert 403 in tried, seed
    assert max(tried) < 500, seed
