"""Loading what was staged, kind after kind, each after those it refers to.

A run may bring everything a company has in one transaction. All errors of all kinds come at once: what is good of a
kind is loaded even where some of it is not, so that the next kind finds what it refers to; in the end it is all undone.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import asyncpg

from portal.operations.imports import masters, orders, receipts
from portal.operations.imports.order_sql import EFFECTS
from portal.operations.imports.staging import Load, Progress, outcomes
from portal.scorecards.commands import adopt_orders

Counted = dict[str, dict[str, int]]


class Figures(NamedTuple):
    """What a run came to: for each part how many records; for orders how their sums compare with the source's."""

    kinds: Counted
    totals: dict[str, Any] | None


class Kind(NamedTuple):
    """How a kind is loaded. `refused` makes rows of a part, and what they belong to, bad for good."""

    prepare: Callable[[Load, str], Awaitable[Counted]]
    write: Callable[[Load, str], Awaitable[None]]
    refuse: dict[str, str]


_MASTER = Kind(masters.prepare, masters.write, {"": "update {staging} set outcome = 'bad' where place = any($1)"})
KINDS = {
    **dict.fromkeys(("suppliers", "items", "prices"), _MASTER),
    "orders": Kind(
        orders.prepare,
        orders.write,
        {
            "orders": "update import_order set outcome = 'bad' where place = any($1)",
            "lines": "update import_order set outcome = 'bad' where number in "
            "(select order_number from import_order_line where place = any($1))",
        },
    ),
    "receipts": Kind(
        receipts.prepare,
        receipts.write,
        {"receipts": "update import_receipt set outcome = 'bad' where place = any($1)"},
    ),
}


async def load_kinds(load: Load, kinds: list[str], progress: Progress) -> Figures:
    """Check and write each kind; gives what would come of it, also where errors keep all of it out."""
    found: Counted = {}
    totals: dict[str, Any] | None = None
    for number, kind in enumerate(kinds):
        progress(number / len(kinds), kind)
        found |= await KINDS[kind].prepare(load, kind)
        totals = await orders.stated(load) if kind == "orders" else totals
        progress((number + 0.5) / len(kinds), kind)
        if load.problems.errors:
            await _refuse(load, kind)
            found |= {part: figures | await _right(load, part) for part, figures in found.items()}
            if number == len(kinds) - 1 or not await _written_so_far(load, kind):
                break
        if not load.problems.errors:
            await KINDS[kind].write(load, kind)
    if not load.problems.errors:
        await adopt_orders(load.change)
    nothing = {"created": 0, "updated": 0, "unchanged": 0}
    return Figures({part: found.get(part, dict(nothing)) for part in load.parts}, totals)


async def _refuse(load: Load, kind: str) -> None:
    """Let no staged row of this kind come in that something is wrong with, and nothing that it belongs to."""
    for part, sql in KINDS[kind].refuse.items():
        name = part or kind
        bad = list(load.problems.bad.get(name, ()))
        await load.change.connection.execute(sql.format(staging=load.parts[name].part.staging), bad)


async def _right(load: Load, part: str) -> dict[str, int]:
    """How many records would be new or changed if the wrong rows were not there."""
    if part == "lines":
        lines = await load.change.one(EFFECTS)
        return {"right": lines["created"] if lines is not None else 0}
    figures = await outcomes(load, part)
    return {"right": figures["created"] + figures["updated"]}


async def _written_so_far(load: Load, kind: str) -> bool:
    """Write what is good of a kind, for those that refer to it; False if the database does not take even that: then
    nothing more can be asked in this transaction, which is undone either way. A savepoint would not do: what is written
    after one is no longer of the transaction that wrote the order, and an order's lines must be."""
    try:
        await KINDS[kind].write(load, kind)
    except asyncpg.IntegrityConstraintViolationError:
        return False
    return True
