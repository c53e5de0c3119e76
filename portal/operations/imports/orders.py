"""Loading orders: history as it was, with the arithmetic of the portal.

An order in the portal's own numbering, entered here, is never touched, and what was imported once does not change: a
file that says otherwise is refused. Line amounts and totals are EN 16931's, rounded half up per line and per tax rate;
where the source states another sum, the report says so. Goods that came prove that the order was out and taken: such
an order is accepted or closed here, whatever the source calls it, and its source status stays with it. An import
replaces nobody's approval and nobody's receipt: an order that was approved elsewhere and never sent is submitted here,
and orders and goods of days on which the company ordered here already are refused, but for drafts.
"""

from typing import Any

from portal.operations.imports.checks import bad_rates, price_factors
from portal.operations.imports.deliveries import ALL_BY_DATE, BY_DATE, UNDATED, document_lines
from portal.operations.imports.order_sql import (
    CHECKS,
    EFFECTS,
    MATCH,
    RESOLVE,
    STATED,
    SUBMIT,
    SUMS,
    WARNINGS,
)
from portal.operations.imports.order_writes import QUANTITIES, WRITE
from portal.operations.imports.snapshots import freeze
from portal.operations.imports.staging import Load, ask, outcomes
from portal.orders.commands import follow_ledger
from portal.platform.decimals import plain
from portal.platform.money import MINOR_UNITS, decimals

WHOLE_UNITS = [code for code in MINOR_UNITS if decimals(code) == 0]


async def prepare(load: Load, _kind: str) -> dict[str, dict[str, int]]:
    """Resolve, number and price the staged orders, and find what is wrong with them."""
    connection = load.change.connection
    await connection.execute(RESOLVE["orders"], WHOLE_UNITS)
    said = load.parts["orders"].column_of("state") != "state"
    undated = [UNDATED] if "delivered_at" in load.parts["lines"].mapped else []
    await ask(load, [BY_DATE if said else ALL_BY_DATE, *undated], warn=True)
    for name in ("lines", "defaults"):
        await connection.execute(RESOLVE[name])
    await price_factors(load)
    await connection.execute(SUMS["lines"])
    await connection.execute(SUMS["orders"])
    await connection.execute(MATCH)
    await ask(load, CHECKS)
    await bad_rates(load, "lines")
    await ask(load, WARNINGS, warn=True)
    await connection.execute(SUBMIT)
    counts = await outcomes(load, "orders")
    lines = await load.change.one(EFFECTS)
    assert lines is not None, "counts always give a row"
    return {"orders": counts, "lines": {"created": lines["created"], "updated": 0, "unchanged": lines["unchanged"]}}


async def write(load: Load, _kind: str) -> None:
    """Insert the new orders with their lines and schedules, and freeze those the supplier sees as it sees them."""
    connection = load.change.connection
    await connection.execute(WRITE["orders"], load.marks["orders"])
    dated = "delivered_at" in load.parts["lines"].mapped
    await connection.execute(WRITE["lines"], load.marks["lines"], dated)
    await connection.execute(WRITE["schedule"])
    await follow_ledger(load.change, QUANTITIES)
    if dated:
        await document_lines(load)
    await freeze(load.change)


async def stated(load: Load) -> dict[str, Any]:
    """How the portal's totals compare with those the source states: on how many orders they differ, and by how much."""
    found = await load.change.one(STATED)
    assert found is not None, "counts always give a row"
    return dict(found) | {"largest_difference": plain(found["largest_difference"])}
