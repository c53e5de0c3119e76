"""The harness: one real PostgreSQL for the whole run, migrated once, cloned for each worker.

Tests make their own organisations and so never meet each other: row-level security keeps them apart as it keeps
customers apart. Nothing is cleaned up, nothing is mocked but the edge of the world.
"""

import inspect
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

TEMPLATE = "portal"


def pytest_configure(config: pytest.Config) -> None:
    """In the process that starts the others: the cluster, and the template every worker clones."""
    if hasattr(config, "workerinput") or config.option.collectonly or "CLUSTER_OF_TESTS" in os.environ:
        return
    from tests.harness.cluster import start

    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    folder.chmod(0o755)  # a copy that follows the server, as the same user, reaches its socket
    config.stash[_RUNNING] = (start(folder), folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    running = config.stash.get(_RUNNING, None)
    if running is not None:
        cluster, folder = running
        cluster.stop()
        os.environ.pop("CLUSTER_OF_TESTS", None)
        shutil.rmtree(folder, ignore_errors=True)


_RUNNING: pytest.StashKey = pytest.StashKey()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every story that awaits finds the portal connected, whichever story is the first of its process."""
    if not isinstance(item, pytest.Function) or not inspect.iscoroutinefunction(item.obj):
        return
    if "connected" not in item.fixturenames:
        item.fixturenames.insert(0, "connected")
    item.fixturenames.insert(0, "fresh_queue")


@pytest.fixture(scope="session")
def database(worker_id: str) -> Iterator[str]:
    """This worker's own database; gives its name. At the end its ledgers, documents and settings agree."""
    from portal.cli.figures import ALWAYS_EMPTY
    from tests.harness.cluster import clone, url

    name = f"portal_{worker_id}"
    clone(name)
    yield name
    with psycopg.connect(url("postgres", name)) as connection:
        views = [view for (view,) in connection.execute(ALWAYS_EMPTY)]
        wrong = {view: connection.execute(f"select * from portal.{view} limit 5".encode()).fetchall() for view in views}
    assert len(views) >= 8
    assert {view: rows for view, rows in wrong.items() if rows} == {}


@pytest.fixture(scope="session")
async def connected(database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[None]:
    """The portal of this worker: wired, and connected as the role that owns nothing."""
    from portal.app import wire
    from portal.documents.own import require_own
    from portal.platform import database as platform_database
    from portal.platform.settings import override
    from tests.harness.cluster import RING, url

    with override(
        database_url=url("portal_app", database),
        owner_url=url("portal_owner", database),
        data=tmp_path_factory.mktemp("data"),
        secret_keys=(RING,),
        url="http://portal.test",
    ):
        wire()
        await platform_database.connect(least=1, most=20)
        await require_own()
        yield
        await platform_database.disconnect()


@pytest.fixture(scope="module")
def fresh_queue(database: str) -> None:
    """No job of another file's stories waits: whoever runs those of one name runs their own."""
    from tests.harness.cluster import url

    with psycopg.connect(url("postgres", database), autocommit=True) as connection:
        connection.execute("delete from dramatiq.queue")


@pytest.fixture(scope="session")
def superuser(database: str) -> Iterator[psycopg.Connection]:
    """Straight into the database, past every wall: for looking at what is there, and for trying what must not be."""
    from tests.harness.cluster import url

    with psycopg.connect(url("postgres", database), autocommit=True) as connection:
        yield connection


pytest_plugins = [
    "tests.harness.certificates",
    "tests.harness.fixtures",
    "tests.harness.objects",
    "tests.harness.rings",
    "tests.harness.serving",
    "tests.harness.tokens",
]
