"""The grid of an order's lines between a browser and a form: blank rows, items looked up, a preview of the totals."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.catalogue.queries import Offered, offered
from portal.orders.forms import OrderEdit, OrderForm
from portal.orders.rules import net_of, price_factor
from portal.platform.convert import Problems, convert
from portal.platform.decimals import ONE, ZERO, plain
from portal.platform.fields import Percent, Quantity, TaxCategory, TaxRate, UnitCode, UnitPrice
from portal.platform.i18n import _
from portal.platform.money import MINOR_UNITS, AmountTooLarge
from portal.platform.refusals import FieldError, Invalid
from portal.platform.totals import Part, Totals, rate_problem, totals
from portal.platform.units import Incompatible
from portal.platform.work import View
from portal.web.forms import Form
from portal.web.input import Typed

Values = Mapping[str, str]
# What somebody typed; a row that holds nothing of it holds only defaults and is none.
_TYPED = ("item", "description", "quantity", "unit_price")


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
    """The totals of the lines that can be reckoned already, and how many cannot."""

    currency: str
    totals: Totals
    incomplete: int


def typed_rows(values: Values) -> dict[str, str]:
    """What was typed without the rows that hold only defaults; rows close up, as their errors will be numbered."""
    blank = {
        row for row in Form(values).rows("lines") if not any(values.get(f"lines.{row}.{n}", "").strip() for n in _TYPED)
    }
    kept = {name: value for name, value in values.items() if not _of_rows(name, blank)}
    return dict(Form.typed(kept).values)


async def read_order(
    view: View, values: dict[str, str], struct: type[OrderForm] | type[OrderEdit], supplier_id: UUID | None
) -> Any:
    """The form with items for their numbers; what an item knows fills what was left blank. Raises `Invalid`."""
    currency = values.get("currency", "")
    numbers = {row: values.get(f"lines.{row}.item", "").strip() for row in Form(values).rows("lines")}
    known = await offered(view, [number for number in numbers.values() if number], supplier_id)
    errors = [
        FieldError(
            f"lines.{row}.item", _("You have no item {number}. Leave this empty to order by text.", number=number)
        )
        for row, number in numbers.items()
        if number and number not in known
    ]
    for row, number in numbers.items():
        if number in known:
            filled = {f"lines.{row}.{name}": value for name, value in taken_over(known[number], currency).items()}
            values |= {name: value for name, value in filled.items() if not values.get(name, "").strip()}
            values[f"lines.{row}.item_id"] = str(known[number].id)
    form = Typed([(name, value) for name, value in values.items() if not _is_item(name)])
    try:
        read = form.convert(struct, only=struct.__struct_fields__)
    except Invalid as refusal:
        raise Invalid(errors=[*errors, *refusal.errors]) from refusal
    if errors:
        raise Invalid(errors=errors)
    return read


def taken_over(item: Offered, currency: str) -> dict[str, str]:
    """What a line takes from its item, by field; a price in another currency than the order's is none."""
    given = {"description": item.name, "unit": item.unit}
    if rate_problem(item.tax_category, item.tax_rate) is None:
        given |= {"tax_category": item.tax_category, "tax_rate": plain(item.tax_rate)}
    if item.unit_price is not None and item.currency == (currency or item.currency):
        given["unit_price"] = plain(item.unit_price)
        given["base_quantity"] = "" if item.base_quantity in (None, ONE) else plain(item.base_quantity)
        given["price_unit"] = "" if item.price_unit == item.unit else str(item.price_unit)
    return {name: value for name, value in given.items() if value}


def preview(values: Values, currency: str) -> Preview | None:
    """Totals while somebody types; None before there is a currency to reckon in."""
    if currency not in MINOR_UNITS:
        return None
    rows = Form(values).rows("lines")
    parts = [part for row in rows if (part := _part(values, row, currency))]
    try:
        return Preview(currency, totals(parts, currency), len(rows) - len(parts))
    except AmountTooLarge:
        return None


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
    line.price_factor = price_factor(line.unit, line.price_unit or line.unit)
    return line


def _is_item(name: str) -> bool:
    return name.startswith("lines.") and name.endswith(".item")


def _of_rows(name: str, rows: set[int]) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "lines" and parts[1].isdecimal() and int(parts[1]) in rows


def id_of(text: str) -> UUID | None:
    """What a select or an address names, if it is an id at all."""
    try:
        return UUID(text)
    except ValueError:
        return None


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A record's values as the fields of a form, by dotted name."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from flat(f"{name}.{key}", part)
    elif isinstance(value, Decimal):
        yield name, plain(value) if value != ZERO else "0"
    elif value not in (None, ""):
        yield name, str(value)
