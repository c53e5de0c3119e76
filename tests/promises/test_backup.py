"""Backup, wipe, restore: the same rows, the same files, a log that verifies. A broken file changes nothing."""

import random
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest

from portal.access.commands import remove_member
from portal.audit import erasures
from portal.audit.commands import erase_person
from portal.audit.verifying import verify
from portal.audit.witnesses import kept
from portal.documents import commands as documents
from portal.documents import pressroom
from portal.documents.store import load
from portal.evidence import quarantine
from portal.messaging.commands import SEND
from portal.operations.backup.named import NAMED, NO_FILES
from portal.platform.actor import Actor
from portal.platform.postgres import SUPERUSER, Cluster
from portal.platform.settings import settings
from tests.harness import cluster
from tests.harness.backups import (
    command,
    empty_database,
    files_in,
    here,
    known,
    portal,
    rows_in,
    shape_of,
    working_in,
)
from tests.harness.evidence import begun_file, checked_file
from tests.harness.identity import PASSWORD
from tests.harness.imports import brought_files
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.log_rows import seal_now
from tests.harness.world import Organised, a_colleague, issued_order, trading_pair

pytestmark = pytest.mark.usefixtures("connected")


class BackedUp(NamedTuple):
    """A portal in use, its backup, and what it held then."""

    file: Path
    facts: dict[str, Any]
    rows: dict[str, tuple[int, str]]
    files: dict[str, bytes]
    company: Organised
    supplier: Organised
    leaver: Actor
    document: str


@pytest.fixture(scope="module")
async def backed_up(
    connected: None, database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BackedUp]:
    company, supplier = await trading_pair()
    leaver = await a_colleague(company, "buyer")
    order = await issued_order(company, supplier)
    await brought_files(company.supplier_manager, "Sample")
    await checked_file(company.buyer, order.id, "damage.pdf")
    await _quarantined_file(company.buyer, order.id)
    document = await documents.request(company.buyer, "purchase-order", order.id)
    await run_jobs("documents.render", "messaging.notify")
    pressroom.close()
    await seal_now()
    with psycopg.connect(cluster.url("postgres", database), autocommit=True) as superuser:
        superuser.execute("update dramatiq.queue set state = 'consumed' where message ->> 'actor_name' = %s", [SEND])
        found = superuser.execute("select sha256 from document where id = %s", [document.id]).fetchone()
        file = tmp_path_factory.mktemp("backup") / "portal.backup"
        rows = rows_in(cluster.url("postgres", database))
        done = portal("backup", file, "--json", **here())
        assert done.code == 0, done.err
        assert rows_in(cluster.url("postgres", database)) == rows
        yield BackedUp(
            file, done.facts, rows, files_in(settings().data), company, supplier, leaver, found[0] if found else ""
        )
        superuser.execute("delete from dramatiq.queue where message ->> 'actor_name' = %s", [SEND])


@pytest.fixture(scope="module")
def restored(backed_up: BackedUp, database: str, tmp_path_factory) -> Iterator[dict[str, str]]:
    """Another portal, into which the backup was restored; `url` is its superuser's."""
    with empty_database(f"{database}_there") as there:
        there |= {"PORTAL_DATA": str(tmp_path_factory.mktemp("there"))}
        assert portal("restore", backed_up.file, **there).code == 0
        yield there | {"url": cluster.url("postgres", f"{database}_there")}


