"""Checking the whole log in its database: every entry, every seal, the tree over them and every signature.

It is read as the schema's owner in the gate's role and reckoned anew in this process: the database is believed in
nothing but what it gives out. Three things are held together. An entry's leaf must be the commitment to what the entry
says; the seal of a position must carry that leaf and its own keyed mark; the leaves in their order must have the roots
that the checkpoints sign, also those that were kept outside the database. What the log says of the loads of the access
policy must be what their table says.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from portal.audit.checkpoints import Checkpoint, NoCheckpoint, is_signed, signers, verifier_key
from portal.audit.faults import Fault, Verdict
from portal.audit.handing import handed_over
from portal.audit.merkle import Frontier, Node
from portal.audit.policies import faults_of_loads
from portal.platform import marking
from portal.platform.canonical import LEAF, SALT_BYTES
from portal.platform.late import Late
from portal.platform.work.trail import private_hash

if TYPE_CHECKING:
    import psycopg
    from psycopg import rows
else:
    psycopg = Late("psycopg")
    rows = Late("psycopg.rows")

MOST_NAMED: Final = 1_000
# The canonical bytes of an entry, put together where it is read: keys in their order, texts as JSON writes them.
PAYLOAD: Final = """
'{"actor_id":' || coalesce('"' || e.actor_id || '"', 'null') || ',"actor_kind":' || to_json(e.actor_kind)
|| ',"at":"' || to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","body":' || e.body
|| ',"event":' || to_json(e.event) || ',"id":"' || e.id || '","organisation_id":"' || e.organisation_id
|| '","owner_id":"' || e.owner_id || '","request_id":' || to_json(e.request_id)
|| ',"root_id":' || coalesce('"' || e.root_id || '"', 'null')
|| ',"shown_to":' || coalesce('"' || e.shown_to || '"', 'null') || ',"subject":' || to_json(e.subject)
|| ',"subject_id":"' || e.subject_id || '","subject_kind":' || to_json(e.subject_kind) || '}'
"""
_SEALED: Final = f"""
copy (
  select s.position, s.entry_id, s.leaf, s.mark, e.leaf, e.salt, e.mark,
    s.owner_id = e.owner_id and s.shown_to is not distinct from e.shown_to, {PAYLOAD}, p.owners, p.salts, p.bodies
  from audit_seal s left join audit_entry e on e.id = s.entry_id left join lateral (
    select array_agg(owner_id::text) as owners, array_agg(salt) as salts, array_agg(body::text) as bodies
    from audit_private where entry_id = s.entry_id) p on true
  order by s.position) to stdout (format binary)
