"""From an answer to its UBL document and back. Each delivery of a split line is an order line of its own (T76).

What only the seller's system knows (its own order number) is kept in the words of the answer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portal.orders.rules.ubl.answer import Answer, AnswerLine, Substitute
from portal.platform.decimals import ONE, plain
from portal.platform.einvoice.ordering import Days, Item, Note, Price
from portal.platform.einvoice.parties import is_another, party_of
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError

REFUSED: Final[Mapping[str, Message]] = {
    "1": _("An answer adds no line. Propose a change of the order instead."),
    "42": _("What was delivered already is told by a despatch advice, not by an answer."),
}
AS_ORDERED: Final = frozenset({"5", "7"})
AS_ORDERED_IN: Final = {"quantity": "quantity", "unit_price": "unit_price", "promised_date": "requested_date"}
SALES_ORDER: Final = "SalesOrderID"
Said = Mapping[str, Any]


def answer_of(response: Any, snapshot: Said, day: date) -> Answer:
    """An answer as a document; `snapshot` is the revision that it answers, `day` when it was given."""
    header, lines = snapshot["order"], {line["line"]: line for line in snapshot["lines"]}
    return Answer(
        number=str(response.id),
        issue_date=day,
        code=response.code,
        notes=_notes(response.reason),
        currency=header["currency"],
        order=header["number"],
        seller=party_of(snapshot["supplier"]),
        buyer=party_of(snapshot["buyer"]),
        lines=tuple(_line_of(place, line, lines[line.line]) for place, line in enumerate(response.lines, start=1)),
    )


def _line_of(place: int, line: Any, ordered: Said) -> AnswerLine:
    day = line.promised_date
    base = Decimal(str(ordered["base_quantity"]))
    return AnswerLine(
        id=str(place),
        notes=_notes(line.reason),
        status=line.code,
        quantity=line.quantity,
        unit="" if line.quantity is None else ordered["unit"],
        promised=Days(since=day, until=day) if day else None,
        price=None if line.unit_price is None else Price(amount=line.unit_price, **_based(base, ordered["price_unit"])),
        item=Item(name=ordered["description"], buyer_item=ordered["item_number"]),
        substitute=Substitute(id=str(place), item=Item(name=line.substitute_item)) if line.substitute_item else None,
        order_line=str(line.line),
    )


def _based(base: Any, unit: str) -> dict[str, Any]:
    return {} if base == ONE else {"base_quantity": base, "base_unit": unit}


def _notes(text: str) -> tuple[Note, ...]:
    return (Note(text=text),) if text else ()


def response_in(answer: Answer, order: Any) -> dict[str, Any]:
    """What the document says, as the answer's own form is filled in; `mismatches` tells what does not fit."""
    known = {str(line.line): line for line in order.lines}
    lines = [_said(line, answer.promised, known.get(line.order_line)) for line in answer.lines]
    reason = "\n".join([*_texts(answer.notes), *_own_number(answer)])
    return {"code": answer.code, "reason": reason or None, "lines": lines or None}


def _said(line: AnswerLine, whole: Days | None, ordered: Any) -> dict[str, Any]:
    """A line that is accepted or rejected may repeat what was ordered (T76): that says nothing new."""
    days = line.promised or (whole if line.status == "3" else None)
    day = (days.until or days.since) if days else None
    told = {
        "line": int(line.order_line) if line.order_line.isdecimal() and len(line.order_line) < 6 else line.order_line,
        "code": line.status,
        "quantity": None if line.quantity is None else plain(line.quantity),
        "unit_price": plain(line.price.amount) if line.price and line.price.amount is not None else None,
        "promised_date": day.isoformat() if day else None,
        "substitute_item": _named(line.substitute.item) if line.substitute else None,
        "reason": "\n".join(_texts(line.notes)) or None,
    }
    if ordered is not None and line.status in AS_ORDERED:
        given = {"quantity": line.quantity, "unit_price": line.price and line.price.amount, "promised_date": day}
        told |= {name: None for name, value in given.items() if value == getattr(ordered, AS_ORDERED_IN[name])}
    return {name: value for name, value in told.items() if value is not None}


def mismatches(answer: Answer, order: Any, parties: Mapping[str, Said], issued: date | None) -> Iterator[FieldError]:
    """Everything that speaks against the document being an answer to this order, or that an answer cannot carry."""
    yield from not_this_order(answer, order.number, parties, issued)
    if answer.currency not in ("", order.currency):
        yield FieldError("currency", _("The order is in {currency}.", currency=order.currency))
    times = Counter(line.id for line in answer.lines)
    known = {str(line.line): line for line in order.lines}
    for place, line in enumerate(answer.lines):
        yield from _at(place, _of_line(line, known.get(line.order_line), times[line.id] > 1))


def not_this_order(said: Any, number: str, parties: Mapping[str, Said], issued: date | None) -> Iterator[FieldError]:
    """Why a document is not about the present state of this order, between these two companies."""
    if said.order != number:
        yield FieldError("order", _("The document is about {other}, not {number}.", other=said.order, number=number))
    if said.issued not in (None, issued):
        yield FieldError("issued", _("The document is about an older state of the order. Take the present one."))
    for name, side in (("seller", "supplier"), ("buyer", "buyer")):
        if parties and is_another(getattr(said, name), party_of(parties[side])):
            yield FieldError(name, _("The document names another company here."))


def _of_line(line: AnswerLine, ordered: Any, is_double: bool) -> Iterator[tuple[str, Message]]:
    if is_double:
        yield "id", _("Two lines of the document have the number {id}.", id=line.id)
    if line.status in REFUSED:
        yield "code", REFUSED[line.status]
    if line.promised and None not in (days := (line.promised.since, line.promised.until)) and days[0] != days[1]:
        yield "promised_date", _("A delivery is promised for one day, not for a period. Split the line instead.")
    if ordered is None:
        return
    if line.quantity is not None and line.unit not in ("", ordered.unit):
        yield "quantity", _("The line is ordered in {unit}, not in {other}.", unit=ordered.unit, other=line.unit)
    if line.price and (line.price.base_quantity or ONE) != ordered.base_quantity:
        yield "unit_price", _("The price of this line is for {base}.", base=ordered.base_quantity)
    if line.item.buyer_item and ordered.item_number and line.item.buyer_item != ordered.item_number:
        yield "item", _("The line is for {item}. Name another item as a substitute.", item=ordered.item_number)


def _at(place: int, found: Iterator[tuple[str, Message]]) -> Iterator[FieldError]:
    for field, message in found:
        yield FieldError(f"lines.{place}.{field}", message)


def _texts(notes: Sequence[Note]) -> list[str]:
    return [note.text for note in notes if note.text]


def _own_number(answer: Answer) -> list[str]:
    return [f"{SALES_ORDER}: {answer.sales_order}"] if answer.sales_order else []


def _named(item: Item) -> str:
    return " ".join(filter(None, (item.seller_item, item.gtin, item.name)))
