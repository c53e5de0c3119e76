"""The portal as in production on a database of its own: two web processes, a worker, a scheduler, a trading pair."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from portal.access.commands import create_api_key
from portal.app import wire
from portal.cli.web import answers
from portal.platform import database
from portal.platform.migrations import migrate
from portal.platform.postgres import Cluster, prepare
from portal.platform.postgres.server import CONFIGURATION
from portal.platform.settings import override
from tests.benchmarks.dataset import fill
from tests.benchmarks.http import Client
from tests.benchmarks.machine import cpu_of
from tests.benchmarks.originals import SUPPLIER_NUMBER, originals
from tests.harness.cluster import RING
from tests.harness.world import Organised, trading_pair

ROOT = Path(__file__).resolve().parents[2]
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
    parts: dict[str, int]
    cluster: Cluster
    company: Organised
    supplier: Organised
    keys: dict[str, str]

    def client(self, role: str) -> Client:
        return Client(self.port, self.keys[role])

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
        with override(database_url=cluster.url("portal_app"), owner_url=cluster.url("portal_owner"), data=folder, secret_keys=(RING,)):
            wire()
            await database.connect()
            company, supplier = await trading_pair(supplier_number=SUPPLIER_NUMBER)
            people = supplier.people | company.people
            keys = {role: await create_api_key(actor, ["*"]) for role, actor in people.items()}
            if orders:
                made = await originals(company, supplier)
                await fill(cluster.url("postgres"), company, supplier, orders, made)
            await database.disconnect()
        with _parts(folder, cluster, port) as parts:
            yield Stage(port, parts, cluster, company, supplier, keys)
    finally:
        cluster.stop()


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
            part.wait(20)


def _await(port: int) -> None:
    import time

    for _attempt in range(200):
        if answers(f"http://127.0.0.1:{port}"):
            return
        time.sleep(0.1)
    raise TimeoutError("The portal did not answer within 20 seconds.")
