"""Checks that need the portal's own rules: asked once for each combination that occurs, not once for each row."""

from collections.abc import Iterable

from portal.operations.imports.problems import Problem
from portal.operations.imports.staging import Load
from portal.platform.decimals import ONE, plain
from portal.platform.i18n import Message, _
from portal.platform.totals import rate_problem
from portal.platform.units import Incompatible, convert, converts


async def bad_rates(load: Load, part: str) -> None:
    """Tax rates that do not go with their category: S is above zero, any other is zero (BR-S-5, BR-Z-5 and others)."""
    staging = load.parts[part].part.staging
    pairs = await load.change.fetch(
        f"select tax_category, coalesce(tax_rate, 0) as rate, array_agg(place order by place) as places from {staging} "
        "where tax_category is not null group by 1, 2"
    )
    for pair in pairs:
        if reason := rate_problem(pair["tax_category"], pair["rate"]):
            _note(load, part, "tax_rate", pair["places"], f"{pair['tax_category']} {plain(pair['rate'])} %", reason)


async def unlike_units(load: Load) -> None:
    """Prices in a unit that does not convert into the item's: taken, because a pack may hold any number, but said."""
    pairs = await load.change.fetch(
        "select s.unit, i.unit as item_unit, array_agg(s.place order by s.place) as places from import_price s "
        "join item i on i.id = s.item_id where s.unit <> i.unit group by 1, 2"
    )
    for pair in pairs:
        if not converts(pair["unit"], pair["item_unit"]):
            reason = _("The item is kept in {other}, into which this does not convert.", other=pair["item_unit"])
            _note(load, "prices", "unit", pair["places"], pair["unit"], reason, warn=True)


async def price_factors(load: Load) -> None:
    """Freeze how many price units are in one order unit, on lines where the two differ."""
    pairs = await load.change.fetch(
        "select unit, price_unit, array_agg(place order by place) as places from import_order_line "
        "where price_unit <> unit group by 1, 2"
    )
    for pair in pairs:
        try:
            found = convert(ONE, pair["unit"], pair["price_unit"])
        except Incompatible as refusal:
            _note(load, "lines", "price_unit", pair["places"], pair["price_unit"], refusal.message)
            continue
        await load.change.connection.execute(
            "update import_order_line set price_factor = $1 where unit = $2 and price_unit = $3",
            *(found, pair["unit"], pair["price_unit"]),
        )


def _note(
    load: Load, part: str, field: str, places: Iterable[int], value: str, reason: Message, *, warn: bool = False
) -> None:
    translator = load.parts[part]
    for place in places:
        problem = Problem(translator.source.name, place, translator.column_of(field), value, reason)
        (load.problems.warn if warn else load.problems.error)(part, problem)