"""
# An id is read as its sixteen bytes: of the rows that are in order nobody asks for more.
_KINDS: Final = [
    *("int8", "bytea", "bytea", "bytea", "bytea", "bytea", "bytea", "bool", "text", "text[]", "bytea[]", "text[]"),
]
_PROMISE: Final = re.compile(r'"private":(?:"([0-9a-f]{64})"|\{((?:"[0-9a-f-]{36}":"[0-9a-f]{64}",?)+)\}),"rows":')
_DOMAIN: Final = LEAF + b"\x00" + bytes([SALT_BYTES])
_UNSEALED: Final = """
select e.id, e.leaf, e.mark, u.entry_id is not null as waits
from audit_entry e left join audit_unsealed u on u.entry_id = e.id
where not exists (select from audit_seal s where s.entry_id = e.id) order by e.id
"""
_GONE: Final = (
    "select entry_id from audit_unsealed u where not exists (select from audit_entry e where e.id = u.entry_id)"
)


def verify(owner_url: str, kept: Iterable[str] = ()) -> Verdict:
    """Check the log of a database; `kept` are checkpoints' notes that lie outside it."""
    with psycopg.connect(owner_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for setting in ("role portal_gate", "jit = off", "enable_sort = off", "enable_bitmapscan = off"):
            connection.execute(f"set local {setting}".encode())
        return Check(connection).run(kept)


class Check:
    """One check of one log."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection
        self.verdict = Verdict()
        self.frontier = Frontier()
        self.marks = [signer.mark for signer in signers()]
        self.publics = {signer.public for signer in signers()}
        self.peaks: dict[int, bytes] = {}
        self.writers = marking.keys()
        self.marked = False  # whether entries have their writers' marks from here on
        self.ended: dict[bytes, int] = {}  # up to where keys signed that the ring holds no more
        self.retired = 0  # marks of keys that the ring holds no more cannot be checked; the tree and its roots are

    def run(self, kept: Iterable[str]) -> Verdict:
        signed = self._checkpoints(kept)
        self._entries(signed)
        for size, checkpoints in sorted(signed.items()):
            if size > self.frontier.size:
                self._fault("log-cut", self.frontier.size, detail=f"{size} entries were signed {checkpoints[0].at}")
        self._unsealed()
        self.verdict.faults += faults_of_loads(self.connection)
        return self.verdict

    def _checkpoints(self, kept: Iterable[str]) -> dict[int, list[Checkpoint]]:
        """What was signed, by size; of the database's own also whether their columns say what their notes say."""
        signed: dict[int, list[Checkpoint]] = {}
        rows = self._found("select * from audit_checkpoint order by size")
        [origin] = [row["origin"] for row in self._found("select origin from audit_origin")] or [""]
        for public, size, handed in self._handed_over(origin):
            self.ended[public] = max(size, self.ended.get(public, 0))
            signed.setdefault(size, []).append(handed)
        self.retired = max(self.ended.values(), default=0)
        for row in rows:
            known = row["public_key"] in self.publics or row["size"] <= self.ended.get(row["public_key"], 0)
            found = self._signed(row["note"], [row["public_key"]] if known else [], row["size"])
            if found is not None:
                if (found.size, found.root, found.at) != (row["size"], row["root"], row["at"]):
                    self._fault("checkpoint-changed", row["size"], detail=found.at.isoformat())
                self.peaks[row["size"]] = row["peaks"]
                signed.setdefault(found.size, []).append(found)
        for note in kept:
            found = self._signed(note, self.publics | self.ended.keys())
            if found is not None and found.origin != origin:
                self._fault("other-log", found.size, detail=found.origin)
            elif found is not None:
                self.verdict.kept += 1
                signed.setdefault(found.size, []).append(found)
        self.verdict.checkpoints = len(rows)
        if rows:
            last = rows[-1]
            self.verdict.note = last["note"]
            self.verdict.public_key = verifier_key(last["note"].partition("\n")[0], last["public_key"])
        return signed

    def _handed_over(self, origin: str) -> Iterator[tuple[bytes, int, Checkpoint]]:
        """Keys that the ring holds no more, how far they signed, and what the key after each says of it."""
        for checkpoint, public in handed_over(self._found("select * from audit_handover"), self.publics, origin):
            if public not in self.publics:
                yield public, checkpoint.size, checkpoint

    def _signed(self, note: str, keys: Iterable[bytes], size: int | None = None) -> Checkpoint | None:
        try:
            checkpoint = Checkpoint.of(note)
        except NoCheckpoint:
            self._fault("signature", size, detail=note[:60])
            return None
        if not any(is_signed(note, key) for key in keys):
            self._fault("signature", size or checkpoint.size, detail=checkpoint.at.isoformat())
            return None
        return checkpoint

    def _entries(self, signed: dict[int, list[Checkpoint]]) -> None:
        expected, sound = 0, True
        self.nodes = {(row["level"], row["place"]): row["hash"] for row in self._found("select * from audit_node")}
        for row in self._rows():
            position = row[0]
            if position != expected:
                self._missing(expected, position)
            expected = position + 1
            self._entry(row)
            self._nodes(self.frontier.append(row[2]))
            if self.frontier.size in signed:
                sound = self._root(signed[self.frontier.size], sound)
            if self.peaks.get(self.frontier.size, b"".join(self.frontier.peaks)) != b"".join(self.frontier.peaks):
                self._fault("checkpoint-changed", self.frontier.size, detail="subtrees")
        self.verdict.entries = self.frontier.size
        for level, place in self.nodes:
            self._fault("node-changed", place << level, detail=f"level {level}")

    def _nodes(self, completed: Iterable[Node]) -> None:
        """The kept hashes, of which proofs are made, are those of the tree; what is left at the end is none of them."""
        for level, place, found in completed:
            if self.nodes.pop((level, place), None) != found:
                self._fault("node-changed", place << level, detail=f"level {level}")

    def _rows(self) -> Iterator[Any]:
        with self.connection.cursor().copy(_SEALED.encode()) as copy:
            copy.set_types(_KINDS)
            yield from copy.rows()

    def _missing(self, first: int, after: int) -> None:
        """Each position by itself, unless there are so many that a range says more."""
        if after - first > MOST_NAMED:
            self._fault("seal-removed", first, detail=f"and all up to position {after - 1}")
            return
        for position in range(first, after):
            self._fault("seal-removed", position)

    def _root(self, checkpoints: list[Checkpoint], sound: bool) -> bool:
        """Whether the entries so far have the root that was signed; told where it ceases to be so."""
        root = self.frontier.root()
        wrong = [checkpoint for checkpoint in checkpoints if checkpoint.root != root]
        if sound and wrong:
            self._fault("log-changed", self.frontier.size, detail=wrong[0].at.isoformat())
        return not wrong

    def _entry(self, row: Any) -> None:
        position, entry_id, leaf, mark, own_leaf, salt, written, shown, payload, owners, salts, bodies = row
        sealed = position.to_bytes(8) + entry_id + leaf + (written or b"")
        for key in self.marks:
            if hashlib.blake2b(sealed, key=key, digest_size=16).digest() == mark:
                break
        else:
            if position >= self.retired:
                self._fault("seal-changed", position, UUID(bytes=entry_id))
        if payload is None:
            self._fault("removed", position, UUID(bytes=entry_id))
        elif own_leaf != leaf or hashlib.sha256(_DOMAIN + salt + payload.encode()).digest() != leaf:
            self._fault("changed", position, UUID(bytes=entry_id))
        elif not keeps(payload, zip(owners, salts, bodies, strict=True) if owners else ()):
            self._fault("side-changed", position, UUID(bytes=entry_id))
        elif not shown:
            self._fault("seal-changed", position, UUID(bytes=entry_id), "whose it is")
        self.marked = self.marked or written is not None

    def _is_written(self, leaf: bytes, written: bytes | None) -> bool:
        """Whether a process with the key ring wrote what still waits; of what is sealed, the sealer asked before, and
        its own mark is over the writer's. Entries of before the first mark have none."""
        self.marked = self.marked or written is not None
        return not self.marked or marking.is_marked(leaf, written, self.writers)

    def _unsealed(self) -> None:
        for row in self._found(_UNSEALED):
            if row["waits"] and self._is_written(row["leaf"], row["mark"]):
                self.verdict.waiting += 1
            elif row["waits"]:
                self._fault("unmarked", entry=row["id"])
            else:
                self._fault("inserted", entry=row["id"])
        for row in self._found(_GONE):
            self._fault("waiting-removed", entry=row["entry_id"])

    def _found(self, sql: str) -> list[dict[str, Any]]:
        return self.connection.cursor(row_factory=rows.dict_row).execute(sql.encode()).fetchall()

    def _fault(self, kind: str, position: int | None = None, entry: str | UUID = "", detail: str = "") -> None:
        self.verdict.faults.append(Fault(kind, position, str(entry), detail))


def keeps(payload: str, sides: Iterable[tuple[str, bytes, str]], *, partly: bool = False) -> bool:
    """Whether the private sides that are there are those the entry commits to, or some of them; the first entries named
    no owner."""
    there = sorted((owner, private_hash(salt=salt, body=body)) for owner, salt, body in sides)
    found = _PROMISE.search(payload) if '"private":' in payload else None
    if found is None:
        return not there
    if found[1]:
        return [digest for _owner, digest in there] == [found[1]]
    promised = sorted(tuple(each.split(":")) for each in found[2].replace('"', "").split(","))
    return set(there) <= set(promised) if partly else there == promised
