"""The grid of an order's lines between a browser and a form: blank rows, items looked up, a preview of the totals.

An item fills its line once: `filled` notes for which number that was done, and from then on a blank field is one that
somebody emptied. A price and its basis belong together, so neither is ever filled beside the other that was typed. The
preview reckons with the same filled lines as saving does.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.catalogue.queries import Offered, offered
from portal.contracts.queries import InForce
from portal.orders.forms import OrderEdit, OrderForm
from portal.orders.pages.agreed import agreed_prices, follow_quantities, price_fields
from portal.orders.rules import net_of
from portal.platform import units
from portal.platform.convert import Problems, convert
from portal.platform.decimals import ONE, ZERO, plain
from portal.platform.fields import Percent, Quantity, TaxCategory, TaxRate, UnitCode, UnitPrice
from portal.platform.i18n import _
from portal.platform.ids import id_of
from portal.platform.money import MINOR_UNITS, AmountTooLarge
from portal.platform.refusals import FieldError, Invalid
from portal.platform.totals import Part, Totals, rate_problem, totals
from portal.platform.units import Incompatible
from portal.platform.work import View
from portal.web.formats import money
from portal.web.forms import Form
from portal.web.input import Typed

Values = Mapping[str, str]
# What somebody typed; a row that holds nothing of it holds only defaults and is none.
_TYPED = ("item", "description", "quantity", "unit_price")
# Fields that an item fills only if all of them are blank, and what comes along: a tax category has always a value.
_TOGETHER = (
    (("description",), ()),
    (("unit",), ()),
    (("tax_rate",), ("tax_category",)),
    (("unit_price", "base_quantity", "price_unit"), ()),
)


class Figures(msgspec.Struct, kw_only=True):
    """As much of a line as its price needs."""

    quantity: Quantity
    unit: UnitCode
    unit_price: UnitPrice
    tax_category: TaxCategory
    tax_rate: TaxRate
    base_quantity: Quantity | None = None
    price_unit: UnitCode | None = None
    discount: Percent | None = None


class Preview(NamedTuple):
    """The totals of the lines that can be reckoned already, each line's net, and how many cannot be reckoned."""

    currency: str
    totals: Totals
    nets: dict[int, Decimal | None]

    @property
    def incomplete(self) -> int:
        return sum(net is None for net in self.nets.values())


def typed_rows(values: Values) -> dict[str, str]:
    """What was typed without the rows that hold only defaults; rows close up, as their errors will be numbered."""
    blank = {
        row for row in Form(values).rows("lines") if not any(values.get(f"lines.{row}.{n}", "").strip() for n in _TYPED)
    }
    if len(blank) == len(Form(values).rows("lines")):
        blank.discard(min(blank))  # an order has a line: what is missing of it is said field by field
    kept = {name: value for name, value in values.items() if not _of_rows(name, blank)}
    return dict(Form.typed(kept).values)


async def read_order(
    view: View, values: dict[str, str], struct: type[OrderForm] | type[OrderEdit], supplier_id: UUID | None
) -> Any:
    """The form with items for their numbers; what an item knows fills what was left blank. Raises `Invalid`."""
    numbers = _numbers(values)
    wanted, currency = [number for number in numbers.values() if number], values.get("currency", "")
    known, agreed = (
        await offered(view, wanted, supplier_id, currency),
        await agreed_prices(view, numbers, supplier_id, _under(values)),
    )
    errors = [
        FieldError(
            f"lines.{row}.item", _("You have no item {number}. Leave this empty to order by text.", number=number)
        )
        for row, number in numbers.items()
        if number and number not in known
    ]
    values = follow_quantities(_filled(values, numbers, known, agreed), numbers, agreed, currency)
    values |= {f"lines.{row}.item_id": str(known[number].id) for row, number in numbers.items() if number in known}
    form = Typed([(name, value) for name, value in values.items() if not _is_item(name)])
    try:
        read = form.convert(struct, only=struct.__struct_fields__)
    except Invalid as refusal:
        raise Invalid(errors=[*errors, *refusal.errors]) from refusal
    if errors:
        raise Invalid(errors=errors)
    return read


