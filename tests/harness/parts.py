"""Workers and schedulers as processes, and the table in which their jobs leave a mark."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from portal.catalogue.events import ItemAdded
from portal.platform.actor import Actor
from portal.platform.settings import settings
from portal.platform.wiring import REACTIONS, Job, Reaction
from tests.harness.cluster import RING
from tests.harness.masters import add_item
from tests.harness.world import Organised

ROOT = Path(__file__).resolve().parents[2]


class Part:
    """A process of the portal and what it has said so far."""

    def __init__(self, kind: str, log: Path, **environment: str) -> None:
        self.log = log
        given = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        database = settings().database_url
        assert database is not None
        given |= {"PORTAL_DATABASE_URL": database, "PORTAL_DATA": str(log.parent), "PORTAL_SECRET_KEYS": RING}
        given |= {"PORTAL_DOCUMENTS_URL": settings().documents}
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.worker.stand_in", kind],
                cwd=ROOT,
                env=given | environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    @property
    def said(self) -> list[dict[str, Any]]:
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def says(self, event: str, **fields: Any) -> bool:
        wanted = {"event": event, **fields}.items()
        return any(wanted <= line.items() for line in self.said if "event" in line)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, within: float = 12) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)


@pytest.fixture
def start(connected: None, watched: None, tmp_path: Path) -> Iterator[Callable[..., Part]]:
    """`start("worker")`: a part of the portal that ends with the test at the latest."""
    parts: list[Part] = []

    def begin(kind: str, **environment: str) -> Part:
        parts.append(Part(kind, tmp_path / f"{kind}-{len(parts)}.log", **environment))
        return parts[-1]

    yield begin
    for part in parts:
        if part.process.poll() is None:
            part.kill()


@pytest.fixture
def watched(connected: None, superuser: psycopg.Connection) -> Iterator[None]:
    """A schema beside the portal's, where jobs of tests leave their marks; and an empty queue."""
    superuser.execute(
        "create schema watched; grant usage on schema watched to portal_app;"
        "create table watched.attempt (key text, pid int, at timestamptz default now());"
        "create table watched.effect (key text primary key, organisations uuid[], pid int);"
        "grant select, insert on all tables in schema watched to portal_app;"
        "delete from dramatiq.queue; delete from dramatiq.periodic_run"
    )
    yield
    superuser.execute("drop schema watched cascade; delete from dramatiq.queue; delete from dramatiq.periodic_run")


@pytest.fixture
def effects(superuser: psycopg.Connection) -> Callable[[], dict[str, tuple[Any, ...]]]:
    def read() -> dict[str, tuple[Any, ...]]:
        rows = superuser.execute("select key, organisations, pid from watched.effect").fetchall()
        return {row[0]: row[1:] for row in rows}

    return read


def eventually(holds: Callable[[], Any], within: float = 60) -> Any:
    """What `holds` gives as soon as it is true; the test fails when it does not become true in time."""
    until = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
    return found


@pytest.fixture
def job_follows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`job_follows("tests.note", "key")`: adding an item inserts that job from now on."""

    def follow(name: str, key: str) -> None:
        plan = Reaction(later=[lambda change, _event: [Job(name, change.actor.organisation_id, {"key": key})]])
        monkeypatch.setitem(REACTIONS, ItemAdded, [plan])

    return follow


async def add(company: Organised, number: str, *, name: str = "Hex bolt", **actor: Any) -> None:
    buyer: Actor = msgspec.structs.replace(company.supplier_manager, **actor)
    await add_item(buyer, number=number, name=name)
