"""The orders that all others of a data set are copies of: each made by the portal's own commands or its own import.

So a copy has every column and every row that a customer's order would have, whatever the schema becomes.
"""

import csv
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from portal.orders import commands
from portal.platform.actor import Actor
from portal.platform.work import viewing
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import approved_invoice
from tests.harness.world import Organised, accepted_order, answer, draft_order, issued_order, line, submitted_order

SUPPLIER_NUMBER = "S-0001"
PARTNERS = 200  # suppliers in all
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
# Lines of (quantity, unit price), so that amounts differ.
AMOUNTS = (("10", "12.50"), ("250", "0.48"), ("4", "1890.00"), ("60", "7.15"), ("1000", "0.083"))
_CITIES = ("Essen", "Lyon", "Graz", "Torino", "Gent")
_WORDS = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch")
_TRADES = ("Metals", "Fasteners", "Bearings", "Electric", "Packaging")
_MAPPING = """
name = "Earlier system"
[format]
time_zone = "Europe/Berlin"
[suppliers]
file = "suppliers.csv"
fields = { number = "Number", name = "Name", country = "Country", city = "City" }
[orders]
file = "orders.csv"
fields = { number = "Number", supplier = "Supplier", ordered_at = "Ordered", state = "State" }
[orders.lines]
file = "lines.csv"
[orders.lines.fields]
order_number = "Order"
line = "Line"
description = "Text"
unit = "Unit"
quantity = "Quantity"
unit_price = "Price"
tax_category = "Tax"
tax_rate = "Rate"
requested_date = "Due"
received = "Received"
"""


async def originals(company: Organised, supplier: Organised) -> dict[str, list[UUID]]:
    """How far an order has come → orders that have; `history` came from an earlier system, with no papers."""
    return {"history": await _brought(company), **await _worked(company, supplier)}


async def _worked(company: Organised, supplier: Organised) -> dict[str, list[UUID]]:
    pairs = [
        [line(quantity=quantity, unit_price=price), line(quantity="2", unit_price=price, description="Washer A8")]
        for quantity, price in AMOUNTS
    ]
    made: dict[str, list[UUID]] = {"completed": [], "received": [], "despatched": [], "accepted": [], "issued": []}
    for lines in pairs:
        made["completed"].append(await _completed(company, supplier, lines))
    for lines in pairs[:2]:
        made["received"].append(await _received(company, supplier, lines))
        order = await accepted_order(company, supplier, *lines)
        await despatched_goods(company, supplier, order)
        made["despatched"].append(order.id)
        made["accepted"].append((await accepted_order(company, supplier, *lines)).id)
        made["issued"].append((await issued_order(company, supplier, *lines)).id)
    rejected = await issued_order(company, supplier, *pairs[0])
    await commands.respond(supplier.order_desk, rejected.id, answer("RE", reason="No longer made"))
    made["rejected"] = [rejected.id]
    made["draft"] = [(await draft_order(company, supplier, *pairs[1])).id]
    made["in_approval"] = [(await submitted_order(company, supplier, *pairs[2])).id]
    return made


async def _received(company: Organised, supplier: Organised, lines: list[dict]) -> UUID:
    order = await accepted_order(company, supplier, *lines)
    advice = await despatched_goods(company, supplier, order)
    await received_goods(company, order, *(each["quantity"] for each in lines), advice=advice)
    return order.id


async def _completed(company: Organised, supplier: Organised, lines: list[dict]) -> UUID:
    order = await accepted_order(company, supplier, *lines)
    advice = await despatched_goods(company, supplier, order)
    await received_goods(company, order, *(each["quantity"] for each in lines), advice=advice)
    await approved_invoice(company, supplier, order)
    return order.id


async def _brought(company: Organised) -> list[UUID]:
    """All other suppliers, and some orders of years ago, by the import."""
    from portal.operations.imports.mapping import decode
    from portal.operations.imports.run import Asked, run_import

    mapping, actor = decode(_MAPPING.encode()), Actor.system(company.id)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        _write(folder / "suppliers.csv", ["Number", "Name", "Country", "City"], _suppliers())
        rows = [(f"H-{n}", SUPPLIER_NUMBER, YESTERDAY, "closed") for n, _ in enumerate(AMOUNTS)]
        _write(folder / "orders.csv", ["Number", "Supplier", "Ordered", "State"], rows)
        names = ["Order", "Line", "Text", "Unit", "Quantity", "Price", "Tax", "Rate", "Due", "Received"]
        _write(folder / "lines.csv", names, _history())
        for kind, files in (("suppliers", ["suppliers.csv"]), ("orders", ["orders.csv", "lines.csv"])):
            report = await run_import(
                actor, Asked(kind, [folder / file for file in files], mapping), lambda _done, _what: None
            )
            assert report.facts()["outcome"] == "imported", report.facts()
    async with viewing(company.auditor) as view:
        rows = await view.fetch("select id from purchase_order where source is not null order by number")
    return [row["id"] for row in rows]


def _suppliers() -> list[tuple[str, ...]]:
    return [
        (f"S-{n:04d}", f"{_WORDS[n % 7]} {_TRADES[n % 5]} {n}", "DE", _CITIES[n % 5]) for n in range(2, PARTNERS + 1)
    ]


def _history() -> list[tuple[str, ...]]:
    return [
        (f"H-{n}", str(place), text, "C62", quantity, price, "S", "19", YESTERDAY, quantity)
        for n, (quantity, price) in enumerate(AMOUNTS)
        for place, text in ((1, "Hex bolt M8"), (2, "Washer A8"))
    ]


def _write(path: Path, names: list[str], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
