"""What came of two thousand lines costs two hundred times what came of ten, not more."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg

from portal.platform.convert import convert
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from portal.scorecards.commands.derive import _SUMS
from tests.harness.world import accepted_order, line, trading_pair

LINES, A_LINE = 150, 40


async def test_what_came_is_worked_out_line_by_line_however_many_there_are(connected, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *[line() for _ in range(LINES)])
    lines = [row[0] for row in superuser.execute(b"select id from purchase_order_line where order_id = %s", [order.id])]
    came = [{"order_line_id": str(each), "accepted": "10"} for each in lines]
    await receipts.create(company.receiver, convert(ReceiptForm, {"lines": came}))

    looked_at = sum(map(_rows, _nodes(_planned(superuser, lines))))
    assert looked_at < LINES * A_LINE, "every line is compared with every other"


def _planned(superuser: psycopg.Connection, lines: list[UUID]) -> dict[str, Any]:
    """What a command does for these lines: it plans once, for however many there are."""
    asked = "explain (analyze, format json) execute derived('{" + ",".join(map(str, lines)) + "}')"
    with superuser.transaction(force_rollback=True):
        superuser.execute(b"set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off")
        superuser.execute(f"prepare derived(uuid[]) as {_SUMS}".encode())
        told: Any = superuser.execute(asked.encode()).fetchone()
        superuser.execute(b"deallocate derived")
    return told[0][0]["Plan"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def _rows(node: dict[str, Any]) -> float:
    """What a step of the plan gave and what it threw away."""
    thrown = sum(found for name, found in node.items() if name.startswith("Rows Removed by"))
    return node["Actual Loops"] * (node["Actual Rows"] + thrown)