def test_what_was_wiped_is_there_again_row_by_row_and_file_by_file(backed_up: BackedUp, database: str, tmp_path: Path):
    """A drill on a machine that has nothing but the file and the key ring."""
    done = portal("restore", backed_up.file, "--data", tmp_path / "new", "--json")

    assert done.code == 0, done.err
    assert done.facts["rows"] == backed_up.facts["rows"] == sum(count for count, _ in backed_up.rows.values())
    with Cluster.open(tmp_path / "new" / "pg", fsync=False) as restored:
        superuser, owner = restored.url(SUPERUSER), restored.url("portal_owner")
        assert rows_in(superuser) == backed_up.rows
        assert shape_of(superuser) == shape_of(cluster.url("postgres", database))
        verdict = verify(owner, kept())
        assert (verdict.faults, verdict.entries > 0) == ([], True)
        with psycopg.connect(superuser) as connection:
            sessions = connection.execute("select count(*) from session").fetchone()
            consumed = connection.execute("select count(*) from dramatiq.queue where state <> 'queued'").fetchone()
        assert (sessions, consumed) == ((0,), (0,))
    assert {place: backed_up.files[place] for place in files_in(tmp_path / "new")} == files_in(tmp_path / "new")
    assert len(files_in(tmp_path / "new")) == backed_up.facts["documents"] >= 4


async def test_a_restored_portal_goes_on_where_it_was(backed_up: BackedUp, database: str, tmp_path: Path):
    """Numbers go on without a gap, documents are served, and a mail that waited goes out once, however often asked."""
    company, supplier = backed_up.company, backed_up.supplier
    with empty_database(f"{database}_on") as there:
        there |= {"PORTAL_DATA": str(tmp_path)}
        assert portal("restore", backed_up.file, **there).code == 0
        async with working_in(there):
            numbered = (await issued_order(company, supplier)).number
            assert await load(backed_up.document)
            waiting = await waiting_jobs(SEND)
            ours = [each for each in waiting if each["organisation_id"] in (str(company.id), str(supplier.id))]
            await run_jobs(SEND)
            sent = {path: path.stat().st_mtime_ns for path in (tmp_path / "mail").iterdir()}
            with psycopg.connect(cluster.url("postgres", f"{database}_on")) as superuser:
                superuser.execute(
                    "insert into dramatiq.queue (message_id, queue_name, state, message) "
                    "select gen_random_uuid(), 'default', 'queued', jsonb_build_object('actor_name', %s::text, "
                    "'kwargs', jsonb_build_object('organisation_id', %s::text) || each) from unnest(%s::jsonb[]) each",
                    [SEND, str(company.id), [psycopg.types.json.Jsonb(each) for each in ours]],
                )
            await run_jobs(SEND)
            assert {path: path.stat().st_mtime_ns for path in (tmp_path / "mail").iterdir()} == sent
        assert len(ours) > 0
    assert numbered == (await issued_order(company, supplier)).number


async def test_whoever_was_erased_since_stays_erased(backed_up: BackedUp, database: str):
    await remove_member(Actor.system(backed_up.company.id), backed_up.leaver.person)
    await erase_person(Actor.system(backed_up.company.id), backed_up.leaver.person, "asked for it")
    assert backed_up.leaver.person_id in erasures.remembered()
    with empty_database(f"{database}_gone") as there:
        done = portal("restore", backed_up.file, "--json", **there, PORTAL_DATA=here()["PORTAL_DATA"])
        with psycopg.connect(cluster.url("postgres", f"{database}_gone")) as superuser:
            named = superuser.execute("select 1 from person where email = %s", [backed_up.leaver.email]).fetchone()
            key = superuser.execute(
                "select 1 from person_key where person_id = %s", [backed_up.leaver.person_id]
            ).fetchone()

    assert (done.code, done.facts["erased_again"], named, key) == (0, 1, None, None), done.err


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
def test_a_broken_file_changes_nothing(backed_up: BackedUp, database: str, tmp_path: Path, harm):
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
        assert dead.returncode == -signal.SIGKILL
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


def test_keys_are_never_in_it(backed_up: BackedUp):
    data = backed_up.file.read_bytes()
    assert cluster.RING.encode() not in data
    assert backed_up.facts["sealed_by"].encode() in data
    assert PASSWORD.encode() not in data
    assert backed_up.file.stat().st_mode & 0o077 == 0


