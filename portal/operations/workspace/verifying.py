"""Checking one entry, one PDF or one file of evidence, by the same arithmetic that anybody does without the portal."""

import asyncio
import hashlib
import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from portal.audit import proofs, whose
from portal.audit.faults import Verdict
from portal.audit.offline import NoEvidence, verify_file
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.platform.work import View

MOST: Final = 100_000_000  # bytes that a file on a page may unpack to
_DOCUMENT: Final = """
select d.kind, d.number, d.revision, d.record_id, d.ready_at,
  (select e.id from audit_entry e where e.subject_id = d.id and e.event = 'document.ready'
    and e.body -> 'data' ->> 'sha256' = d.sha256 order by e.at limit 1) as entry_id
from document d where d.sha256 = $1 and d.state = 'ready' order by d.ready_at limit 1
"""


class Words(NamedTuple):
    """What a check of one kind of thing says: that all fits, why that is so, and that it does not."""

    good: Message
    why: Message
    bad: Message


_FITS: Final = _("Its leaf, the way to the root and the signature of the checkpoint all fit.")
WORDS: Final = {
    "entry": Words(_("It is as it was written"), _FITS, _("It is not as it was written")),
    "proof": Words(_("The entry stands in the sealed log"), _FITS, _("It does not prove that the entry was sealed")),
    "bundle": Words(
        _("The bundle is whole, and as it was signed"),
        _("Every file is what its signed manifest says, and each entry leads to the signed root."),
        _("The bundle is not as it was signed"),
    ),
    "consistency": Words(
        _("The later log begins with the earlier one"),
        _("Nothing of the earlier log was changed or taken away. Both checkpoints are signed by this key."),
        _("It does not prove that the later log begins with the earlier one"),
    ),
    "report": Words(
        _("The report says what was signed"),
        _("Its hash and the signature over it fit. The same hash stands in the entry that closed the review."),
        _("The report does not say what was signed"),
    ),
    "document": Words(
        _("The portal stored this very document"),
        _("The hash of its bytes stands in the sealed log: leaf, way to the root and signature of the checkpoint fit."),
        _("The portal did not store this document as it is here"),
    ),
}


class Checked(NamedTuple):
    """What was checked (a key of `WORDS`), what came of it, and the entry or record behind it.

    `foreign`: no key of this portal's signed it, so that all may fit and still be made up. `signed`: since and until
    when the key signed the log, if it is an earlier one of this portal's.
    """

    kind: str
    title: str
    intact: bool
    facts: list[tuple[Message | str, Any]]
    faults: list[str]
    entry_id: UUID | None = None
    foreign: bool = False
    signed: tuple[datetime, datetime] | None = None

    @property
    def words(self) -> Words:
        return WORDS[self.kind]


async def check_entry(view: View, entry_id: UUID) -> Checked:
    """The entry's leaf, its proof of inclusion, and the signature of the checkpoint; `Conflict` until it is sealed."""
    proof = await proofs.proof(view, entry_id)
    verdict = await asyncio.to_thread(_verdict, msgspec.json.encode(proof), ".json")
    told = [
        (_("Number in the sealed log"), proof.position + 1),
        (_("Leaf"), proof.leaf),
        (_("Steps to the root"), len(proof.hashes)),
        (_("Signed checkpoint of"), f"{proof.checkpoint.size} · {proof.checkpoint.at:%Y-%m-%d %H:%M} UTC"),
        (_("Root"), proof.checkpoint.root),
        (_("Public key"), proof.checkpoint.public_key),
    ]
    return await _checked(view, "entry", str(_("Entry of the log")), verdict, told, entry_id)


async def check_file(view: View, name: str, data: bytes) -> Checked:
    """A PDF that the portal made, an evidence bundle, or a proof."""
    if not data:
        raise Invalid.field("file", _("Choose a file."))
    if data.startswith(b"%PDF"):
        return await _check_pdf(view, name, data)
    if _unpacks_to(data) > MOST:
        raise Invalid.field("file", _("This file is too big for a page: check it by portal audit verify --file."))
    try:
        verdict = await asyncio.to_thread(_verdict, data, Path(name).suffix)
    except NoEvidence as error:
        raise Invalid.field("file", _("This is no PDF of the portal, no evidence bundle and no proof.")) from error
    return await _checked(view, verdict.kind, name, verdict, _facts(verdict))


def _facts(verdict: Verdict) -> list[tuple[Message | str, Any]]:
    """How much was looked at, and who signed it."""
    how_much: dict[str, list[tuple[Message | str, Any]]] = {
        "consistency": [
            (_("Entries of the earlier log"), verdict.earlier),
            (_("Entries of the later log"), verdict.later),
        ],
        "report": [],
    }
    signed = _("Signed") if verdict.kind == "report" else _("Checkpoint")
    told = how_much.get(verdict.kind, [(_("Entries"), verdict.entries)])
    return [*told, (_("Public key"), verdict.public_key), (signed, verdict.note)]


async def _check_pdf(view: View, name: str, data: bytes) -> Checked:
    """The very bytes that the log says were stored for a record; a single other byte is another document."""
    digest = hashlib.sha256(data).hexdigest()
    row = await view.one(_DOCUMENT, digest)
    told: list[tuple[Message | str, Any]] = [("SHA-256", digest)]
    if row is None:
        fault = str(
            _(
                "The portal stored no document of these bytes for your organisation. Of the report of an access "
                "review, check the signed file instead of its paper."
            )
        )
        return Checked("document", name, False, told, [fault])
    told += [
        (_("Document"), f"{row['number']} · {row['revision']}"),
        (_("Made at"), f"{row['ready_at']:%Y-%m-%d %H:%M} UTC"),
    ]
    if row["entry_id"] is None:
        return Checked("document", name, False, told, [str(_("The log does not tell of this document."))])
    sealed = await check_entry(view, row["entry_id"])
    return sealed._replace(kind="document", title=name, facts=[*told, *sealed.facts])


def _unpacks_to(data: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile:
        return len(data)


async def _checked(
    view: View, kind: str, title: str, verdict: Verdict, told: list[Any], entry_id: UUID | None = None
) -> Checked:
    await whose.judge(view.fetch, verdict)
    faults = [fault.sentence() for fault in verdict.faults[:50]]
    since, until = verdict.signed_since, verdict.signed_until
    signed = (since, until) if since and until else None
    return Checked(kind, title, verdict.intact, told, faults, entry_id, verdict.signed_by == whose.STRANGER, signed)


def _verdict(data: bytes, suffix: str) -> Verdict:
    with tempfile.NamedTemporaryFile(suffix=suffix[:10] or ".file") as file:
        file.write(data)
        file.flush()
        return verify_file(Path(file.name))
