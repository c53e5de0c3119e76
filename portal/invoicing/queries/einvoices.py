"""The machine-readable document of what was sent: written from its frozen snapshot, so it is the same each time."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.invoicing.queries.credits import snapshot_of_credit
from portal.invoicing.queries.one import snapshot_of_invoice
from portal.invoicing.rules.einvoice import SYNTAXES, invoice_of, written
from portal.organisations.queries import Terms
from portal.platform.einvoice import checking
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import View


class Written(NamedTuple):
    """A document in a syntax, and what a disk calls it."""

    name: str
    xml: bytes


async def e_invoice(view: View, kind: str, record_id: UUID, syntax: str) -> Written:
    """An invoice or a credit note that was sent; a draft has none (409)."""
    if syntax not in SYNTAXES:
        raise Invalid.field("syntax", _("Choose one of {choices}.", choices=", ".join(SYNTAXES)))
    snapshot = await (snapshot_of_invoice if kind == "invoice" else snapshot_of_credit)(view, record_id)
    return await asyncio.to_thread(_written, snapshot, syntax)


async def inside(snapshot: Mapping[str, Any]) -> bytes | None:
    """The CII that a PDF of it carries; None of one that does not keep the rules, as some from before they were asked
    for. Raises Uncheckable if that could not be found out."""
    xml = await asyncio.to_thread(lambda: written(invoice_of(snapshot), "cii"))
    return xml if not await checking.findings(xml) else None


def _written(snapshot: Mapping[str, Any], syntax: str) -> Written:
    document = invoice_of(snapshot)
    plain = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in document.number).strip(" .")
    return Written(f"{plain[:120] or 'document'}-{syntax}.xml", written(document, syntax))


def parties_of(agreement: Terms) -> dict[str, Any]:
    """Both sides as a document keeps them, and in which form its buyer wants it."""
    wish = {"format": agreement.e_invoice, "buyer_reference": agreement.buyer_reference}
    parties = {"buyer": msgspec.to_builtins(agreement.buyer), "supplier": msgspec.to_builtins(agreement.supplier)}
    return parties | {"e_invoice": wish}
