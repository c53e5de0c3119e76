"""A file that a supplier brings: looked at before anything is made of it, kept as it came beside what became of it."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from portal.invoicing.commands.files import Parcel, packed
from portal.invoicing.rules.findings import sentences
from portal.invoicing.rules.received.pairing import Pair
from portal.invoicing.tables import CreditNote, Invoice
from portal.platform.einvoice import checking
from portal.platform.einvoice.accounts import HIDDEN, names_account, without_accounts
from portal.platform.einvoice.arriving import Arrived, invoice_from, is_pdf
from portal.platform.einvoice.opening import opened
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change

MOST_LEFT_OUT: Final = 200  # places that are told
LONGEST: Final = 300  # characters of what stands there
_ACCOUNT: Final = ("FinancialAccount", "CardAccount")
_SEALED: Final[dict[str, Message]] = {
    "none": _("This PDF carries no e-invoice inside. Bring one as Factur-X, ZUGFeRD or XRechnung, or the XML itself."),
    "locked": _("This PDF is locked by a password. Save it without one."),
    "large": _("What this PDF carries inside is larger than an e-invoice may be."),
    "broken": _("This PDF cannot be read."),
}
_KEPT: Final = """
insert into received_{of} ({of}_id, supplier_id, name, media_type, syntax, sha256, size, data_key, sealed, sealed_xml,
  names_account, lines, left_out, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
_INVOICE, _CREDIT_NOTE = _KEPT.format(of="invoice"), _KEPT.format(of="credit_note")


class File(NamedTuple):
    """What was brought: its bytes and what its sender calls it; `of` is the number of what it is for, an order or of a
    credit note an invoice, if it names none."""

    content: bytes
    name: str
    of: str = ""


class Read(NamedTuple):
    """What a file says, and the file sealed; `secret` if it names a bank account."""

    parcel: Parcel
    arrived: Arrived
    secret: bool


async def read_file(content: bytes, xml: bytes) -> Read:
    arrived = await asyncio.to_thread(invoice_from, xml)
    secret = await asyncio.to_thread(_is_secret, arrived)
    return Read(await packed(content, None if xml == content else xml), arrived, secret)


async def xml_of(content: bytes) -> bytes:
    """The file, or what a PDF carries inside."""
    if not is_pdf(content):
        return content
    inside = await opened(content)
    if inside.error:
        raise Invalid.field("", _SEALED[inside.error])
    return inside.xml


async def require_rules(xml: bytes) -> None:
    """Raises Invalid with every rule of schema and standard that the file breaks."""
    try:
        errors = sentences(await checking.findings(xml))
    except checking.Uncheckable as reason:
        raise Conflict(_("It could not be checked whether this is an e-invoice. Try again in a minute.")) from reason
    if errors:
        raise Invalid(errors=errors)


def keep_file(
    change: Change, made: Invoice | CreditNote, file: File, read: Read, key: str, pairs: Sequence[Pair]
) -> None:
    """The file as it came, and which line each of its lines was taken for, under `key`."""
    change.afterwards(
        _INVOICE if isinstance(made, Invoice) else _CREDIT_NOTE,
        *(made.id, made.supplier_id, without_accounts(file.name, LONGEST)),
        *("application/xml" if read.parcel.sealed_xml is None else "application/pdf", read.arrived.syntax),
        *(hashlib.sha256(file.content).hexdigest(), *read.parcel.columns(made.id), read.secret),
        [{key: None if pair.of is None else pair.of.id, "why": pair.why} for pair in pairs],
        _left_out_of(read),
        change.now,
    )


def _left_out_of(read: Read) -> list[dict[str, str]]:
    """What the file says beyond the model, of accounts nothing but that there is one."""
    return [
        {"path": each.path, "text": HIDDEN if _is_account(each.path) else without_accounts(each.text, LONGEST)}
        for each in read.arrived.left_out[:MOST_LEFT_OUT]
    ]


def _is_secret(arrived: Arrived) -> bool:
    """Whether the file names an account, in its place or in any text."""
    places = any(each.account for each in arrived.document.payment)
    places |= any(_is_account(each.path) for each in arrived.left_out)
    return places or names_account(msgspec.json.encode([arrived.document, arrived.left_out]).decode())


def _is_account(path: str) -> bool:
    return any(name in path for name in _ACCOUNT)
