"""A broken file changes nothing, and whoever is killed in the middle leaves nothing broken that looks whole."""

import random
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.harness.backed_up import BackedUp
from tests.harness.backups import command, here, known, portal, rows_in, shape_of

pytestmark = pytest.mark.usefixtures("connected")


def a_bit(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def a_cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def something_more(data: bytearray, chance: random.Random) -> None:
    data += bytes(chance.choice([1, 512, 10240]))


def a_lost_piece(data: bytearray, chance: random.Random) -> None:
    start = 512 * chance.randrange(len(data) // 512)
    del data[start : start + 512]


def two_pieces_changed_about(data: bytearray, chance: random.Random) -> None:
    first, second = (512 * chance.randrange(len(data) // 512) for _ in range(2))
    if data[first : first + 512] == data[second : second + 512]:
        data[first] ^= 1
    data[first : first + 512], data[second : second + 512] = data[second : second + 512], data[first : first + 512]


@pytest.mark.parametrize("harm", [a_bit, a_cut, something_more, a_lost_piece, two_pieces_changed_about])
def test_a_broken_file_changes_nothing(backed_up: BackedUp, tmp_path: Path, harm):
    """Through the command once each; a hundred of each kind are told apart by tests/operations/backup."""
    data = bytearray(backed_up.file.read_bytes())
    harm(data, random.Random(harm.__name__))
    broken = tmp_path / "broken.backup"
    broken.write_bytes(data)

    done = portal("restore", broken, "--replace", "--data", tmp_path / "new")

    assert done.code == 1
    assert str(broken) in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "new").exists()


# Where a process is killed: as if with -9, by itself, when it is just there.
DIES = """
import os
from portal.operations.backup import {module} as module
def dies(*_, **__): os.kill(os.getpid(), 9)
module.{name} = dies
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [("snapshot", "sequences"), ("files", "copy_out"), ("archive", "Writing.seal"), ("places", "FileSink.finish")],
)
def test_a_killed_backup_leaves_nothing_that_looks_whole(tmp_path: Path, module: str, name: str):
    file = tmp_path / "portal.backup"
    code = DIES.format(module=module, name=name)
    dead = subprocess.run(command("backup", file, before=code), env=known(here()), capture_output=True, check=False)
    left = [path.name for path in tmp_path.iterdir()]
    part = portal("backup", "--verify", tmp_path / ".portal.backup.part")
    again = portal("backup", file, **here())

    assert (dead.returncode, left, part.code) == (-signal.SIGKILL, [".portal.backup.part"], 1)
    assert (again.code, [path.name for path in tmp_path.iterdir()]) == (0, ["portal.backup"])


RESTORING = [
    ("loading", "Loading.prepare"),
    ("files", "put_in"),
    ("loading", "Loading.finish"),
    ("restoring", "_put_right"),
]


def test_a_killed_restore_leaves_the_portal_as_it_was(backed_up: BackedUp, restored: dict[str, str]):
    url = restored["url"]
    with psycopg.connect(url) as connection:
        connection.execute("insert into dramatiq.result (message_id) values (gen_random_uuid())")
    before, shape = rows_in(url), shape_of(url)
    for module, name in RESTORING:
        dead = subprocess.run(
            command("restore", backed_up.file, "--replace", before=DIES.format(module=module, name=name)),
            env=known(_settings(restored)),
            capture_output=True,
            check=False,
        )
        _await_alone(url)
        assert dead.returncode == -signal.SIGKILL, dead.stderr.decode()
        assert (rows_in(url), shape_of(url)) == (before, shape)


def test_what_is_there_is_replaced_only_when_that_is_said_and_nobody_works_there(backed_up, restored):
    """After restores that were killed, too."""
    url = restored["url"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("insert into dramatiq.result (message_id) values (gen_random_uuid())")
        busy = portal("restore", backed_up.file, "--replace", **_settings(restored))
    changed = rows_in(url)
    unasked = portal("restore", backed_up.file, **_settings(restored))
    assert rows_in(url) == changed != backed_up.rows
    replaced = portal("restore", backed_up.file, "--replace", **_settings(restored))

    assert (busy.code, "is running" in busy.err) == (1, True)
    assert (unasked.code, "--replace" in unasked.err) == (1, True)
    assert (replaced.code, rows_in(url)) == (0, backed_up.rows), replaced.err


FEWER = """
from portal.platform import migrations
all_of_them = migrations.scripts
async def but_the_last():
    return dict(list((await all_of_them()).items())[:-1])
migrations.scripts = but_the_last
"""


def test_a_backup_of_a_newer_portal_asks_for_that_one(backed_up: BackedUp, tmp_path: Path):
    line = command("restore", backed_up.file, "--data", tmp_path / "new", before=FEWER)
    done = subprocess.run(line, env=known({}), capture_output=True, text=True, check=False)

    assert (done.returncode, "newer portal" in done.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


def test_what_is_wrongly_asked_is_told_apart_from_what_is_refused(tmp_path: Path):
    assert portal("backup").code == 2
    assert portal("restore").code == 2
    assert portal("backup", tmp_path / "it", "--data", tmp_path / "nowhere").code == 1
    assert portal("backup", tmp_path / "no folder" / "it", **here()).code == 1


def test_a_folder_of_a_store_gets_a_file_with_the_time_in_its_name(tmp_path: Path):
    done = portal("backup", "--to", f"file://{tmp_path}/store", "--json", **here())
    [made] = (tmp_path / "store").iterdir()

    assert (done.code, done.facts["bytes"]) == (0, made.stat().st_size)
    assert portal("backup", "--verify", done.facts["file"]).code == 0


def _settings(restored: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in restored.items() if name.startswith("PORTAL_")}


def _await_alone(url: str) -> None:
    """Until the server noticed that the killed one is gone."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "do $$ begin while exists (select from pg_stat_activity where datname = current_database() "
            "and pid <> pg_backend_pid() and backend_type = 'client backend') loop perform pg_sleep(0.02); "
            "perform pg_stat_clear_snapshot(); end loop; end $$"
        )
