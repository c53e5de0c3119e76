"""The sealer: nothing that is committed is skipped, nobody waits for it, and it builds on nothing tampered with."""

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from portal.audit.checkpoints import Checkpoint, is_signed, signers
from portal.audit.sealing import Tampered, seal
from portal.audit.verifying import verify
from portal.platform.canonical import canonical, commit
from portal.platform.ids import new_id
from portal.platform.marking import mark
from portal.platform.settings import override, settings
from tests.harness import cluster
from tests.harness.log_rows import many_entries, seal_now
from tests.harness.world import draft_order, issued_order, trading_pair


@pytest.fixture
async def app(database: str, connected: None):
    """A connection as the application to a database of this story's own."""
    name = f"{database}_seal"
    cluster.clone(name)
    connection = await asyncpg.connect(cluster.url("portal_app", name))
    with override(owner_url=cluster.url("portal_owner", name)):
        yield connection
    await connection.close()


def check(kept: Any = ()) -> Any:
    return verify(str(settings().owner_url), kept)


async def test_what_was_done_is_sealed_with_a_checkpoint_that_the_ring_signed(connected, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)

    sealed = await seal_now()

    assert sealed
    assert is_signed(sealed.note, signers()[0].public)
    assert not is_signed(sealed.note.replace("\n\n", "\nx\n\n"), signers()[0].public)
    assert Checkpoint.of(sealed.note) == sealed.checkpoint
    own = superuser.execute(
        "select count(*), count(s.position) from audit_entry e left join audit_seal s on s.entry_id = e.id "
        "where e.root_id = %s",
        [order.id],
    ).fetchone()
    assert own == (4, 4)
    assert await seal_now() is None


async def test_a_transaction_that_commits_late_is_sealed_late_and_not_skipped(app, database):
    other = await asyncpg.connect(cluster.url("portal_app", f"{database}_seal"))
    late = other.transaction()
    await late.start()
    [early_id] = await many_entries(other, 1)
    ids = await many_entries(app, 3)

    first: Any = await seal(app)
    assert first.entries == 3
    await late.commit()
    await other.close()
    sealed: Any = await seal(app)

    assert (sealed.entries, sealed.checkpoint.size) == (1, 4)
    assert early_id < min(ids)
    assert check().intact


async def test_sealers_at_once_seal_everything_once(app, database):
    await many_entries(app, 400)
    others = [await asyncpg.connect(cluster.url("portal_app", f"{database}_seal")) for _ in range(4)]

    done = await asyncio.gather(*(seal(connection, 60) for connection in others for _ in range(1)))
    while await seal(app, 60):
        pass

    assert sum(each.entries for each in done if each) == 240
    verdict = check()
    assert (verdict.entries, verdict.faults) == (400, [])
    for connection in others:
        await connection.close()


async def test_a_write_does_not_wait_for_the_sealer_nor_for_another_write(connected):
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    sealer, writer = [await asyncpg.connect(settings().database_url) for _ in range(2)]
    async with sealer.transaction(), writer.transaction():
        await sealer.fetchrow("select * from portal.last_checkpoint()")
        await sealer.fetch("select * from portal.unsealed(100)")
        await many_entries(writer, 1, company.requester)

        await asyncio.wait_for(draft_order(company, supplier), 2)
    await sealer.close()
    await writer.close()


async def test_the_sealer_does_not_build_on_a_log_that_was_tampered_with(app, database):
    await many_entries(app, 5)
    await seal(app)
    superuser = await asyncpg.connect(cluster.url("postgres", f"{database}_seal"))
    await superuser.execute("set session_replication_role = replica; update audit_checkpoint set root = sha256(root)")
    await superuser.close()
    await many_entries(app, 1)

    with pytest.raises(Tampered):
        await seal(app)
    assert {fault.kind for fault in check().faults} == {"checkpoint-changed"}


async def test_a_log_outlives_the_keys_that_signed_it(app):
    await many_entries(app, 3)
    old, new = cluster.RING, "another key ring which is as long as the first"
    first: Any = await seal(app)
    await many_entries(app, 3)
    with override(secret_keys=(new, old)):
        await seal(app)
        assert check([first.note]).intact
    with override(secret_keys=(new,)):
        assert check([first.note]).intact
    with override(secret_keys=(old,)):
        assert {fault.kind for fault in check().faults} == {"seal-changed", "signature"}


async def test_a_checkpoint_of_another_database_is_told_from_a_log_that_was_rewritten(app, connected):
    await many_entries(app, 3)
    mine: Any = await seal(app)
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    theirs: Any = await seal_now()
    foreign = renamed(theirs.checkpoint)
    assert check([mine.note]).intact
    assert {fault.kind for fault in check([mine.note, foreign]).faults} == {"other-log"}


def renamed(checkpoint: Checkpoint) -> str:
    """The same, signed for a log that has another name."""
    return signers()[0].note(checkpoint._replace(origin="procurement-portal/another"))


