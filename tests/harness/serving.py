"""The whole portal as a process of its own, for stories that need a real server: browsers, and programs gone wild."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from portal.platform.settings import settings
from tests.harness import cluster

ROOT = Path(__file__).resolve().parents[2]


class Portal(NamedTuple):
    """A served portal: its address, its people's addresses by role, and the pages worth looking at."""

    url: str
    password: str
    people: dict[str, str]
    supplier: str
    item: str
    paths: dict[str, str]
    ids: dict[str, str]


@pytest.fixture(scope="session")
def portal_settings(connected: None, database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of every part of the served portal."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return clean | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        "PORTAL_DATABASE_URL": cluster.url("portal_app", database),
        "PORTAL_DATA": str(tmp_path_factory.mktemp("served")),
        "PORTAL_DOCUMENTS_URL": settings().documents,
        "PORTAL_SECRET_KEYS": cluster.RING,
        "PORTAL_LOG": "error",
    }


@pytest.fixture
def worker(portal: Portal, portal_settings: dict[str, str]) -> Iterator[None]:
    """A worker beside the served portal, for as long as one story takes."""
    begin = "from portal.platform import log; from portal.worker import run_worker; log.configure(); run_worker()"
    process = subprocess.Popen([sys.executable, "-c", begin], cwd=ROOT, env=portal_settings)
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def portal(portal_settings: dict[str, str]) -> Iterator[Portal]:
    """The whole portal on this worker's database, furnished by tests/harness/served.py."""
    yield from _served(portal_settings)


@pytest.fixture(scope="module")
def own_portal(portal_settings: dict[str, str]) -> Iterator[Portal]:
    """The same with companies of its own, for stories that leave no record as they found it."""
    yield from _served(portal_settings)


def _served(portal_settings: dict[str, str]) -> Iterator[Portal]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.harness.served"], cwd=ROOT, env=portal_settings, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        yield Portal(**json.loads(server.stdout.readline()))
    finally:
        server.terminate()
        server.wait(60)
        server.communicate()
