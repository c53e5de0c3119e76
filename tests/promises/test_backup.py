"""Backup, wipe, restore: the same rows, the same files, a log that verifies."""

import shutil
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb

from portal.access.commands import remove_member
from portal.audit import erasures
from portal.audit.commands import erase_person
from portal.audit.verifying import verify
from portal.audit.witnesses import kept
from portal.documents.store import load
from portal.messaging.commands import SEND
from portal.operations.backup.named import NAMED, NO_FILES
from portal.platform.actor import Actor
from portal.platform.postgres import SUPERUSER, Cluster
from portal.platform.settings import settings
from tests.harness import cluster
from tests.harness.backed_up import BackedUp
from tests.harness.backups import empty_database, files_in, here, portal, rows_in, shape_of, working_in
from tests.harness.identity import PASSWORD
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.world import issued_order

pytestmark = pytest.mark.usefixtures("connected")


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
    assert len(files_in(tmp_path / "new")) == backed_up.facts["documents"] >= 5


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
                    [SEND, str(company.id), [Jsonb(each) for each in ours]],
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
