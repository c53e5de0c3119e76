"""What was bought and what is open, on the pages of suppliers and items."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from portal.analytics import queries
from portal.analytics.forms import OpenSums
from portal.analytics.queries import Asked, OrderedLine, PaidItem, Point, SupplierOfItem
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.web.charts import Chart, line_chart

FIRST = 8


class Open(NamedTuple):
    """The sums of what is open between the two, by currency, and where each item of them is."""

    sums: list[OpenSums]
    href: str


class Paid(NamedTuple):
    """The first items with the last prices of a supplier, and where all of them are."""

    items: list[PaidItem]
    href: str


class Ordered(NamedTuple):
    """The newest order lines of an item, and where all of them are."""

    lines: list[OrderedLine]
    href: str


class Development(NamedTuple):
    """The prices of an item in the currency and unit that most orders have: as a chart and as figures.

    `others` is how many prices are in another currency or unit.
    """

    chart: Chart | None
    points: list[Point]
    currency: str
    unit: str
    others: int


class Suppliers(NamedTuple):
    rows: list[SupplierOfItem]


async def _open(view: View, relation: Any) -> Open:
    buys = relation.buyer_id == view.actor.organisation_id
    asked = Asked(await queries.today(view), relation.supplier_id)
    found = await queries.open_items(view, asked)
    pairs = [pair for pair in found.pairs if pair.buyer.id == relation.buyer_id]
    href = f"/open-items?supplier_id={relation.supplier_id}" if buys else f"/open-items?buyer_id={relation.buyer_id}"
    return Open(queries.sums_of(pairs), href)


async def _months(view: View, relation: Any) -> Any:
    return await queries.months_of(view, relation.buyer_id, relation.supplier_id)


async def _paid(view: View, relation: Any) -> Paid | None:
    """For the buyer: items are in its own numbering."""
    if relation.buyer_id != view.actor.organisation_id:
        return None
    found = await queries.paid_to(view, relation.supplier_id, limit=FIRST)
    return Paid(found.items, f"/suppliers/{relation.supplier_id}/items" if found.next_cursor else "")


async def _ordered(view: View, item: Any) -> Ordered:
    found = await queries.orders_of_item(view, item.id, limit=FIRST)
    return Ordered(found.items, f"/items/{item.id}/orders" if found.next_cursor else "")


async def _suppliers(view: View, item: Any) -> Suppliers:
    return Suppliers(await queries.suppliers_of_item(view, item.id))


async def _development(view: View, item: Any) -> Development | None:
    return development(await queries.prices_of_item(view, item.id))


def development(points: Sequence[Point]) -> Development | None:
    """Prices of one currency and unit can be compared, others cannot."""
    if not points:
        return None
    (currency, unit), _count = Counter((point.currency, point.unit) for point in points).most_common(1)[0]
    alike = [point for point in points if (point.currency, point.unit) == (currency, unit)]
    series: dict[str, list[Any]] = {}
    for point in alike:
        series.setdefault(point.supplier_name, []).append((point.day, point.price))
    return Development(line_chart(series), alike, currency, unit, len(points) - len(alike))


PANELS = {
    "supplier": [
        Panel(_open, "analytics/open_of_pair.html", 10, "open-items:read"),
        Panel(_months, "analytics/months.html", 30, "orders:read"),
        Panel(_paid, "analytics/paid_to.html", 50, "prices:read"),
    ],
    "item": [
        Panel(_development, "analytics/development.html", 20, "prices:read"),
        Panel(_suppliers, "analytics/suppliers_of_item.html", 30, "orders:read"),
        Panel(_ordered, "analytics/orders_of_item.html", 40, "orders:read"),
    ],
}
