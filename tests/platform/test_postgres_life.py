"""The embedded server lives exactly as long as its portal, and never loses what was committed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.platform.postgres import APP, OWNER, SUPERUSER, Cluster, InUse, prepare, reach
from portal.platform.postgres.leftovers import servers

PORTAL = """
import sys, time
from pathlib import Path
from portal.platform.postgres import Cluster, prepare
cluster = Cluster.open(Path(sys.argv[1]))
prepare(cluster)
print(cluster.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pg"


@pytest.fixture
def portal(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs a server on the folder."""
    with subprocess.Popen([sys.executable, "-c", PORTAL, folder], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline().strip().isdigit()
        yield child
        child.kill()


def ask(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row and row[0]


def write(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def until_no_server(folder: Path) -> float:
    """Seconds until no process of the server is left."""
    began = time.monotonic()
    while servers(folder):
        assert time.monotonic() - began < 10, "the server outlives its portal"
        time.sleep(0.01)
    return time.monotonic() - began


def test_what_was_written_is_there_after_a_restart(folder: Path):
    with Cluster.open(folder) as cluster:
        prepare(cluster)
        write(cluster.url(OWNER), "create table note as select 'kept' as text")
    assert not servers(folder)

    with Cluster.open(folder) as cluster:
        prepare(cluster)
        assert ask(cluster.url(OWNER), "select text from note") == "kept"


def test_the_cluster_is_the_one_that_production_runs(folder: Path):
    with Cluster.open(folder) as cluster:
        prepare(cluster)
        url = cluster.url(SUPERUSER)
        assert str(ask(url, "show server_version")).startswith("18.")
        locale = "select datlocprovider::text || datlocale from pg_database where datname = 'portal'"
        assert ask(url, locale) == "bC.UTF-8"
        assert ask(url, "show data_checksums") == "on"
        assert ask(url, "show fsync") == "on"
        assert ask(url, "show listen_addresses") == ""


def test_the_apps_role_owns_nothing_and_cannot_bypass_row_level_security(folder: Path):
    with Cluster.open(folder, fsync=False) as cluster:
        prepare(cluster)
        rights = "select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole from pg_roles where rolname = '{}'"
        assert ask(cluster.url(APP), rights.format(APP)) is False
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            write(cluster.url(APP), "create table mine (id int)")
        write(cluster.url(OWNER), "create table ours (id int)")


def test_a_killed_portal_leaves_no_server_and_loses_nothing(folder: Path, portal: subprocess.Popen[str]):
    with reach(folder) as address:
        write(address.url(OWNER), "create table note as select 'kept' as text")
    assert servers(folder)

    portal.kill()
    assert until_no_server(folder) < 5

    with Cluster.open(folder) as cluster:
        assert ask(cluster.url(OWNER), "select text from note") == "kept"


def test_a_second_start_on_the_same_folder_names_the_first(folder: Path, portal: subprocess.Popen[str]):
    with pytest.raises(InUse, match=f"process {portal.pid}") as refused:
        Cluster.open(folder)
    assert refused.value.pid == str(portal.pid)


def test_a_start_right_after_the_kill_waits_for_the_old_server(folder: Path, portal: subprocess.Popen[str]):
    portal.kill()
    portal.wait()
    with Cluster.open(folder) as cluster:
        assert ask(cluster.url(SUPERUSER), "select 1") == 1


def test_everything_killed_at_once_does_not_stop_the_next_start(folder: Path, portal: subprocess.Popen[str]):
    for pid in servers(folder):
        os.kill(pid, signal.SIGKILL)
    portal.kill()
    portal.wait()
    assert (folder / "postmaster.pid").exists()

    with Cluster.open(folder) as cluster:
        assert ask(cluster.url(SUPERUSER), "select 1") == 1


def test_a_stale_process_id_that_now_belongs_to_another_program_fools_nobody(folder: Path):
    with Cluster.open(folder) as cluster:
        account = cluster.account
    stranger = subprocess.Popen(["/bin/sleep", "60"], **account.process())
    try:
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (folder / name).write_text(f"{stranger.pid}\n{folder}\n1\n5432\n.\n\n1 1\nready   \n")
        with Cluster.open(folder) as cluster:
            prepare(cluster)
            assert cluster.pid != stranger.pid
            assert ask(cluster.url(SUPERUSER), "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_server_comes_back_with_everything_committed(folder: Path):
    with Cluster.open(folder) as cluster:
        prepare(cluster)
        write(cluster.url(OWNER), "create table note as select 'kept' as text")
        os.kill(cluster.pid, signal.SIGKILL)
        while cluster.alive():
            time.sleep(0.01)
        cluster.revive()
        assert ask(cluster.url(OWNER), "select text from note") == "kept"


def test_a_forked_child_uses_the_server_but_cannot_stop_it(folder: Path):
    with Cluster.open(folder, fsync=False) as cluster:
        prepare(cluster)
        child = os.fork()
        if child == 0:
            cluster.stop()
            os._exit(0)
        os.waitpid(child, 0)
        assert ask(cluster.url(SUPERUSER), "select 1") == 1
        with pytest.raises(InUse):
            Cluster.open(folder)


def test_a_tool_reaches_the_database_beside_a_portal_and_without_one(folder: Path, portal: subprocess.Popen[str]):
    with reach(folder) as address:
        assert ask(address.url(OWNER), "select current_user") == OWNER
    portal.send_signal(signal.SIGKILL)
    portal.wait()
    with reach(folder) as address:
        assert ask(address.url(OWNER), "select current_user") == OWNER
    assert not servers(folder)
