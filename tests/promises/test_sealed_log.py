"""The log can be trusted: whatever is changed, removed, inserted or reordered in it is found, and named."""

import random
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import psycopg
import pytest

from portal.audit.faults import Fault
from portal.audit.sealing import seal
from portal.audit.verifying import Check
from tests.harness import cluster
from tests.harness.log_rows import many_entries

TAMPERINGS = 1_000
ENTRIES, BATCH = 90, 30


class Log(NamedTuple):
    """A sealed log of its own: a superuser's connection, its entries by position, and its last signed note."""

    connection: psycopg.Connection[Any]
    entries: list[UUID]
    note: str


@pytest.fixture(scope="module")
async def log(database: str, connected: None) -> AsyncIterator[Log]:
    name = f"{database}_log"
    cluster.clone(name)
    app = await asyncpg.connect(cluster.url("portal_app", name))
    await many_entries(app, ENTRIES)
    note = ""
    while sealed := await seal(app, BATCH):
        note = sealed.note
    await app.close()
    with psycopg.connect(cluster.url("postgres", name)) as superuser:
        superuser.execute("set session_replication_role = replica")
        rows = superuser.execute("select entry_id from audit_seal order by position").fetchall()
        superuser.commit()
        yield Log(superuser, [row[0] for row in rows], note)
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        cluster.run(connection, f'drop database "{name}" with (force)')


def test_an_untouched_log_is_intact(log):
    verdict = Check(log.connection).run([log.note])
    log.connection.rollback()
    assert verdict.faults == []
    assert (verdict.entries, verdict.waiting, verdict.checkpoints) == (ENTRIES, 0, 3)


# Each does one thing to the log as superuser, past every trigger, and gives what must be named: entries or positions.
Tamper = Callable[[Log, random.Random], "set[UUID | int]"]


def a_byte_of_what_it_says(log: Log, chance: random.Random) -> set[UUID | int]:
    entry = chance.choice(log.entries)
    found: Any = log.connection.execute("select body::text as body from audit_entry where id = %s", [entry]).fetchone()
    places = [n for n, letter in enumerate(found[0]) if letter.isascii() and letter.isalnum()]
    place = chance.choice(places)
    was = found[0][place]
    other = chance.choice([each for each in "0123456789" if each != was]) if was.isdigit() else was.swapcase()
    body = found[0][:place] + other + found[0][place + 1 :]
    try:
        with log.connection.transaction():
            log.connection.execute("update audit_entry set body = %s::json where id = %s", [body, entry])
    except psycopg.errors.InvalidTextRepresentation:  # a letter of null or true: no JSON any more
        return a_byte_of_what_it_says(log, chance)
    return {entry}


COLUMNS = (
    "subject = subject || ' '", "event = event || '.'", "at = at + interval '1 microsecond'", "actor_id = null",
    "request_id = 'x' || request_id", "organisation_id = gen_random_uuid()", "shown_to = owner_id",
    "root_id = gen_random_uuid()", "subject_id = gen_random_uuid()", "subject_kind = 'invoice'",
    "actor_kind = 'system'", "owner_id = gen_random_uuid()",
    "salt = set_byte(salt, 3, get_byte(salt, 3) # 1)", "leaf = set_byte(leaf, 9, get_byte(leaf, 9) # 1)",
    "body = (replace(body::text, ':', ': '))::json",
)  # fmt: skip


def a_column(log: Log, chance: random.Random) -> set[UUID | int]:
    entry = chance.choice(log.entries)
    log.connection.execute(f"update audit_entry set {chance.choice(COLUMNS)} where id = %s".encode(), [entry])
    return {entry}


def a_private_side(log: Log, chance: random.Random) -> set[UUID | int]:
    entry = chance.choice(log.entries)
    act = chance.choice((
        "update audit_private set body = replace(body::text, 'late', 'soon')::json where entry_id = %s",
        "update audit_private set salt = set_byte(salt, 0, get_byte(salt, 0) # 1) where entry_id = %s",
        "update audit_private set owner_id = gen_random_uuid() where entry_id = %s",
        "delete from audit_private where entry_id = %s",
        "insert into audit_private select entry_id, uuidv7(), salt, body from audit_private where entry_id = %s",
    ))  # fmt: skip
    log.connection.execute(act.encode(), [entry])
    return {entry}


def an_entry_taken_away(log: Log, chance: random.Random) -> set[UUID | int]:
    entry = chance.choice(log.entries)
    log.connection.execute("delete from audit_entry where id = %s", [entry])
    return {entry}


