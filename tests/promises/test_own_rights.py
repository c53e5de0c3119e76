"""No sequence of calls raises one's own rights: a walk at random through all that gives rights ends with no more."""

import random
from typing import Any, NamedTuple

import psycopg
import pytest

from portal.platform.actor import Actor
from tests.harness.bodies import body_of
from tests.harness.world import BUYING, Organised, a_colleague, trading_pair

STEPS = 120
WHY = {"reason": "I need it."}
_HELD = """
select organisation_id::text, to_jsonb(m) - 'version' from membership m where person_id = %s and active
"""


def held(superuser: psycopg.Connection, person: Actor) -> dict[str, Any]:
    """Each membership of a person that is in force, as its row says it."""
    return dict(superuser.execute(_HELD, [person.person_id]).fetchall())


class Move(NamedTuple):
    """One thing to try. `blind`: with an id that earlier answers gave, of whatever record, or for a role at random."""

    method: str
    path: str
    body: dict[str, Any]
    blind: bool = False


def moves(company: Organised, other: Organised, me: Actor, known: list[str], dice: random.Random) -> list[Move]:
    """What somebody may try for themselves: each well-formed, so that it is refused for what it is."""
    return [
        *_of_members(company, me, known, dice),
        *_of_settings(company, me, known, dice),
        *_of_emergencies(me, known, dice),
        *_of_reviews(me, known, dice),
        Move("POST", "/api-keys", {"name": "Mine", "scopes": ["*"]}),
        Move("POST", "/engagements", body_of("openEngagement", {"owner_id": me.person}) | {"email": me.email}),
        Move("POST", f"/suppliers/{other.id}/invitations", {"email": me.email}),
        Move("PUT", "/security", {"second_factor": "own", "session_hours": 12}),
        Move("POST", f"/members/{_somebody(company, dice)}/see-as", {"minutes": 5} | WHY),
    ]


def _of_members(company: Organised, me: Actor, known: list[str], dice: random.Random) -> list[Move]:
    own = [role for role in BUYING if role != "auditor"]  # which goes with no other
    most = {"roles": own, "unlimited": True, "limit_currency": "EUR"}
    some = {"roles": [dice.choice(own)], "limit": "9000000", "limit_30_days": "90000000", "limit_currency": "EUR"}
    less = {"roles": [dice.choice(sorted(me.roles - {"anyone"}))]}
    return [
        *(Move("PUT", f"/members/{me.person}", rights) for rights in (most, some, less)),
        Move("PUT", f"/members/{_somebody(company, dice)}", some),
        Move("POST", f"/members/{me.person}/reinstate", {}),
        *(Move("POST", "/invitations", {"email": me.email} | rights) for rights in (most, some)),
        Move("POST", f"/invitations/{_found(known, me, dice)}/send-again", {}, blind=True),
    ]


def _of_settings(company: Organised, me: Actor, known: list[str], dice: random.Random) -> list[Move]:
    wider = body_of("proposeTolerances", {}) | WHY
    return [
        Move("POST", f"/settings/company-tolerances/{company.id}/proposals", wider),
        *(
            Move("POST", f"/setting-versions/{_found(known, me, dice)}/{verb}", dict(WHY), blind=True)
            for verb in ("approve", "withdraw")
        ),
    ]


def _of_emergencies(me: Actor, known: list[str], dice: random.Random) -> list[Move]:
    wanted = {"roles": [dice.choice(sorted({*BUYING} - {"auditor"} - me.roles) or ["buyer"])], "minutes": 30}
    return [
        Move("POST", "/emergency-access", wanted | WHY),
        *(
            Move("POST", f"/emergency-access/{_found(known, me, dice)}/{verb}", dict(WHY), blind=True)
            for verb in ("grant", "end", "review")
        ),
    ]


def _of_reviews(me: Actor, known: list[str], dice: random.Random) -> list[Move]:
    at = _found(known, me, dice)
    return [
        Move("POST", "/access-reviews", {}),
        Move("PUT", f"/role-owners/{dice.choice(BUYING)}", {"owners": [str(me.person)]}, blind=True),
        Move("POST", f"/access-reviews/roles/{at}/decide", {"decision": "keep"} | WHY, blind=True),
        Move("POST", f"/access-reviews/{at}/keep-all", {}, blind=True),
        Move("GET", f"/access-reviews/{at}", {}, blind=True),
    ]


def _somebody(company: Organised, dice: random.Random) -> Any:
    return dice.choice(list(company.people.values())).person


def _found(known: list[str], me: Actor, dice: random.Random) -> str:
    return dice.choice(known) if known else str(me.person)


def ids_in(told: Any) -> list[str]:
    """Ids that an answer gave, wherever they stand in it, for the next steps to try."""
    if isinstance(told, list):
        return [found for each in told for found in ids_in(each)]
    if not isinstance(told, dict):
        return []
    own = [str(told[name]) for name in ("id", "waiting_id") if told.get(name)]
    return own + [found for each in told.values() for found in ids_in(each)]


@pytest.mark.parametrize("role", ["administrator", "buyer", "approver", "auditor", "all of them"])
async def test_whoever_walks_at_random_ends_with_no_more_rights(client_of, superuser, role):
    company, other = await trading_pair()
    me = await a_colleague(company, *(BUYING if role == "all of them" else (role,)))
    before, seed = held(superuser, me), random.randrange(10**9)
    dice, known, tried = random.Random(seed), list[str](), list[tuple[Move, int]]()
    client = await client_of(me)
    for step in range(STEPS):
        found = moves(company, other, me, known, dice)
        move = found[step] if step < len(found) else dice.choice(found)
        answer = await client.request(move.method, f"/api/v1{move.path}", json=move.body)
        tried.append((move, answer.status_code))
        known = (known + ids_in(answer.json() if "json" in answer.headers.get("content-type", "") else {}))[-40:]
        if answer.status_code == 401 or move.path.endswith("/see-as"):
            client = await client_of(me)  # their session ended, or is a colleague's now
    after = held(superuser, me)
    rights = (await (await client_of(me)).get("/api/v1/me")).json()["roles"]

    assert {name: row for name, row in after.items() if row != before.get(name)} == {}, seed
    assert set(rights) == me.roles - {"anyone"}, seed
    assert 403 in {status for _move, status in tried}, seed
    assert max(status for _move, status in tried) < 500, seed
    wrong = [(move.path, status) for move, status in tried if status in (400, 404, 405, 422) and not move.blind]
    assert wrong == [], (seed, wrong)
