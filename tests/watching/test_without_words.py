"""What is seen of a portal at work holds nobody's name, address, account, password or key, and nothing they wrote.

A world in which everything that can be a text is marked is driven through every page and every operation of the API,
by right and wrong people, with every line logged, every request slow and every span exported.
"""

import re
from contextlib import suppress

import httpx
import pytest

from portal.access.commands.keys import create_api_key
from tests.harness.banks import IBAN, OTHER_IBAN
from tests.harness.marked import marked_world
from tests.harness.parts import eventually
from tests.harness.routes import address, ask, right_body, routes
from tests.harness.watching import value
from tests.harness.world import BUYING, SELLING, a_colleague

MARK = "Wallcreeper"
SECRET = "hunter2-is-no-password"
ADDRESSED = re.compile(rb"[\w.+-]+@[\w-]+\.(?:test|com|org)")
ENDING = ("/api/v1/sessions/current", "/sign-out", "/organisation")  # the session


@pytest.fixture
async def world(connected: None, superuser):
    world = await marked_world(MARK)
    sides = [world.company.id, world.supplier.id]
    members = "select person_id from membership where organisation_id = any(%s)"
    superuser.execute(f"update person set full_name = %s where id in ({members})", [f"Ada {MARK}", sides])
    return world


def around(said: bytes, word: str) -> bytes:
    """Where in what was said the word stands, in whichever case."""
    at = said.lower().find(word.lower().encode())
    return said[max(0, at - 200) : at + 100] if at >= 0 else b""


async def driven(portal, app, world) -> set[str]:
    """Everything is asked for by people of both sides; gives the secrets that were at work."""
    key = await create_api_key(world.company.buyer, ["*"], MARK)
    people = [await a_colleague(world.company, *BUYING), await a_colleague(world.supplier, *SELLING)]
    people += [world.company.receiver]
    secrets = {key}
    for person in people:
        async with await portal.client(person) as client:
            secrets |= {client.cookies["session"], client.headers["x-csrf-token"]}
            for route in (each for each in routes(app) if not each.path.endswith(ENDING)):
                with suppress(httpx.RemoteProtocolError):  # who sends more than is read finds the line closed
                    await ask(client, route, address(route, world.ids), right_body(route, world.ids))
            for page in (f"/orders?query={MARK}", f"/{MARK}", f"/invitations/{SECRET}", f"/orders/{MARK}?a={SECRET}"):
                await client.get(page, headers={"user-agent": MARK, "referer": f"{portal.url}/{MARK}"})
    for headers in ({"authorization": f"Bearer {key}"}, {"authorization": f"Bearer pk_{SECRET}"}):
        async with await portal.client(people[0]) as client:
            client.cookies.clear()
            await client.get("/api/v1/me", headers=headers | {"traceparent": MARK, "baggage": f"a={MARK}"})
            body = {"email": f"{MARK}@{MARK}.test", "password": SECRET, "code": SECRET}
            await client.post("/api/v1/sessions", json=body)
            await client.post("/sign-in", data=body)
            await client.request(MARK.upper(), f"/{MARK}")
    return secrets


async def test_nothing_of_anybody_is_in_traces_figures_or_logs(app, world, whole, collector, superuser):
    portal = whole(
        **collector.environment,
        PORTAL_SLOW="0",
        PORTAL_LOG="debug",
        PORTAL_SMTP_URL=f"smtp://{MARK}:{SECRET}@127.0.0.1:1",
    )
    portal.start("serve", "worker", "scheduler")
    secrets = await driven(portal, app, world)
    eventually(lambda: value(portal.scraped(), "portal_job_seconds_count", outcome="failed") > 0, 60)
    page = str(portal.scraped())
    assert portal.stop() == {"serve": 0, "worker": 0, "scheduler": 0}

    told = {part: portal.log(part).read_bytes() for part in ("serve", "worker", "scheduler")}
    told |= {"traces": collector.raw, "figures": page.encode()}
    assert portal.says("serve", "a part of the portal ended and is started again") is None
    assert len(collector.spans) > 5_000
    assert len(portal.lines("serve")) > 900
    assert all(len(said) > 1_000 for said in told.values())
    emails = superuser.execute(
        "select distinct email from person p join membership m on m.person_id = p.id where m.organisation_id = any(%s)",
        [[world.company.id, world.supplier.id]],
    )
    names = superuser.execute(
        "select name from organisation where id = any(%s)", [[world.company.id, world.supplier.id]]
    )
    words = {MARK, SECRET, IBAN, OTHER_IBAN, IBAN[-12:], *secrets, *(row[0] for row in (*emails, *names))}
    found = {(where, word, around(said, word)) for where, said in told.items() for word in words if around(said, word)}
    assert found == set()
    assert {where: ADDRESSED.findall(said)[:3] for where, said in told.items() if ADDRESSED.search(said)} == {}