def an_entry_and_its_seal(log: Log, chance: random.Random) -> set[UUID | int]:
    """Taken away, and perhaps the gap closed by moving all later ones up."""
    place = chance.randrange(ENTRIES - 1)
    log.connection.execute("delete from audit_entry where id = %s", [log.entries[place]])
    log.connection.execute("delete from audit_seal where position = %s", [place])
    if chance.random() < 0.5:
        return {place}
    for position in range(place + 1, ENTRIES):
        log.connection.execute("update audit_seal set position = position - 1 where position = %s", [position])
    return {log.entries[place + 1]}


def an_entry_put_in(log: Log, chance: random.Random) -> set[UUID | int]:
    fresh: Any = log.connection.execute(
        "insert into audit_entry select uuidv7(), at, organisation_id, actor_id, actor_kind, owner_id, shown_to, "
        "event, subject_kind, subject_id, subject, root_id, request_id, body, salt, leaf "
        "from audit_entry where id = %s returning id",
        [chance.choice(log.entries)],
    ).fetchone()
    return {fresh[0]}


def two_exchanged(log: Log, chance: random.Random) -> set[UUID | int]:
    """Their places, or what they say: whole, so that each still fits its own leaf."""
    one, other = chance.sample(range(ENTRIES), 2)
    if chance.random() < 0.5:
        for position, place in ((-1, one), (one, other), (other, -1)):
            log.connection.execute("alter table audit_seal drop constraint if exists audit_seal_position_check")
            log.connection.execute("update audit_seal set position = %s where position = %s", [position, place])
        return {log.entries[one], log.entries[other]}
    log.connection.execute(
        "update audit_entry a set body = b.body, salt = b.salt, leaf = b.leaf, subject = b.subject from audit_entry b "
        "where (a.id, b.id) in ((%(one)s, %(other)s), (%(other)s, %(one)s))",
        {"one": log.entries[one], "other": log.entries[other]},
    )
    return {log.entries[one], log.entries[other]}


def a_seal(log: Log, chance: random.Random) -> set[UUID | int]:
    place = chance.randrange(ENTRIES)
    part = chance.choice(("leaf", "mark"))
    log.connection.execute(
        f"update audit_seal set {part} = set_byte({part}, 0, get_byte({part}, 0) # 1) where position = %s".encode(),
        [place],
    )
    return {log.entries[place]}


def a_checkpoint(log: Log, chance: random.Random) -> set[UUID | int]:
    size = chance.choice((30, 60, 90))
    act = chance.choice((
        "root = set_byte(root, 0, get_byte(root, 0) # 1)", "at = at + interval '1 second'",
        "note = replace(note, '2', '3')", "public_key = sha256(public_key)",
    ))  # fmt: skip
    log.connection.execute(f"update audit_checkpoint set {act} where size = %s".encode(), [size])
    return {size}


def the_end_cut_off(log: Log, chance: random.Random) -> set[UUID | int]:
    """Entries, seals and checkpoints: only what was kept outside the database still knows of them."""
    size = chance.choice((30, 60))
    log.connection.execute("delete from audit_entry where id = any(%s)", [log.entries[size:]])
    log.connection.execute("delete from audit_seal where position >= %s", [size])
    log.connection.execute("delete from audit_checkpoint where size > %s", [size])
    return {size}


def everything_written_anew(log: Log, chance: random.Random) -> set[UUID | int]:
    """An entry with a leaf that fits, in the entry and in its seal: what is missing is the key."""
    place = chance.randrange(ENTRIES)
    log.connection.execute("update audit_seal set leaf = sha256(leaf) where position = %s", [place])
    log.connection.execute("update audit_entry set leaf = sha256(leaf) where id = %s", [log.entries[place]])
    return {log.entries[place]}


TAMPERS: tuple[Tamper, ...] = (
    a_byte_of_what_it_says, a_column, a_private_side, an_entry_taken_away, an_entry_and_its_seal, an_entry_put_in,
    two_exchanged, a_seal, a_checkpoint, the_end_cut_off, everything_written_anew,
)  # fmt: skip


def test_a_thousand_tamperings_are_all_found_and_named(log):
    chance = random.Random(16)
    missed = []
    for number in range(TAMPERINGS):
        tamper = TAMPERS[number % len(TAMPERS)]
        wanted = tamper(log, chance)
        faults = Check(log.connection).run([log.note]).faults
        log.connection.rollback()
        if not wanted <= named(faults):
            missed.append((tamper.__name__, wanted, faults))
    assert missed == []


def named(faults: list[Fault]) -> set[UUID | int]:
    entries = {UUID(fault.entry) for fault in faults if fault.entry}
    return {*entries, *(fault.position for fault in faults if fault.position is not None)}