def test_without_its_key_ring_nothing_is_restored(backed_up: BackedUp, tmp_path: Path):
    ring = {"PORTAL_SECRET_KEYS": "another key ring that opens nothing of it"}
    done = portal("restore", backed_up.file, "--data", tmp_path / "new", **ring)
    checked = portal("backup", "--verify", backed_up.file, "--json", "--data", tmp_path / "new", **ring)

    assert (done.code, "key ring" in done.err, (tmp_path / "new").exists()) == (1, True, False)
    assert (checked.code, checked.facts["genuine"]) == (0, None)


def test_a_file_that_the_store_lost_is_told_of_and_the_rest_is_saved(backed_up: BackedUp, tmp_path: Path):
    place = f"{backed_up.document[:2]}/{backed_up.document[2:4]}/{backed_up.document}"
    data = tmp_path / "data"
    shutil.copytree(settings().data, data)
    (data / "documents" / place).write_bytes(b"something else")
    harmed = portal("backup", tmp_path / "harmed", "--json", **here() | {"PORTAL_DATA": str(data)})
    (data / "documents" / place).unlink()
    lost = portal("backup", tmp_path / "lost", "--json", **here() | {"PORTAL_DATA": str(data)})

    assert (harmed.code, harmed.facts["damaged"], harmed.facts["missing"]) == (1, [place], [])
    assert (lost.code, lost.facts["missing"], lost.facts["complete"]) == (1, [place], False)
    assert portal("backup", "--verify", tmp_path / "harmed").code == 1
    assert portal("restore", tmp_path / "harmed", "--data", tmp_path / "new").code == 0
    assert place not in files_in(tmp_path / "new")


def test_every_table_is_read_and_every_file_that_a_column_could_name(superuser):
    """A new table with other walls, or a new column of hashes, is decided on here."""
    narrowed = superuser.execute(
        "select polrelid::regclass::text from pg_policy where not polpermissive and polcmd in ('r', '*') "
        "and polroles && array[0, 'portal_backup'::regrole::oid]::oid[]"
    ).fetchall()
    switched = superuser.execute("select tgname from pg_trigger where tgenabled <> 'O'").fetchall()
    columns = superuser.execute(
        "select c.relname, attname::text from pg_attribute join pg_class c on c.oid = attrelid where c.relkind = 'r' "
        "and relnamespace = 'public'::regnamespace and attname ~ 'sha256' and attnum > 0 and not attisdropped"
    ).fetchall()

    assert (narrowed, switched) == ([], [])
    assert set(columns) == NO_FILES | {(each.table, column) for each in NAMED for column in each.columns}


def test_who_reads_for_backups_changes_nothing_and_signs_in_nowhere(superuser):
    role = superuser.execute(
        "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
        "where rolname = 'portal_backup'"
    ).fetchone()
    rights = superuser.execute(
        "select distinct privilege_type from information_schema.role_table_grants where grantee = 'portal_backup'"
    ).fetchall()
    members = superuser.execute(
        "select member::regrole::text from pg_auth_members where roleid = 'portal_backup'::regrole"
    ).fetchall()

    assert (role, rights, set(members)) == ((False,) * 5, [("SELECT",)], {("portal_owner",)})


def _settings(restored: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in restored.items() if name.startswith("PORTAL_")}


async def _quarantined_file(actor: Actor, order_id: UUID) -> None:
    """A part of a file that is still being sent."""
    file = await begun_file(actor, "purchase-order", order_id)
    await quarantine.put(file.owner_id, file.id, 0, b"half")


def _await_alone(url: str) -> None:
    """Until the server noticed that the killed one is gone."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "do $$ begin while exists (select from pg_stat_activity where datname = current_database() "
            "and pid <> pg_backend_pid() and backend_type = 'client backend') loop perform pg_sleep(0.02); "
            "perform pg_stat_clear_snapshot(); end loop; end $$"
        )
