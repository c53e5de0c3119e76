"""Two portals with nothing in common but database, keys and document store, behind the site of `deploy/`."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from portal.platform.actor import Actor
from portal.platform.processes import die_with_parent
from portal.platform.settings import settings
from tests.harness import cluster, nginx
from tests.harness.identity import SESSIONS, signs_in, with_password
from tests.harness.parts import ROOT, eventually
from tests.harness.rabbit import free_port
from tests.harness.world import order_body, trading_pair

ORDERS = "/api/v1/purchase-orders"


class Host(NamedTuple):
    port: int
    process: subprocess.Popen[bytes]


@pytest.fixture
def hosts(connected: None, database: str, tmp_path: Path) -> Iterator[tuple[list[Host], int]]:
    """Two hosts, each with a folder of its own, and the port of the site that they say is theirs."""
    public = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    known = clean | {
        "PYTHONPATH": str(ROOT),
        "PORTAL_DATABASE_URL": cluster.url("portal_app", database),
        "PORTAL_DOCUMENTS_URL": settings().documents,
        "PORTAL_SECRET_KEYS": cluster.RING,
        "PORTAL_TRUSTED_PROXIES": "127.0.0.1",
        "PORTAL_URL": f"https://localhost:{public}",
        "PORTAL_LOG": "error",
    }
    began = [_host(known | {"PORTAL_DATA": str(tmp_path / f"host-{number}")}) for number in (1, 2)]
    for host in began:
        eventually(lambda port=host.port: nginx.answers(port), 120)
    yield began, public
    for host in began:
        host.process.terminate()
        host.process.wait(20)


def _host(known: dict[str, str]) -> Host:
    port = free_port()
    begin = "from portal.cli import main; main()"
    command = [sys.executable, "-c", begin, "serve", "--port", str(port), "--processes", "1"]
    return Host(port, subprocess.Popen(command, cwd=ROOT, env=known, preexec_fn=die_with_parent(signal.SIGTERM)))


@pytest.fixture
def site(hosts: tuple[list[Host], int], tmp_path: Path) -> Iterator[nginx.Site]:
    began, public = hosts
    with nginx.before([host.port for host in began], tmp_path, public) as there:
        yield there


def visitor(site: nginx.Site) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=site.url, verify=site.trusted, timeout=60)


async def entered(client: httpx.AsyncClient, person: Actor) -> None:
    await with_password(person)
    assert (await signs_in(client, person)).status_code == 201


async def test_somebody_who_signed_in_at_one_host_is_known_at_the_other_and_gone_from_both_at_once(connected, site):
    company, _supplier = await trading_pair()
    async with visitor(site) as client:
        await entered(client, company.requester)
        assert next(iter(client.cookies.jar)).secure
        seen = [await client.get("/api/v1/me") for _ in range(8)]
        assert {answer.status_code for answer in seen} == {200}
        assert len({answer.headers["x-host"] for answer in seen}) == 2

        kept = dict(client.cookies)
        assert (await client.delete(f"{SESSIONS}/current")).status_code == 204
        client.cookies.update(kept)
        await asyncio.sleep(1)
        assert {(await client.get("/api/v1/me")).status_code for _ in range(8)} == {401}


async def submitted(client: httpx.AsyncClient, order: str) -> httpx.Response:
    """As a program does it: what a dying host may have heard of (502) is asked again under the same key."""
    key = {"idempotency-key": order}
    answer = await client.post(f"{ORDERS}/{order}/submit", headers=key)
    return answer if answer.status_code != 502 else await client.post(f"{ORDERS}/{order}/submit", headers=key)


async def test_an_order_goes_on_when_the_host_that_took_it_is_killed(connected, hosts, site):
    company, supplier = await trading_pair()
    async with visitor(site) as client:
        await entered(client, company.requester)
        orders = [await client.post(ORDERS, json=order_body(supplier)) for _ in range(4)]
        assert len({answer.headers["x-host"] for answer in orders}) == 2
        dying, left = hosts[0]
        dying.process.kill()
        dying.process.wait()

        sent = [await submitted(client, answer.json()["id"]) for answer in orders]
        assert [answer.status_code for answer in sent] == [200] * 4, [answer.text for answer in sent]
        assert {answer.headers["x-host"].split(", ")[-1] for answer in sent} == {f"127.0.0.1:{left.port}"}
        found = (await client.get(f"{ORDERS}?state=in_approval")).json()["items"]
        assert {each["id"] for each in found} == {answer.json()["id"] for answer in orders}
