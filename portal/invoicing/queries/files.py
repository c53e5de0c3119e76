"""Received files at rest: opened for whoever may read them. Each is sealed with a key of its own, which the key ring
wraps; one that a release before kept lies in plain bytes until its supplier's job seals it."""

import asyncio
import hashlib
from typing import Any, Final
from uuid import UUID

import msgspec

from portal.platform import vault
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import View

CONTENT, XML = "content", "xml"
MOST: Final = 100  # files that are looked up at once
_FACTS = "name, media_type, syntax, sha256, names_account, lines, left_out, received_at, data_key"
_INSIDE = "case media_type when 'application/pdf' then 'xml' else 'content' end as part"
_OF_INVOICE = f"select invoice_id as record_id, {_FACTS}, coalesce(size, octet_length(content)) as size"
_OF_CREDIT = f"select credit_note_id as record_id, {_FACTS}, size, null::bytea as plain"
# By what was made of the file: the statement for the file itself, and that for the XML.
_KEPT: Final = {
    "invoice": (
        f"{_OF_INVOICE}, 'content' as part, content as plain, sealed from received_invoice where invoice_id = $1",
        f"{_OF_INVOICE}, {_INSIDE}, coalesce(xml, content) as plain, coalesce(sealed_xml, sealed) as sealed "
        "from received_invoice where invoice_id = $1",
    ),
    "credit-note": (
        f"{_OF_CREDIT}, 'content' as part, sealed from received_credit_note where credit_note_id = $1",
        f"{_OF_CREDIT}, {_INSIDE}, coalesce(sealed_xml, sealed) as sealed "
        "from received_credit_note where credit_note_id = $1",
    ),
}
_PLAIN = (
    "select invoice_id from received_invoice where supplier_id = $1 and data_key is null order by invoice_id limit $2"
)


class Unreadable(Conflict):
    """The file is there and cannot be opened; what was made of it is not touched by that."""


class Kept(msgspec.Struct):
    """A file as it lies: its facts, which line of it became which line of the draft, and its whole `part`, `sealed`
    under `data_key` or `plain`."""

    record_id: UUID
    name: str
    media_type: str
    syntax: str
    sha256: str
    size: int
    names_account: bool
    lines: list[dict[str, Any]]
    left_out: list[dict[str, str]]
    received_at: Any
    data_key: bytes | None
    part: str
    plain: bytes | None
    sealed: bytes | None


async def kept_file(view: View, record_id: UUID, of: str = "invoice") -> Kept | None:
    """With the file itself; `of` is the kind of what was made of it."""
    return await view.struct(Kept, _KEPT[of][0], record_id)


async def kept_xml(view: View, record_id: UUID, of: str = "invoice") -> Kept | None:
    """With the document that a PDF carries inside, else with the file itself."""
    return await view.struct(Kept, _KEPT[of][1], record_id)


async def opened(kept: Kept) -> bytes:
    """The part as it came; a file is held against its hash. Raises `Unreadable`."""
    return await asyncio.to_thread(_opened, kept)


def purpose(record_id: UUID) -> str:
    """What the key of this file is wrapped for, so that it opens no other."""
    return vault.PURPOSES["received-file"].format(id=record_id)


async def plain_files(view: View) -> list[UUID]:
    """The supplier's own invoices whose file lies in plain bytes, the oldest first."""
    return [row["invoice_id"] for row in await view.fetch(_PLAIN, view.actor.organisation_id, MOST)]


def _opened(kept: Kept) -> bytes:
    try:
        found = _unsealed(kept)
        if kept.part == CONTENT and hashlib.sha256(found).hexdigest() != kept.sha256:
            raise vault.Damaged("The bytes are not those that came.")
    except vault.KeyLost as error:
        raise Unreadable(
            _("The file is sealed with a key that is missing here. Whoever runs the portal has to bring the key back.")
        ) from error
    except vault.Damaged as error:
        raise Unreadable(
            _("The file is no longer as it came. Whoever runs the portal has to restore it; ask the supplier for it.")
        ) from error
    return found


def _unsealed(kept: Kept) -> bytes:
    if kept.sealed is None or kept.data_key is None:
        assert kept.plain is not None, "a file is sealed or plain"
        return kept.plain
    return vault.open_file(vault.unwrap(purpose(kept.record_id), kept.data_key), kept.part, kept.sealed)
