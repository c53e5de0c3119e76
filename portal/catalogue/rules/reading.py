"""From a catalogue to prices: what each row says, what no price list can say, and what is left beside."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.catalogue.rules.catalogue import Row
from portal.catalogue.rules.ubl import ASKS, CATALOGUE, LINE, Ask, Catalogue, CatalogueLine
from portal.platform.einvoice.codes import GTIN
from portal.platform.einvoice.incoming import LeftOut, left_out, left_out_of, read_in, root_of
from portal.platform.einvoice.ordering import Days
from portal.platform.einvoice.syntax import write
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError
from portal.platform.refusals import Invalid
from portal.platform.units import Incompatible, convert, factor

DAY: Final = "DAY"
WITHDRAWN: Final = "Delete"  # the action code of T19 for a line that is no longer offered
LONGEST: Final = 1000  # characters of a text that a price list has a column for
LONGEST_REST: Final = 2000
MOST_NAMED: Final = 50
MOST: Final = 20_000  # items, and prices
MOST_ELEMENTS: Final = 500_000


def catalogue_in(data: bytes) -> tuple[Any, Catalogue]:
    """The root of the XML, and what it says; raises Invalid for what is no catalogue, TooLarge past 10 MB."""
    root = root_of(data)
    if root.tag != f"{{{CATALOGUE.names['']}}}{CATALOGUE.root}":
        raise Invalid.field("", _("This is no UBL 2.1 {kind}.", kind=CATALOGUE.root))
    _require_size(root)
    said = read_in(root, CATALOGUE, Catalogue)
    if not said.lines:
        raise Invalid.field("", _("This catalogue has no line."))
    return root, said


def _require_size(root: Any) -> None:
    """Before anything of it is read: so many lines take some seconds."""
    counts = (sum(1 for _each in root.iter(name)) for name in (_named(LINE), _named(ASKS)))
    if max(counts) > MOST or sum(1 for _each in root.iter()) > MOST_ELEMENTS:
        raise Invalid.field("", _("This catalogue has more than {most} items or prices. Split it.", most=MOST))


def _named(path: str) -> str:
    prefix, _colon, local = path.partition(":")
    return f"{{{CATALOGUE.names[prefix]}}}{local}"


def unfit(root: Any, said: Catalogue) -> Iterator[FieldError]:
    """What a price list cannot say, and what would make a price mean something else, at most so many."""
    found = [_at(line, why) for line in said.lines for why in _unfit(line)]
    priced = f"{LINE}/{ASKS}/"
    found += [_placeless(each) for each in left_out(root, CATALOGUE, said) if each.path.startswith(priced)]
    yield from found[:MOST_NAMED]


def _at(line: CatalogueLine, why: Message) -> FieldError:
    return FieldError("", _("Line {n}: {problem}", n=line.id[:20], problem=why))


def _placeless(left: LeftOut) -> FieldError:
    return FieldError("", _("A price list has no place for {path} ({value}).", path=left.path, value=left.text[:60]))


def _unfit(line: CatalogueLine) -> Iterator[Message]:
    if line.action == WITHDRAWN or line.orderable is False:
        yield _("This withdraws an item. Give its prices a last day instead, and leave the line out.")
    if any(len(text) > LONGEST for text in (line.item.name, line.item.description, line.item.buyer_item)):
        yield _("A text is longer than {most} characters.", most=LONGEST)
    for ask in line.asks:
        yield from _unfit_price(line, ask)


def _unfit_price(line: CatalogueLine, ask: Ask) -> Iterator[Message]:
    try:
        _bounds(line, ask)
    except Incompatible as error:
        yield error.message
    try:
        _days(ask)
    except Incompatible as error:
        yield error.message


def rows_of(said: Catalogue) -> Iterator[Row]:
    """A row for each price of each line; a line without any says nothing of prices, and still names its item. The days
    of a price are its own, else those of its line, else those of the whole."""
    for place, line in enumerate(said.lines):
        for ask in line.asks or (Ask(),):
            yield _row(said, place, line, ask)


def _row(said: Catalogue, place: int, line: CatalogueLine, ask: Ask) -> Row:
    item, days = line.item, ask.valid or line.valid or said.valid or Days()
    minimum, maximum = _bounds(line, ask)
    return Row(
        line=place,
        item=item.buyer_item,
        supplier_item_number=item.seller_item,
        gtin=item.gtin if item.gtin_scheme in ("", GTIN) else "",
        name=item.name or item.description,
        unit=line.unit or ask.base_unit,
        category=item.group,
        tax_category=item.category,
        tax_rate=item.rate,
        currency=ask.currency,
        unit_price=ask.amount,
        base_quantity=ask.base_quantity,
        price_unit=ask.base_unit or line.unit,
        minimum_quantity=minimum,
        maximum_quantity=maximum,
        lead_time_days=_days(ask),
        valid_from=days.since,
        valid_to=days.until,
    )


def _bounds(line: CatalogueLine, ask: Ask) -> tuple[Decimal | None, Decimal | None]:
    """From and to which quantity the price holds, in its own unit; raises Incompatible."""
    unit = ask.base_unit or line.unit
    least = (line.minimum, line.minimum_unit) if ask.minimum is None else (ask.minimum, ask.minimum_unit)
    most = (line.maximum, line.maximum_unit) if ask.maximum is None else (ask.maximum, ask.maximum_unit)
    return _in(unit, *least), _in(unit, *most)


def _in(unit: str, quantity: Decimal | None, given: str) -> Decimal | None:
    if quantity is None or not unit or given in ("", unit):
        return quantity
    return convert(quantity, given, unit)


def _days(ask: Ask) -> int | None:
    """In whole days, rounded up: nobody is promised goods earlier than they come. Raises Incompatible."""
    if ask.lead is None:
        return None
    return int(-(-(Fraction(ask.lead) * factor(ask.lead_unit or DAY, DAY)) // 1))


def untold(root: Any, said: Catalogue) -> Iterator[str]:
    """Of each line what no row says, the first also saying it of the whole."""
    lines = _named(LINE)
    again = etree.fromstring(write(CATALOGUE, said))
    pairs = zip(root.findall(lines), again.findall(lines), strict=True)
    rest = [list(left_out_of(theirs, ours, CATALOGUE)) for theirs, ours in pairs]
    for each in (*root.findall(lines), *again.findall(lines)):
        each.getparent().remove(each)
    rest[0] = [*left_out_of(root, again, CATALOGUE), *rest[0]]
    for each in rest:
        yield "; ".join(f"{left.path.replace('cac:', '').replace('cbc:', '')}: {left.text}" for left in each)[
            :LONGEST_REST
        ]
