"""Evidence bundles: entries of the log with all that is needed to check them without us, as one zip.

`manifest.json` names every file with its hash, what was asked, as of which checkpoint, and how many entries with which
control sums; `manifest.sig` signs it with the key of the checkpoints. `entries.jsonl` is the evidence; `entries.csv`
and `report.pdf` say the same to people; `documents/` are those of the records that the entries are about, and `missing`
of the manifest says which of them cannot be had and why. Evidence about a record is about what belongs to it, too.
"""

import hashlib
import io
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from portal.audit import proofs, queries
from portal.audit.belonging import followed
from portal.audit.checkpoints import Checkpoint, signer_of, verifier_key
from portal.audit.events import EvidenceExported
from portal.audit.forms import CheckpointOut, EntryOut
from portal.audit.merkle import consistency, inclusion
from portal.audit.tally import Tally
from portal.audit.words import sentence
from portal.platform.actor import Actor
from portal.platform.canonical import canonical
from portal.platform.csv_file import MARK, csv_line
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import WIRING
from portal.platform.work import View, viewing
from portal.platform.work.apart import keep
from portal.platform.work.rows import Asked

FORMAT: Final = "portal.audit.bundle.v1"
AT_ONCE: Final = 200
MOST: Final = 100_000
PRINTED: Final = 2_000
_MADE: Final = (1980, 1, 1, 0, 0, 0)  # a zip's own times say nothing: the manifest does
_HEADS: Final = (
    "position",
    "at",
    "event",
    "what",
    "actor",
    "organisation",
    "kind",
    "subject",
    "request_id",
    "entry_id",
)
_SEALED: Final = f"""
select e.id, s.position, e.salt, e.leaf, {proofs.PAYLOAD} as payload,
  (select jsonb_agg(jsonb_build_object('owner_id', p.owner_id, 'salt', encode(p.salt, 'hex'), 'body', p.body::text))
    from audit_private p where p.entry_id = e.id) as sides
from audit_entry e join audit_seal s on s.entry_id = e.id where e.id = any($1) and s.position < $2
"""

_RECEIPTS: Final = """
select distinct on (w.witness) w.witness, w.at, w.receipt, c.size, c.note from audit_witness w
join audit_checkpoint c on c.size = w.size where w.size <= $1 order by w.witness, w.id desc
"""