async def completed(view: View, values: Values, supplier_id: UUID | None) -> dict[str, str]:
    """What was typed with what its items fill in, as saving would do it."""
    everything, currency = _numbers(values), values.get("currency", "")
    numbers = {row: number for row, number in everything.items() if number != _done(values, row)}
    wanted, agreed = (
        list(filter(None, numbers.values())),
        await agreed_prices(view, everything, supplier_id, _under(values)),
    )
    known = await offered(view, wanted, supplier_id, currency) if wanted else {}
    return follow_quantities(_filled(dict(values), numbers, known, agreed), everything, agreed, currency)


def taken_over(item: Offered, currency: str) -> dict[str, str]:
    """What a line takes from its item, by field; a price in another currency than the order's is none."""
    given = {"filled": item.number, "description": item.name, "unit": item.unit}
    if rate_problem(item.tax_category, item.tax_rate) is None:
        given |= {"tax_category": item.tax_category, "tax_rate": plain(item.tax_rate)}
    if item.unit_price is not None and item.currency == (currency or item.currency):
        given["unit_price"] = plain(item.unit_price)
        given["base_quantity"] = "" if item.base_quantity in (None, ONE) else plain(item.base_quantity)
        given["price_unit"] = "" if item.price_unit == item.unit else str(item.price_unit)
    return given


def _numbers(values: Values) -> dict[int, str]:
    return {row: values.get(f"lines.{row}.item", "").strip() for row in Form(values).rows("lines")}


def _under(values: Values) -> UUID | None:
    """The contract that the whole order names."""
    return id_of(values.get("contract_id", ""))


def _done(values: Values, row: int) -> str:
    return values.get(f"lines.{row}.filled", "")


def _filled(
    values: dict[str, str], numbers: Mapping[int, str], known: Mapping[str, Offered], agreed: InForce | None
) -> dict[str, str]:
    """The lines with what their items say in fields that nobody filled in; each line once for each item."""
    for row, number in numbers.items():
        if number not in known or _done(values, row) == number:
            continue
        at = f"lines.{row}."
        currency, unit = values.get("currency", ""), values.get(f"{at}unit", "").strip() or known[number].unit
        given = taken_over(known[number], currency)
        quantity, wanted = values.get(f"{at}quantity", ""), values.get(f"{at}requested_date", "")
        given |= price_fields(agreed, number, currency, unit, quantity, wanted)
        for asked, belonging in _TOGETHER:
            if not any(values.get(at + name, "").strip() for name in asked):
                values |= {at + name: given[name] for name in (*asked, *belonging) if name in given}
        values[at + "filled"] = number
    return values


def preview(values: Values, currency: str) -> Preview | None:
    """Totals while somebody types; None before there is a currency to reckon in."""
    if currency not in MINOR_UNITS:
        return None
    parts = {row: _part(values, row, currency) for row in Form(values).rows("lines")}
    nets = {row: part.amount if part else None for row, part in parts.items()}
    try:
        return Preview(currency, totals([part for part in parts.values() if part], currency), nets)
    except AmountTooLarge:
        return None


def nets_of(sums: Preview | None) -> dict[str, Any]:
    """What each line comes to, as it is shown in the grid."""
    nets = sums.nets if sums else {}
    return {f"lines.{row}.net": money(net, sums.currency) for row, net in nets.items() if sums and net is not None}


def _part(values: Values, row: int, currency: str) -> Part | None:
    raw = {
        name: value for name in Figures.__struct_fields__ if (value := values.get(f"lines.{row}.{name}", "").strip())
    }
    try:
        line = _priced(convert(Figures, raw, lenient=True))
        return (
            None
            if rate_problem(line.tax_category, line.tax_rate)
            else Part(net_of(line, currency), line.tax_category, line.tax_rate)
        )
    except (Problems, Incompatible, AmountTooLarge):
        return None


def _priced(figures: Figures) -> Any:
    """A line's figures with the defaults that a draft would take."""
    line = SimpleNamespace(**msgspec.structs.asdict(figures))
    line.base_quantity, line.discount = line.base_quantity or ONE, line.discount or ZERO
    line.price_factor = units.convert(ONE, line.unit, line.price_unit or line.unit)
    return line


def _is_item(name: str) -> bool:
    return name.startswith("lines.") and name.endswith((".item", ".filled"))


def _of_rows(name: str, rows: set[int]) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "lines" and parts[1].isdecimal() and int(parts[1]) in rows


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A record's values as the fields of a form, by dotted name."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from flat(f"{name}.{key}", part)
    elif isinstance(value, Decimal):
        yield name, plain(value) if value != ZERO else "0"
    elif value not in (None, ""):
        yield name, str(value)
