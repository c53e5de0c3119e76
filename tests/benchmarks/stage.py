"""The portal as in production on a database of its own: two web processes, a worker, a scheduler, a trading pair."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from portal.access.commands import create_api_key, open_session
from portal.app import wire
from portal.cli.web import answers
from portal.platform import database
from portal.platform.actor import Actor
from portal.platform.migrations import migrate
from portal.platform.postgres import Cluster, prepare
from portal.platform.postgres.server import CONFIGURATION
from portal.platform.settings import override
from tests.benchmarks.dataset import fill
from tests.benchmarks.http import Client
from tests.benchmarks.machine import cpu_of, held
from tests.benchmarks.originals import SUPPLIER_NUMBER, originals
from tests.harness.cluster import RING
from tests.harness.world import Organised, selling_company, trading_pair

ROOT = Path(__file__).resolve().parents[2]
# Indexes of tables with many rows that served nothing since the server started; unique ones keep a rule.
UNUSED = """
select s.indexrelname from pg_stat_user_indexes s join pg_index i using (indexrelid) join pg_class t on t.oid = s.relid
where s.idx_scan = 0 and not i.indisunique and t.reltuples > 500 and s.schemaname = 'public' order by 1
"""
COUNTED = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements s join pg_roles r on r.oid = s.userid "
COUNTED += "where r.rolname = 'portal_app'"


class Spent(NamedTuple):
    """Seconds of CPU, and statements of the application's role, up to a moment."""

    web: float
    worker: float
    database: float
    statements: float

    @property
    def cpu(self) -> float:
        return self.web + self.worker + self.database

    def since(self, before: "Spent", times: int = 1) -> "Spent":
        """What one of so many operations took since then."""
        web, worker, database, statements = (now - then for now, then in zip(self, before, strict=True))
        return Spent(web / times, worker / times, database / times, statements / times)


class Stage(NamedTuple):
    port: int
    folder: Path
    parts: dict[str, int]
    cluster: Cluster
    company: Organised
    supplier: Organised
    keys: dict[str, str]
    sessions: dict[str, str]

    def client(self, role: str) -> Client:
        """A program of whoever has this role."""
        return Client(self.port, f"authorization: Bearer {self.keys[role]}")

    def browser(self, role: str) -> Client:
        """The browser of whoever has this role, signed in."""
        return Client(self.port, f"cookie: session={self.sessions[role]}")

    @asynccontextmanager
    async def as_portal(self) -> AsyncIterator[None]:
        """This process acts as the portal, by its commands."""
        with override(**_known(self.cluster, self.folder)):
            await database.connect()
            try:
                yield
            finally:
                await database.disconnect()

    def front(self) -> AbstractContextManager[None]:
        """Only web and database run: what worker and scheduler do meanwhile is nobody's operation."""
        return held(self.parts["worker"], self.parts["scheduler"])

    async def unused(self) -> list[str]:
        connection: Any = await asyncpg.connect(self.cluster.url("postgres"))
        try:
            return [row[0] for row in await connection.fetch(UNUSED)]
        finally:
            await connection.close()

    async def spent(self) -> Spent:
        """What the web processes and the database have taken so far."""
        connection: Any = await asyncpg.connect(self.cluster.url("postgres"))
        try:
            statements = await connection.fetchval(COUNTED)
        finally:
            await connection.close()
        web, worker = cpu_of(self.parts["serve"]), cpu_of(self.parts["worker"])
        return Spent(web, worker, cpu_of(self.cluster.pid), statements)


@asynccontextmanager
async def staged(folder: Path, port: int, orders: int = 0) -> AsyncIterator[Stage]:
    """A portal of its own in this folder, on this port of the loopback, somebody to trade with, and so many orders."""
    CONFIGURATION.update(shared_preload_libraries="pg_stat_statements", autovacuum="off")
    cluster = Cluster.open(folder / "pg")
    try:
        prepare(cluster)
        await migrate(cluster.url("portal_owner"))
        connection: Any = await asyncpg.connect(cluster.url("postgres"))
        await connection.execute("create extension pg_stat_statements")
        await connection.close()
        with override(**_known(cluster, folder)):
            wire()
            await database.connect()
            company, supplier = await trading_pair(supplier_number=SUPPLIER_NUMBER)
            people = supplier.people | company.people
            people |= {"stranger": (await selling_company()).order_desk}
            keys = {role: await create_api_key(actor, ["*"]) for role, actor in people.items()}
            sessions = {role: await _signed_in(actor) for role, actor in people.items()}
            if orders:
                made = await originals(company, supplier)
                await fill(cluster.url("postgres"), company, supplier, orders, made)
            await database.disconnect()
        with _parts(folder, cluster, port) as parts:
            yield Stage(port, folder, parts, cluster, company, supplier, keys, sessions)
    finally:
        cluster.stop()


def _known(cluster: Cluster, folder: Path) -> dict[str, Any]:
    urls = {"database_url": cluster.url("portal_app"), "owner_url": cluster.url("portal_owner")}
    return urls | {"data": folder, "secret_keys": (RING,)}


async def _signed_in(actor: Actor) -> str:
    assert actor.person_id is not None
    return (await open_session(actor.person_id, actor.organisation_id, "127.0.0.1", "benchmark")).token


@contextmanager
def _parts(folder: Path, cluster: Cluster, port: int) -> Iterator[dict[str, int]]:
    """The processes of production; gives their ids."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    known |= {"PORTAL_DATABASE_URL": cluster.url("portal_app"), "PORTAL_DATA": str(folder), "PORTAL_SECRET_KEYS": RING}
    known |= {"PYTHONPATH": str(ROOT), "PORTAL_LOG": "error"}
    ways = (("serve", "--port", str(port), "--processes", "2"), ("worker",), ("scheduler",))
    command = [sys.executable, "-c", "from portal.cli import main; main()"]
    parts = [subprocess.Popen([*command, *way], cwd=ROOT, env=known, stdout=subprocess.DEVNULL) for way in ways]
    try:
        _await(port)
        yield {way[0]: part.pid for way, part in zip(ways, parts, strict=True)}
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(60)


def _await(port: int) -> None:
    for _attempt in range(600):
        if answers(f"http://127.0.0.1:{port}"):
            return
        time.sleep(0.1)
    raise TimeoutError("The portal did not answer within a minute.")
