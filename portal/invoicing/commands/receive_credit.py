"""Receiving: a credit note that a supplier brings as a file becomes a draft for the invoice that it refers back to, and
the file is kept as it came. It is looked at as an invoice is: bytes, schema, rules, then whom and what it names.
"""

import hashlib
from collections.abc import Iterator, Sequence

from portal.access.guards import require
from portal.invoicing.commands.arrive import LONGEST, File, keep_file, read_file, require_rules, xml_of
from portal.invoicing.commands.credit import credit_draft
from portal.invoicing.commands.receive import at_line
from portal.invoicing.commands.reckon import BeyondInvoice
from portal.invoicing.forms import CREDIT_KINDS, CreditForm
from portal.invoicing.queries import left_to_credit
from portal.invoicing.queries.received_credits import KEY, NamedInvoice, billed_lines, invoices_called
from portal.invoicing.rules import number_key
from portal.invoicing.rules.received.crediting import MIXED, WHY_CREDIT, credited, kind_of
from portal.invoicing.rules.received.pairing import Pair, paired
from portal.invoicing.tables import CreditNote
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.einvoice.model import Invoice as Document
from portal.platform.einvoice.parties import is_another, party_of
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing


async def receive_credit(actor: Actor, file: File, kind: str = "") -> CreditNote:
    """A draft of what the file says; `kind` says what it is for, which a file cannot. What it says beyond the draft is
    told beside it."""
    require(actor, "credit-notes:create")
    if kind and kind not in CREDIT_KINDS:
        raise Invalid.field("kind", _("Choose one of {choices}.", choices=", ".join(CREDIT_KINDS)))
    xml = await xml_of(file.content)
    read = await read_file(file.content, xml)
    said = read.arrived.document
    await require_rules(xml)
    if not said.is_credit:
        raise Invalid.field("type_code", _("This is an invoice. Bring it under Invoices, by Invoice by a file."))
    async with changing(actor) as change:
        invoice = await _invoice_of(change, said, file.of)
        pairs = paired(said, said.order or invoice.order_number, await billed_lines(change, invoice.id))
        note = await _drafted(change, said, invoice, pairs, kind, file.content)
        keep_file(change, note, file, read, KEY, pairs)
    return note


async def _invoice_of(change: Change, said: Document, number: str) -> NamedInvoice:
    """The invoice that it refers back to (BT-25), else the one of `number`. Whether somebody else has an invoice of
    that number is told to nobody."""
    named = list(dict.fromkeys(each.number for each in said.preceding if each.number))
    if len(named) > 1:
        numbers = ", ".join(named)[:LONGEST]
        message = _("It refers back to several invoices ({numbers}). Bring a credit note for each.", numbers=numbers)
        raise Invalid.field("invoice", message)
    wanted = (named or [number])[0]
    if not wanted.isprintable() or not number_key(wanted):
        raise Invalid.field("invoice", _("The file names no invoice (BT-25). Say which of yours it credits."))
    called = await invoices_called(change, number_key(wanted))
    theirs = [each for each in called if not is_another(said.buyer, party_of(each.buyer))]
    if not theirs:
        raise Invalid.field(
            "invoice", _("You have sent no invoice {number} to this customer.", number=wanted[:LONGEST])
        )
    if len({each.buyer_id for each in theirs}) > 1:
        message = _("Several customers have an invoice {number}: name yours by its GLN or VAT number.", number=wanted)
        raise Invalid.field("invoice", message)
    if is_another(said.seller, party_of(theirs[0].supplier)):
        raise Invalid.field("seller", _("The file is another company’s credit note, not yours."))
    return theirs[0]


async def _drafted(
    change: Change, said: Document, invoice: NamedInvoice, pairs: Sequence[Pair], kind: str, content: bytes
) -> CreditNote:
    left = {each.line.id: each for each in await left_to_credit(change, invoice)}
    meant = kind or kind_of(pairs, left)
    errors = list(_problems(said, invoice, pairs, meant))
    raw, places = credited(said, pairs, invoice.id, meant or "goods")
    try:
        form = convert(CreditForm, raw, lenient=True)
    except Problems as problems:
        raise Invalid(errors=[*errors, *(at_line(each, places) for each in problems.errors)]) from problems
    if errors:
        raise Invalid(errors=errors)
    try:
        return await credit_draft(change, form, sha256=hashlib.sha256(content).hexdigest())
    except BeyondInvoice as refusal:
        raise BeyondInvoice([at_line(each, places) for each in refusal.errors], invoice.id) from refusal


def _problems(said: Document, invoice: NamedInvoice, pairs: Sequence[Pair], kind: str) -> Iterator[FieldError]:
    if said.currency != invoice.currency:
        yield FieldError("currency", _("The invoice is in {currency}.", currency=invoice.currency))
    if all(pair.of is None for pair in pairs):
        for place, pair in enumerate(pairs):
            yield FieldError(f"lines.{place}", WHY_CREDIT[pair.why])
    elif not kind:
        yield FieldError("lines", MIXED)
