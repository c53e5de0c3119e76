"""Closing lines of an order short in a browser, and taking that back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.access.verbs import asked_again
from portal.orders import commands
from portal.orders.pages.show import shown
from portal.orders.verbs import WHY
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.web.flash import go
from portal.web.input import read_form, reason_of


@post("/orders/{order_id:uuid}/lines/{line_id:uuid}/close", guards=[may("orders:close")], include_in_schema=False)
async def close_line(
    request: Request[Any, Any, Any], actor: Acting, order_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Response[Any]:
    typed = await read_form(request)
    try:
        why = reason_of(typed, WHY)
    except Invalid as refusal:
        return await asked_again(request, "/orders", shown, actor, order_id, typed, refusal)
    done = await commands.close_line(actor, order_id, line_id, why)
    told = {"number": done.order.number, "line": done.line.line}
    if done.over:
        return go(
            f"/orders/{order_id}", _("Line {line} is closed short, and {number} with it: nothing is open.", **told)
        )
    return go(f"/orders/{order_id}", _("Line {line} of {number} is closed short. The supplier is told.", **told))


@post("/orders/{order_id:uuid}/lines/{line_id:uuid}/reopen", guards=[may("orders:close")], include_in_schema=False)
async def reopen_line(actor: Acting, order_id: FromPath[UUID], line_id: FromPath[UUID]) -> Response[Any]:
    done = await commands.reopen_line(actor, order_id, line_id)
    told = {"number": done.order.number, "line": done.line.line}
    return go(f"/orders/{order_id}", _("Line {line} of {number} is wanted again. The supplier is told.", **told))


HANDLERS = [close_line, reopen_line]
