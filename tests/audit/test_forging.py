"""Whoever owns the database, but not the key ring, rewrites the log as well as it can be done: it is found, and the
sealer does not lend its signature to it."""

from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.audit.checkpoints import Checkpoint, Signer, signers
from portal.audit.handing import Handover
from portal.audit.merkle import Frontier
from portal.audit.sealing import Tampered, hand_over, seal
from portal.audit.verifying import PAYLOAD, verify
from portal.platform.canonical import commit
from portal.platform.ids import new_id
from portal.platform.settings import override, settings
from tests.harness import cluster
from tests.harness.log_rows import many_entries

NEW, NEWER = "another key ring which is as long as the first", "a third key ring, which is as long as both before it"
OLD = cluster.RING


@pytest.fixture
async def app(database: str, connected: None):
    """A connection as the application to a database of this story's own."""
    name = f"{database}_forge"
    cluster.clone(name)
    connection = await asyncpg.connect(cluster.url("portal_app", name))
    with override(owner_url=cluster.url("portal_owner", name)):
        yield connection
    await connection.close()


@pytest.fixture
async def thief(app: Any, database: str):
    """The same database as its superuser, for whom no trigger fires."""
    connection = await asyncpg.connect(cluster.url("postgres", f"{database}_forge"))
    await connection.execute("set session_replication_role = replica")
    yield connection
    await connection.close()


def faults(*kept: str) -> set[str]:
    return {fault.kind for fault in verify(str(settings().owner_url), kept).faults}


async def somebody_else_did_it(thief: Any) -> None:
    """The first entry gets another actor, with the right leaf of what it says now."""
    entry = await thief.fetchval("select entry_id from audit_seal where position = 0")
    await thief.execute("update audit_entry set actor_id = $2 where id = $1", entry, new_id())
    salt, payload = await thief.fetchrow(f"select e.salt, {PAYLOAD} from audit_entry e where id = $1", entry)
    leaf = commit(salt, payload.encode())
    await thief.execute("update audit_entry set leaf = $2 where id = $1", entry, leaf)
    await thief.execute("update audit_seal set leaf = $2 where entry_id = $1", entry, leaf)


async def signs_all_anew(thief: Any, key: Signer) -> None:
    """Tree, roots, subtrees and notes are reckoned again, so that everything fits but for whose key it is."""
    noted = {row["size"]: Checkpoint.of(row["note"]) for row in await thief.fetch("select * from audit_checkpoint")}
    frontier = Frontier()
    await thief.execute("delete from audit_node")
    for row in await thief.fetch("select leaf from audit_seal order by position"):
        for node in frontier.append(row["leaf"]):
            await thief.execute("insert into audit_node values ($1, $2, $3)", *node)
        if was := noted.get(frontier.size):
            now = was._replace(root=frontier.root())
            await thief.execute(
                "update audit_checkpoint set root = $2, peaks = $3, public_key = $4, note = $5 where size = $1",
                *(was.size, now.root, b"".join(frontier.peaks), key.public, key.note(now)),
            )


def own_key() -> Signer:
    return Signer(Ed25519PrivateKey.generate(), b"x" * 32)


async def ends_as_before(thief: Any) -> None:
    """What was sealed last waits again, and the checkpoint before it ends the log."""
    size = await thief.fetchval("select size from audit_checkpoint order by size desc offset 1 limit 1")
    await thief.execute(
        "insert into audit_unsealed (entry_id) select entry_id from audit_seal where position >= $1", size
    )
    await thief.execute("delete from audit_seal where position >= $1", size)
    await thief.execute("delete from audit_checkpoint where size > $1", size)


async def test_a_log_that_was_signed_with_a_key_of_ones_own_is_neither_sealed_on_nor_believed(app, thief):
    for _ in range(3):
        await many_entries(app, 4)
        await seal(app)
    await ends_as_before(thief)
    await somebody_else_did_it(thief)
    await signs_all_anew(thief, own_key())

    with pytest.raises(Tampered, match="not signed by a key of this ring"):
        await seal(app)

    assert "signature" in faults()


