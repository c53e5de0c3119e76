"""Change orders: an issued order changes by proposal, approval where it costs more, and the next revision."""

from decimal import Decimal
from typing import Any

import pytest

from portal.orders import commands as orders
from portal.orders.forms import ChangeForm
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.world import SOON, accepted_order, answer, days_after, issued_order, line, trading_pair


def change(*lines: dict[str, Any], **header: Any) -> ChangeForm:
    """A proposed change as a client sends it."""
    return convert(ChangeForm, header | {"lines": list(lines) or None})


def to(number: int = 1, **figures: Any) -> dict[str, Any]:
    return {"line": number, "code": "3"} | figures


async def now(actor: Any, order: Any) -> Any:
    from portal.orders.queries import order_out

    async with viewing(actor) as view:
        return await order_out(view, order.id)


async def test_a_buyer_orders_less_and_the_supplier_answers_the_second_revision(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)

    done = await orders.propose(company.buyer, order.id, change(to(quantity="8")))

    assert done.asked.state == "approved"
    out = await now(supplier.order_desk, order)
    assert (out.state, out.revision, out.lines[0].quantity, out.lines[0].confirmed) == ("issued", 2, 8, 0)
    assert out.totals.gross == Decimal("119.00")

    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    out = await now(company.buyer, order)
    assert (out.state, out.revision, out.lines[0].confirmed) == ("accepted", 2, 8)
