"""Receiving: an e-invoice that a supplier brings as a file becomes a draft, and the file is kept as it came.

The file is looked at before anything is opened: what it is, by its bytes; its schema and the rules of EN 16931; whom
and which orders it names. All that is wrong with it is said at once, and nothing is kept then.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from portal.access.guards import require
from portal.invoicing.commands.arrive import LONGEST, File, keep_file, read_file, require_rules, xml_of
from portal.invoicing.commands.draft import NumberTaken, draft
from portal.invoicing.commands.lines import Billing, named
from portal.invoicing.forms import InvoiceForm
from portal.invoicing.queries import NUMBERED, Source, turn_of
from portal.invoicing.queries.received import NamedOrder, advice_called, orders_called
from portal.invoicing.queries.source import source_of
from portal.invoicing.rules import ADVANCE, number_key
from portal.invoicing.rules.received.filling import filled
from portal.invoicing.rules.received.pairing import WHY, Pair, orders_named, paired
from portal.invoicing.tables import Invoice
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.einvoice.model import Invoice as Document
from portal.platform.einvoice.parties import is_another, party_of
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing


async def receive(actor: Actor, file: File) -> Invoice:
    """A draft of what the file says; what it says beyond that is told beside the draft."""
    require(actor, "invoices:create")
    xml = await xml_of(file.content)
    read = await read_file(file.content, xml)
    said = read.arrived.document
    await require_rules(xml)
    if said.is_credit:
        raise Invalid.field("type_code", _("This is a credit note. Bring it under Credit notes."))
    taken = (actor.organisation_id, number_key(said.number))
    async with changing(actor, turn_of(*taken), NUMBERED.of(*taken)) as change:
        orders = await _orders_of(change, said, file.of)
        await _require_new(change, said, orders[0])
        found = await source_of(change, [order.id for order in orders])
        pairs = paired(said, orders[0].number, found.lines)
        invoice = await _drafted(change, found, said, pairs, file.content)
        keep_file(change, invoice, file, read, "order_line_id", pairs)
    return invoice


async def _orders_of(change: Change, said: Document, order: str) -> list[NamedOrder]:
    """The orders that the file may bill, the one whose lines it means first. Raises Invalid; whether somebody else has
    an order of that number is told to nobody."""
    number = said.order or (order if order.isprintable() else "")
    if not number:
        raise Invalid.field("order", _("The file names no order (BT-13). Say which of your orders it bills."))
    shown = number[:LONGEST]
    called = await orders_called(change, [number, *orders_named(said)])
    theirs = [each for each in called if not is_another(said.buyer, party_of(each.buyer))]
    main = [each for each in theirs if each.number == number]
    if not main:
        raise Invalid.field("order", _("You have no order {order} of this customer.", order=shown))
    if len({each.buyer_id for each in main}) > 1:
        message = _(
            "Several customers have an order {order}: name yours by its GLN or VAT number.", order=number[:LONGEST]
        )
        raise Invalid.field("order", message)
    if is_another(said.seller, party_of(main[0].supplier)):
        raise Invalid.field("seller", _("The file is another company’s invoice, not yours."))
    return main + [each for each in theirs if each.number != number and each.buyer_id == main[0].buyer_id]


async def _require_new(change: Change, said: Document, order: NamedOrder) -> None:
    """A number that an invoice to this buyer bears already is refused with the way to that one."""
    others = await change.part(NUMBERED, change.actor.organisation_id, number_key(said.number))
    same = [each for each in others if each.buyer_id == order.buyer_id]
    if same:
        told = {"number": same[0].number, "day": same[0].issue_date}
        message = _("You have invoice {number} of {day} here already.", **told)
        raise NumberTaken("number", message, same[0].id)


async def _drafted(change: Change, found: Source, said: Document, pairs: Sequence[Pair], content: bytes) -> Invoice:
    form = _form(said, found, pairs)
    known = {pair.of.id: pair.of for pair in pairs if pair.of is not None}
    billed = {line.order_id for line in known.values()}
    of = found._replace(orders=[order for order in found.orders if order.id in billed])
    invoice = await _fitting(change, of, form, named(form.lines or [], known), hashlib.sha256(content).hexdigest())
    invoice.despatch_advice_id = await advice_called(change, said.despatch_advice, list(known))
    return invoice


async def _fitting(change: Change, of: Source, form: InvoiceForm, billings: Sequence[Billing], sha256: str) -> Invoice:
    """What was paid before, or rounded, and does not fit what the draft comes to is left out of it, each by itself:
    the draft says which, and why."""
    try:
        return await draft(change, of, form, billings, sha256=sha256)
    except Invalid as refusal:
        fields = {each.field for each in refusal.errors}
        if any(field not in ADVANCE or getattr(form, field) is None for field in fields):
            raise
        return await _fitting(change, of, msgspec.structs.replace(form, **dict.fromkeys(fields)), billings, sha256)


def _form(said: Document, found: Source, pairs: Sequence[Pair]) -> InvoiceForm:
    """The form, or every problem of it and of the file at once, at the lines of the file."""
    errors, order = list(_problems(said, found, pairs)), found.orders[0]
    raw, places = filled(said, pairs, order.id, order.currency)
    try:
        form = convert(InvoiceForm, raw, lenient=True)
    except Problems as problems:
        raise Invalid(errors=[*errors, *(at_line(each, places) for each in problems.errors)]) from problems
    if errors:
        raise Invalid(errors=errors)
    return form


def _problems(said: Document, found: Source, pairs: Sequence[Pair]) -> Iterator[FieldError]:
    currency = found.orders[0].currency
    if said.currency != currency:
        yield FieldError("currency", _("The order is in {currency}.", currency=currency))
    if all(pair.of is None for pair in pairs):
        for place, pair in enumerate(pairs):
            yield FieldError(f"lines.{place}", WHY[pair.why])


def at_line(error: FieldError, places: Sequence[int]) -> FieldError:
    """A problem of the form's line at the line of the file that it began with."""
    match error.field.split("."):
        case ["lines", number, *rest] if number.isdecimal() and int(number) < len(places):
            return FieldError(".".join(["lines", str(places[int(number)]), *rest]), error.message)
    return error
