"""Changes of issued orders, as clients send them."""

from typing import Any

from portal.orders import commands as orders
from portal.orders.forms import ChangeForm
from portal.platform.convert import convert
from tests.harness.world import Organised, accepted_order


def changed(*lines: dict[str, Any], **header: Any) -> ChangeForm:
    return convert(ChangeForm, header | {"lines": list(lines) or None})


def to(number: int = 1, **figures: Any) -> dict[str, Any]:
    """A line as it is to be."""
    return {"line": number, "code": "3"} | figures


def without(number: int) -> dict[str, Any]:
    return {"line": number, "code": "7"}


def added(line: dict[str, Any]) -> dict[str, Any]:
    return {"code": "1", "added": line}


async def change_waiting(company: Organised, supplier: Organised) -> dict[str, Any]:
    """The buyer wants more than was approved."""
    order = await accepted_order(company, supplier)
    done = await orders.propose(company.buyer, order.id, changed(to(quantity="90")))
    return {"order_id": order.id, "change_id": done.asked.id}


async def change_offered(company: Organised, supplier: Organised) -> dict[str, Any]:
    """The supplier cannot deliver all of it any more."""
    order = await accepted_order(company, supplier)
    done = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="5")))
    return {"order_id": order.id, "change_id": done.asked.id}