async def copied(app, of, **changes: Any) -> UUID:
    """A perfect forgery of an entry by whoever owns the database: another one of its columns, salt and right leaf."""
    superuser = await asyncpg.connect(cluster.url("postgres", (await app.fetchval("select current_database()"))))
    found: Any = await superuser.fetchrow("select * from audit_entry where id = $1", of)
    row: dict[str, Any] = dict(found) | {"id": new_id()} | changes
    said = {name: value for name, value in row.items() if name not in ("salt", "leaf", "mark", "body")}
    row["leaf"] = commit(row["salt"], canonical(said | {"body": json.loads(row["body"])}))
    names = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await superuser.execute("set session_replication_role = replica")
    await superuser.execute(f"insert into audit_entry ({names}) values ({places})", *row.values())
    await superuser.execute("insert into audit_unsealed (entry_id) values ($1)", row["id"])
    await superuser.close()
    return row["id"]


@pytest.mark.parametrize("taken", [{}, {"mark": None}])
async def test_an_entry_that_came_past_the_portal_is_not_sealed_and_is_named(app, taken):
    first, *_more = await many_entries(app, 3)
    await seal(app)
    forged = await copied(app, first, **taken)
    await many_entries(app, 2)

    sealed: Any = await seal(app)

    assert (sealed.entries, [(fault.kind, fault.entry) for fault in check().faults]) == (2, [("unmarked", str(forged))])


async def test_marks_that_were_taken_away_open_no_door(app):
    first, *_more = await many_entries(app, 3)
    await seal(app)
    superuser = await asyncpg.connect(cluster.url("postgres", (await app.fetchval("select current_database()"))))
    await superuser.execute("set session_replication_role = replica")
    await superuser.execute("update audit_entry set mark = null")
    await superuser.close()
    await copied(app, first, mark=None)
    with pytest.raises(Tampered):
        await seal(app)
    assert {fault.kind for fault in check().faults} >= {"seal-changed"}


HIDDEN = {
    "update audit_checkpoint set peaks = set_byte(peaks, 0, get_byte(peaks, 0) # 1)": "checkpoint-changed",
    "update audit_node set hash = set_byte(hash, 0, get_byte(hash, 0) # 1)": "node-changed",
    "delete from audit_node": "node-changed",
    "insert into audit_node values (16, 3, sha256('x'))": "node-changed",
    "update audit_seal set owner_id = uuidv7() where position = 7": "seal-changed",
    "update audit_seal set shown_to = uuidv7() where position = 7": "seal-changed",
}


@pytest.mark.parametrize("act", HIDDEN)
async def test_what_sealing_proofs_and_readers_rest_on_is_checked_too(app, act):
    await many_entries(app, 300)
    await seal(app)
    superuser = await asyncpg.connect(cluster.url("postgres", (await app.fetchval("select current_database()"))))
    await superuser.execute("set session_replication_role = replica")
    await superuser.execute(act)
    await superuser.close()
    assert {fault.kind for fault in check().faults} == {HIDDEN[act]}


async def test_odd_letters_are_sealed_as_they_are(app):
    written = await many_entries(app, 2)
    odd = "".join(map(chr, range(1, 160))) + '采购 \u2028 🧾 "quoted" \\ /'
    assert written

    superuser = await asyncpg.connect(cluster.url("postgres", (await app.fetchval("select current_database()"))))
    await superuser.execute("set session_replication_role = replica")
    row = dict(await superuser.fetchrow("select * from audit_entry where id = $1", written[0]))
    said = {name: value for name, value in row.items() if name not in ("salt", "leaf", "mark", "body")}
    said |= {"subject": odd, "body": {"data": {"note": odd}, "rows": []}}
    leaf = commit(row["salt"], canonical(said))
    await superuser.execute(
        "update audit_entry set subject = $2, body = $3, leaf = $4, mark = $5 where id = $1",
        *(written[0], odd, canonical(said["body"]).decode(), leaf, mark(leaf)),
    )
    await superuser.execute("delete from audit_private where entry_id = $1", written[0])
    await superuser.close()
    await seal(app)
    assert check().intact


@pytest.mark.parametrize(
    "act",
    [
        "update audit_seal set position = 7", "delete from audit_seal", "truncate audit_seal",
        "delete from audit_checkpoint", "truncate audit_checkpoint", "update audit_node set place = 1",
        "insert into audit_seal select * from audit_seal", "select * from audit_unsealed", "select * from audit_node",
        "delete from audit_unsealed", "insert into audit_unsealed values (uuidv7())",
        "update audit_entry set event = ''", "delete from audit_entry", "truncate audit_entry",
        "delete from audit_private", "truncate audit_private",
    ],
)  # fmt: skip
async def test_the_application_has_no_way_to_write_the_log_anew(app, act):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(act)