class Zip:
    """A zip whose files are remembered with their hashes for the manifest."""

    def __init__(self) -> None:
        self.bytes = io.BytesIO()
        self.files: list[dict[str, Any]] = []
        self.digest = ""
        self._zip = zipfile.ZipFile(self.bytes, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, data: bytes) -> None:
        self.files.append({"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)})
        self._zip.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)

    def close(self, manifest: Mapping[str, Any]) -> bytes:
        text = canonical({**manifest, "files": self.files})
        self.digest = hashlib.sha256(text).hexdigest()
        self._zip.writestr(zipfile.ZipInfo("manifest.json", _MADE), text)
        signature = b64encode(signer_of(manifest["public_key"]).private.sign(text))
        self._zip.writestr(zipfile.ZipInfo("manifest.sig", _MADE), signature)
        self._zip.close()
        return self.bytes.getvalue()


Tell = Callable[[float, str], None]


def _silent(_done: float, _what: str) -> None:
    """Nobody waits."""


async def evidence(
    actor: Actor, chosen: queries.EntryFilter, papers: Iterable[tuple[str, bytes]] = (), tell: Tell = _silent
) -> bytes:
    """All sealed entries that fit the filter and that the reader may see, oldest first; too many are `Invalid`.

    Documents that nobody opened yet are made before. `papers` go along as files of their own; `tell` hears how far it
    is (0 to 1) and what is being done.
    """
    async with viewing(actor) as view:
        about = await queries.records_of(view, await followed(view, chosen), MOST)
    making, missing = str(_("Making documents")), ()
    if WIRING.completed is not None:
        missing = await WIRING.completed(actor, about, lambda done: tell(0.02 + 0.3 * done, making))
    async with viewing(actor) as view:
        return await bundle(view, chosen, papers, tell, missing)


async def bundle(
    view: View,
    chosen: queries.EntryFilter,
    papers: Iterable[tuple[str, bytes]] = (),
    tell: Tell = _silent,
    missing: Iterable[Any] = (),
) -> bytes:
    """The same with the documents that there are; the manifest names the `missing` ones."""
    signed = await proofs.checkpoint(view)
    tally, made, told = Tally(), Zip(), list[EntryOut]()
    lines, table = io.BytesIO(), io.StringIO()
    table.write(MARK + csv_line(_HEADS))
    about: set[UUID] = set()
    async for done, entry, line in _evidence(view, await followed(view, chosen), signed):
        tell(0.35 + 0.35 * done, str(_("Proving entries")))
        tally.add(line)
        lines.write(msgspec.json.encode(line) + b"\n")
        table.write(csv_line(_row(entry, line["position"])))
        about |= {entry.subject_id, entry.root_id or entry.subject_id}
        told += [entry] if len(told) < PRINTED else []
    made.add("entries.jsonl", lines.getvalue())
    made.add("entries.csv", table.getvalue().encode())
    made.add("checkpoint.txt", signed.note.encode())
    tell(0.7, str(_("Adding documents")))
    for name, data in await _documents(view, about):
        made.add(f"documents/{name}", data)
    for name, data in papers:
        made.add(name, data)
    manifest = _manifest(view, chosen, signed, tally) | {"handovers": await proofs.handovers(view)}
    manifest |= {"witnesses": await _witnesses(view, signed, made), "missing": [each._asdict() for each in missing]}
    tell(0.85, str(_("Printing the report: {n} entries", n=len(told))))
    if WIRING.printed is not None:
        facts = {"manifest": manifest, "entries": told, "sentence": sentence, "files": made.files}
        made.add("report.pdf", await WIRING.printed("audit/evidence.html", **facts))
    data = made.close(manifest)
    event = EvidenceExported(tally.count, made.digest)
    await keep(view.actor, event, Asked(view.actor.organisation_id, str(chosen.object or "")))
    return data


def _manifest(view: View, chosen: queries.EntryFilter, signed: CheckpointOut, tally: Tally) -> dict[str, Any]:
    asked = {name: value for name, value in msgspec.structs.asdict(chosen).items() if value not in (None, True)}
    return {
        "format": FORMAT,
        "organisation": {"id": view.actor.organisation_id, "name": view.actor.organisation_name},
        "made_by": view.actor.name,
        "query": asked,
        "as_of": signed.at,
        "checkpoint": signed.note,
        "public_key": verifier_key(Checkpoint.of(signed.note).origin, signer_of(signed.public_key).public),
        "control": tally.figures(),
    }


async def _evidence(
    view: View, chosen: queries.EntryFilter, signed: CheckpointOut
) -> AsyncIterator[tuple[float, EntryOut, dict[str, Any]]]:
    """Entry by entry how far it is, what people read of it and what proves it, in the order of the log."""
    told, tree = await _chosen(view, chosen), proofs.Tree(view)
    for start in range(0, len(told), AT_ONCE):
        part = {entry.id: entry for entry in told[start : start + AT_ONCE]}
        rows = await view.fetch(_SEALED, list(part), signed.size)
        await tree.roots([each for row in rows for each in inclusion(row["position"], signed.size)])
        for row in sorted(rows, key=lambda row: row["position"]):
            hashes = await tree.roots(inclusion(row["position"], signed.size))
            yield start / len(told), part[row["id"]], _line(row, hashes)


async def _chosen(view: View, chosen: queries.EntryFilter) -> list[EntryOut]:
    found: list[EntryOut] = []
    cursor = None
    while True:
        page = await queries.entries(view, chosen, cursor=cursor, limit=AT_ONCE)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found[::-1]
        if len(found) > MOST:
            raise Invalid(_("These are more than {most} entries: narrow them down by time or record.", most=MOST))


def _line(row: Any, hashes: Sequence[bytes]) -> dict[str, Any]:
    return {
        "entry_id": str(row["id"]),
        "position": row["position"],
        "payload": row["payload"],
        "salt": row["salt"].hex(),
        "leaf": row["leaf"].hex(),
        "sides": row["sides"] or [],
        "hashes": [each.hex() for each in hashes],
    }


def _row(entry: EntryOut, position: int) -> tuple[Any, ...]:
    who = (entry.actor.name, entry.actor.organisation)
    said = (entry.at.isoformat(), entry.event, str(sentence(entry.event)))
    return (position, *said, *who, entry.subject_kind, entry.subject, entry.request_id, str(entry.id))


async def _witnesses(view: View, signed: CheckpointOut, made: Zip) -> list[dict[str, Any]]:
    """What each witness answered last, with the checkpoint it saw and the proof that this log begins with that one."""
    told: list[dict[str, Any]] = []
    for number, row in enumerate(await view.fetch(_RECEIPTS, signed.size), start=1):
        made.add(f"witnesses/{number}-checkpoint.txt", row["note"].encode())
        made.add(f"witnesses/{number}-receipt", row["receipt"])
        steps = await proofs.Tree(view).roots(consistency(row["size"], signed.size))
        said = {"witness": row["witness"], "at": row["at"], "checkpoint": row["note"]}
        told.append(said | {"hashes": [each.hex() for each in steps]})
    return told


async def _documents(view: View, about: Iterable[UUID]) -> Sequence[tuple[str, bytes]]:
    return await WIRING.files(view, list(about)) if WIRING.files is not None else ()
