"""Nothing older than a minute is lost: the settings of the guide, with the embedded server and its own programs."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portal.platform.postgres import SUPERUSER, Cluster, prepare
from portal.platform.postgres.binaries import programs

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "backup.md"
SHORTENED = 2  # seconds; the guide says 60


def blocks() -> list[dict[str, str]]:
    """The settings of the guide, block by block."""
    found = re.findall(r"```ini\n(.*?)```", GUIDE.read_text(), re.S)
    return [dict(re.findall(r"^(\w+) = '?(.*?)'?$", block, re.M)) for block in found]


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder that the server's own user may enter, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="portal-archiving-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def archived(cluster: Cluster, archive: Path) -> None:
    """Set up as the guide says, but for the archive's place and a shorter patience; holds from the next start on."""
    told = {name: value.replace("/archive/", f"{archive}/") for name, value in blocks()[0].items()}
    assert told["archive_timeout"] == "60s"
    archive.mkdir()
    cluster.account.own(archive)
    with psycopg.connect(cluster.url(SUPERUSER), autocommit=True) as connection:
        for name, value in (told | {"archive_timeout": f"{SHORTENED}s"}).items():
            connection.execute(f"alter system set {name} = '{value}'".encode())
        connection.execute("create table story (said text, at timestamptz default clock_timestamp())")


def program(cluster: Cluster, name: str, *arguments: str) -> None:
    command = [programs(cluster.account) / name, *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd="/", env={"LC_ALL": "C"}, **cluster.account.process())


def say(connection: psycopg.Connection[Any], what: str) -> datetime:
    """Commit it; gives the moment after that."""
    connection.execute("insert into story values (%s)", [what])
    row = connection.execute("select clock_timestamp()").fetchone()
    assert row
    time.sleep(0.05)
    return row[0]


def shipped(connection: psycopg.Connection[Any], archive: Path) -> float:
    """Seconds until the log of what was just committed lies in the archive, with nobody asking for it."""
    begun = time.monotonic()
    row = connection.execute("select pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row
    while not (archive / row[0]).exists():
        assert time.monotonic() - begun < 60
        time.sleep(0.05)
    return time.monotonic() - begun


def recovered_folder(cluster: Cluster, base: Path, archive: Path, moment: datetime | None) -> Path:
    """The base backup with the guide's three settings, in the place of what was lost; no moment is all there is."""
    folder = base.with_name("again") / "pg"
    folder.parent.mkdir(mode=0o755)
    shutil.copytree(base, folder)
    told = {name: value.replace("/archive/", f"{archive}/") for name, value in blocks()[1].items()}
    told |= {"recovery_target_time": moment.isoformat(sep=" ") if moment else "", "archive_mode": "off"}
    with (folder / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in told.items())
    (folder / "recovery.signal").touch()
    folder.chmod(0o700)
    for path in [folder, *folder.rglob("*")]:
        cluster.account.own(path)
    return folder


def told_in(cluster: Cluster) -> list[str]:
    """Read when the recovered server takes changes again."""
    with psycopg.connect(cluster.url(SUPERUSER), autocommit=True) as connection:
        until = time.monotonic() + 30
        while connection.execute("select pg_is_in_recovery()").fetchone() != (False,):
            assert time.monotonic() < until
            time.sleep(0.05)
        return [row[0] for row in connection.execute("select said from story order by at")]


def test_a_lost_server_comes_back_as_of_a_moment_from_its_archive_alone(machine: Path):
    pg, archive, base = machine / "pg", machine / "archive", machine / "base"
    with Cluster.open(pg) as cluster:
        prepare(cluster)
        archived(cluster, archive)
    with Cluster.open(pg) as cluster:
        base.mkdir(mode=0o700)
        cluster.account.own(base)
        where = [f"--host={cluster.address.host}", f"--username={SUPERUSER}"]
        program(cluster, "pg_basebackup", *where, f"--pgdata={base}", "--checkpoint=fast", "--wal-method=none")
        program(cluster, "pg_verifybackup", "--no-parse-wal", str(base))
        with psycopg.connect(cluster.url(SUPERUSER), autocommit=True) as connection:
            moment = say(connection, "before")
            say(connection, "after")
            took = shipped(connection, archive)
        assert told_in(cluster) == ["before", "after"]
        os.kill(cluster.pid, signal.SIGKILL)  # and its disk is gone with it
    shutil.rmtree(pg)

    for target, expected in ((moment, ["before"]), (None, ["before", "after"])):
        folder = recovered_folder(cluster, base, archive, target)
        with Cluster.open(folder) as again:
            assert told_in(again) == expected
        shutil.rmtree(folder.parent)
    assert took < SHORTENED + 10
