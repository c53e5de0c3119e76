"""From a UBL DespatchAdvice to the form that a despatch is entered with."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from portal.platform.decimals import plain
from portal.platform.einvoice.model import Party
from portal.platform.einvoice.parties import is_another, party_of
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError
from portal.shipments.rules.ubl import NOT_KNOWN, Advice, DespatchedLine, Package

Known = Mapping[tuple[str, str], Sequence[Any]]
NOBODYS: Final = "00000000-0000-0000-0000-000000000000"


def despatch_in(said: Advice, known: Known) -> tuple[dict[str, Any], list[FieldError]]:
    """The document as a form, and what speaks against it. `known` are the supplier's order lines by order number and
    line number, each with the unit it is ordered in and its `buyer`."""
    found = [_named(line, said, known) for line in said.lines]
    days = said.expected
    form = {
        "lines": [_entry(line, each) for line, each in zip(said.lines, found, strict=True)],
        "despatch_date": said.left.isoformat() if said.left else None,
        "expected_date": day.isoformat() if days and (day := days.until or days.since) else None,
        "carrier": said.carrier or None,
        "tracking_number": said.tracking if said.tracking not in ("", NOT_KNOWN) else None,
        "packages": [_package(each) for each in said.packages] or None,
    }
    return {name: value for name, value in form.items() if value is not None}, list(_problems(said, found))


def number_of(line: DespatchedLine, said: Advice) -> str:
    """Of which order a line is: its own word comes before that of the whole."""
    return line.order or said.order


def _named(line: DespatchedLine, said: Advice, known: Known) -> list[Any]:
    """The order lines that the document may mean: of two customers' orders of one number, that of whom it names."""
    lines = known.get((number_of(line, said), line.order_line), ())
    return [each for each in lines if not is_another(said.buyer, _party(each.buyer))]


def _party(said: Any) -> Party:
    return party_of(said) if said else Party()


def _entry(line: DespatchedLine, found: Sequence[Any]) -> dict[str, Any]:
    entry = {
        "order_line_id": str(found[0].id) if len(found) == 1 else NOBODYS,
        "quantity": None if line.quantity is None else plain(line.quantity),
        "batch": line.batch or None,
        "outstanding_quantity": None if line.outstanding is None else plain(line.outstanding),
    }
    return {name: value for name, value in entry.items() if value is not None}


def _package(package: Package) -> dict[str, Any]:
    told = {
        "sscc": package.sscc if package.sscc not in ("", NOT_KNOWN) else None,
        "type": package.type or None,
        "weight": None if package.weight is None else plain(package.weight),
    }
    return {name: value for name, value in told.items() if value is not None}


def _problems(said: Advice, found: Sequence[Sequence[Any]]) -> Iterator[FieldError]:
    days = said.expected
    if days and None not in (days.since, days.until) and days.since != days.until:
        yield FieldError("expected_date", _("Goods are expected on one day, not within a period."))
    times = Counter(line.id for line in said.lines)
    for place, (line, lines) in enumerate(zip(said.lines, found, strict=True)):
        for field, message in _of_line(line, lines, number_of(line, said), times[line.id] > 1):
            yield FieldError(f"lines.{place}.{field}", message)


def _of_line(line: DespatchedLine, found: Sequence[Any], number: str, is_double: bool) -> Iterator[tuple[str, Message]]:
    if is_double:
        yield "id", _("Two lines of the document have the number {id}.", id=line.id)
    if not found:
        yield "order_line_id", _("You have no order {order} with a line {line}.", order=number, line=line.order_line)
    elif len(found) > 1:
        yield (
            "order_line_id",
            _("Several customers have an order {order}: name yours by its GLN or VAT number.", order=number),
        )
    else:
        yield from _units(line, found[0].unit)
        if line.item.buyer_item and found[0].item_number not in ("", line.item.buyer_item):
            yield "item", _("The line is for {item}.", item=found[0].item_number)


def _units(line: DespatchedLine, unit: str) -> Iterator[tuple[str, Message]]:
    for field, said in (("quantity", line.unit), ("outstanding_quantity", line.outstanding_unit)):
        if said not in ("", unit):
            yield field, _("The line is ordered in {unit}, not in {other}.", unit=unit, other=said)