async def test_a_key_of_ones_own_is_not_believed_because_the_ring_signed_something_later(app, thief):
    for _ in range(2):
        await many_entries(app, 4)
        await seal(app)
    genuine = await thief.fetchrow("select * from audit_checkpoint order by size desc limit 1")
    await somebody_else_did_it(thief)
    await signs_all_anew(thief, own_key())
    await thief.execute("delete from audit_checkpoint where size = $1", genuine["size"])
    await thief.execute("insert into audit_checkpoint values ($1, $2, $3, $4, $5, $6)", *genuine.values())

    assert {"signature", "seal-changed", "log-changed"} <= faults()


async def test_a_handover_that_the_ring_did_not_sign_vouches_for_nobody(app, thief):
    await many_entries(app, 4)
    await seal(app)
    await somebody_else_did_it(thief)
    key = own_key()
    await signs_all_anew(thief, key)
    last = Checkpoint.of(await thief.fetchval("select note from audit_checkpoint"))
    note = Handover(last, key.public).note(own_key())
    await thief.execute("insert into audit_handover values ($1, $2, $3)", key.public, last.size, note)

    with pytest.raises(Tampered):
        await seal(app)
    assert "signature" in faults()


async def test_columns_beside_a_genuine_note_are_not_believed(app, thief):
    await many_entries(app, 4)
    await seal(app)
    first = await thief.fetchval("select note from audit_checkpoint")
    await many_entries(app, 4)
    await seal(app)
    await thief.execute("update audit_checkpoint set note = $1 where size = 8", first)

    with pytest.raises(Tampered, match="does not say what its note says"):
        await seal(app)


async def test_a_tail_that_was_cut_off_is_missed_by_the_sealer_and_by_the_check(app, thief):
    await many_entries(app, 4)
    await seal(app)
    await many_entries(app, 4)
    kept: Any = await seal(app)
    await ends_as_before(thief)
    await thief.execute("delete from audit_unsealed")
    await thief.execute("delete from audit_entry where id not in (select entry_id from audit_seal)")
    await thief.execute("delete from audit_private where entry_id not in (select id from audit_entry)")
    await many_entries(app, 1)

    with pytest.raises(Tampered, match="ends before"):
        await seal(app, newest=kept.note)

    assert (faults(), faults(kept.note)) == (set(), {"log-cut"})
    assert [verify(str(settings().owner_url), notes).kept for notes in ([], [kept.note])] == [0, 1]


async def test_keys_are_handed_over_one_to_the_next_and_may_go(app):
    with override(secret_keys=(OLD,)):
        await many_entries(app, 3)
        first: Any = await seal(app)
    with override(secret_keys=(NEW, OLD)):
        await many_entries(app, 3)
        second: Any = await seal(app)
    with override(secret_keys=(NEWER, NEW)):
        await hand_over(app)
        assert faults(first.note, second.note) == set()
    with override(secret_keys=(NEWER,)):
        await many_entries(app, 3)
        assert await seal(app)
        assert faults(first.note, second.note) == set()


async def test_a_ring_that_nothing_leads_to_seals_nothing(app):
    with override(secret_keys=(OLD,)):
        await many_entries(app, 3)
        await seal(app)
        await many_entries(app, 3)
    with override(secret_keys=(NEW,)):
        with pytest.raises(Tampered, match="Put the old key behind it again"):
            await seal(app)
        with pytest.raises(Tampered):
            await hand_over(app)
        assert "signature" in faults()
    with override(secret_keys=(NEW, OLD)):
        assert await seal(app)
        assert faults() == set()


async def test_a_key_that_was_replaced_signs_nothing_behind_its_end(app, thief):
    with override(secret_keys=(OLD,)):
        await many_entries(app, 3)
        await seal(app)
        leaked = signers()[0]
    with override(secret_keys=(NEW, OLD)):
        await many_entries(app, 3)
        await seal(app)
    last = await thief.fetchrow("select * from audit_checkpoint order by size desc limit 1")
    await thief.execute(
        "update audit_checkpoint set public_key = $1, note = $2 where size = $3",
        *(leaked.public, leaked.note(Checkpoint.of(last["note"])), last["size"]),
    )
    with override(secret_keys=(NEW,)):
        await many_entries(app, 1)
        with pytest.raises(Tampered):
            await seal(app)
        assert "signature" in faults()
