"""A portal with all its parts, seen from outside: traces, numbers, logs."""

import asyncio
import json
import os
import signal
import time
from pathlib import Path

from tests.harness.parts import eventually
from tests.harness.watching import value
from tests.harness.world import line, order_body, trading_pair

API = "/api/v1"
CAME_FROM = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def issued(portal, company, supplier, **headers: str) -> dict:
    """An order that was issued over HTTP; its supplier's people get mails."""
    people = {name: await portal.client(company.people[name]) for name in ("requester", "approver", "buyer")}
    order = (await people["requester"].post(f"{API}/purchase-orders", json=order_body(supplier, [line()]))).json()
    at = f"{API}/purchase-orders/{order['id']}"
    for who, verb in (("requester", "submit"), ("approver", "approve"), ("buyer", "issue")):
        answered = await people[who].post(f"{at}/{verb}", headers=headers if verb == "issue" else {})
        assert answered.status_code == 200, answered.text
    for client in people.values():
        await client.aclose()
    return order


async def test_a_trace_leads_from_the_caller_over_the_request_and_its_statements_to_the_job(whole, collector):
    company, supplier = await trading_pair()
    portal = whole(**collector.environment, PORTAL_SLOW="100000")
    portal.start("serve", "worker")

    order = await issued(portal, company, supplier, traceparent=CAME_FROM, tracestate="a=theirs", baggage="who=ada")
    route = "/api/v1/purchase-orders/{order_id}/issue"
    asked = eventually(lambda: collector.named(f"POST {route}"))[0]
    mail = eventually(lambda: [s for s in collector.named("messaging.notify") if s.trace == asked.trace])[0]

    assert (asked.part, asked.trace, asked.parent) == ("web", CAME_FROM[3:35], CAME_FROM[36:52])
    assert asked.facts["http.route"] == route
    assert asked.facts["http.response.status_code"] == 200
    statements = [span for span in collector.spans if span.parent == asked.id and span.part == "web"]
    assert len(statements) == asked.facts["portal.statements"] > 3
    assert {"BEGIN", "COMMIT"} <= {span.name for span in statements}
    assert all(span.facts["db.query.text"] and "'" not in span.facts["db.query.text"] for span in statements)
    assert (mail.part, mail.parent) == ("worker", asked.id)
    assert [span for span in collector.spans if span.parent == mail.id and span.part == "worker"]
    cause = {"job": "messaging.notify", "request_id": asked.facts["portal.request_id"]}
    assert eventually(lambda: portal.says("worker", "job done", **cause))["trace_id"] == asked.trace
    assert order["id"].encode() not in collector.raw
    assert b"theirs" not in collector.raw
    assert b"who=ada" not in collector.raw
    assert portal.stop() == {"serve": 0, "worker": 0}


async def test_every_process_counts_and_whichever_is_asked_tells_of_all(whole, superuser):
    company, supplier = await trading_pair()
    portal = whole()
    portal.start("serve", "worker", "scheduler")
    order = await issued(portal, company, supplier)
    eventually(lambda: value(portal.scraped(), "portal_job_seconds_count", job="messaging.notify", outcome="done"))
    reading = {"method": "GET", "route": "/api/v1/purchase-orders/{order_id}"}
    for _n in range(30):  # by new connections, so that both processes have their share
        client = await portal.client(company.buyer)
        assert (await client.get(f"{API}/purchase-orders/{order['id']}")).status_code == 200
        await client.aclose()

    eventually(lambda: value(portal.scraped(), "portal_http_requests_total", **reading) == 30)  # within a second

    told = [portal.scraped() for _n in range(6)]
    assert {value(each, "portal_http_requests_total", **reading, status="200") for each in told} == {30}
    assert {value(each, "portal_http_request_seconds_count", **reading) for each in told} == {30}
    assert {value(each, "portal_http_request_seconds_bucket", **reading, le="+Inf") for each in told} == {30}
    assert value(told[0], "portal_processes", part="web") == 2
    assert value(told[0], "portal_database_up") == 1
    assert value(told[0], "portal_workers") == 1
    assert value(told[0], "portal_scheduler_heartbeat_seconds") < 60
    eventually(lambda: value(portal.scraped(), "portal_database_connections", part="worker", state="most"), 15)
    assert not any(order["id"] in str(labels) for _name, labels in told[0])
    found = {each["what"]: each["found"] for each in portal.examined()}
    assert found["Pool main of web"].endswith(" of 20 in use"), "two processes with ten each"
    assert {"Pool main of worker", "Worker", "Scheduler", "Queue"} <= found.keys()


async def test_what_a_killed_process_counted_is_not_lost_and_its_connections_are_not_told(whole):
    company, _supplier = await trading_pair()
    portal = whole()
    portal.start("serve")
    client = await portal.client(company.buyer)
    for _n in range(5):
        assert (await client.get(f"{API}/me")).status_code == 200
    await client.aclose()
    eventually(lambda: value(portal.scraped(), "portal_http_requests_total", route="/api/v1/me") == 5)

    for pid in children_of(portal.parts["serve"].pid):  # one after the other: each place is taken again
        eventually(lambda: value(_answered(portal) or {}, "portal_processes", part="web") == 2)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda gone=pid: gone not in children_of(portal.parts["serve"].pid))
        samples = eventually(lambda: _answered(portal))
        assert value(samples, "portal_http_requests_total", route="/api/v1/me") == 5
    eventually(lambda: value(portal.scraped(), "portal_processes", part="web") == 2)
    assert len(list((portal.folder / "metrics").glob("counter_*.db"))) == 2


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _answered(portal):
    try:
        return portal.scraped()
    except Exception:
        return None


async def test_a_queue_that_nobody_works_on_grows_old_in_the_figures(whole, superuser):
    company, supplier = await trading_pair()
    portal = whole()
    portal.start("serve")
    await issued(portal, company, supplier)
    first = portal.scraped()
    await asyncio.sleep(1.1)
    superuser.execute("update dramatiq.queue set state = 'rejected' where message ->> 'actor_name' = 'messaging.warn'")
    dead = "insert into dramatiq.queue (message_id, state, message) values (uuidv7(), 'rejected', %s)"
    superuser.execute(dead, ['{"actor_name": "messaging.send", "options": {}}'])
    then = portal.scraped()

    waiting = {"job": "messaging.notify"}
    assert value(first, "portal_queue_jobs", **waiting, state="queued") >= 1
    assert value(then, "portal_queue_oldest_seconds", **waiting) > value(
        first, "portal_queue_oldest_seconds", **waiting
    )
    assert value(then, "portal_queue_jobs", job="messaging.send", state="dead") == 1
    assert value(then, "portal_log_unsealed_entries") > 0
    assert value(then, "portal_log_unsealed_oldest_seconds") > 1


async def test_slow_requests_are_told_with_their_statements_and_how_often_each_was_sent(whole):
    company, supplier = await trading_pair()
    portal = whole(PORTAL_SLOW="0")
    portal.start("serve")
    order = await issued(portal, company, supplier)

    route = "/api/v1/purchase-orders/{order_id}/issue"
    told = eventually(lambda: portal.says("serve", "slow request", route=route, status=200))
    assert told["request_id"]
    assert told["statements"] == sum(each["times"] for each in told["longest"])
    assert 0 < told["seconds_in_database"] < told["seconds"] < time.monotonic()
    assert any(each["does"].startswith("UPDATE ") for each in told["longest"])
    assert len(json.dumps(told["longest"])) < 3_000
    assert order["id"] not in portal.log("serve").read_text()
