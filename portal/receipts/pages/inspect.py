"""Deciding on goods in inspection in a browser: a row for each line that waits, and the way back of each decision."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.access.verbs import asked_again
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.receipts import commands
from portal.receipts.forms import InspectionForm
from portal.receipts.pages.show import shown
from portal.web import Form
from portal.web.flash import go
from portal.web.grid import Filled
from portal.web.input import Typed, read_form, reason_of, refused

AnyRequest = Request[Any, Any, Any]
WHY = _("Say why the inspection is taken back.")


@post("/receipts/{receipt_id:uuid}/inspect", guards=[may("goods-receipts:inspect")], include_in_schema=False)
async def inspect(request: AnyRequest, actor: Acting, receipt_id: FromPath[UUID]) -> Response[Any]:
    """Book what was found, or show the page again with everything that was typed; a blank row goes on waiting."""
    typed = await read_form(request)
    filled = Filled(typed, "lines", ("accepted", "rejected"))
    try:
        receipt = await commands.inspect(actor, receipt_id, _read(filled.typed))
    except (Invalid, Conflict) as refusal:
        errors = filled.placed(refusal.errors) or [FieldError("", str(refusal))]
        return refused(await shown(actor, receipt_id, Form.typed(typed.values, errors)), refusal)
    return go(f"/receipts/{receipt_id}", _("The inspection of {number} is booked.", number=receipt.number))


@post(
    "/receipts/{receipt_id:uuid}/inspections/{inspection_id:uuid}/reverse",
    guards=[may("goods-receipts:inspect")],
    include_in_schema=False,
)
async def take_back(
    request: AnyRequest, actor: Acting, receipt_id: FromPath[UUID], inspection_id: FromPath[UUID]
) -> Response[Any]:
    typed = await read_form(request)
    try:
        why = reason_of(typed, WHY)
    except Invalid as refusal:
        return await asked_again(request, "/receipts", shown, actor, receipt_id, typed, refusal)
    await commands.reverse_inspection(actor, receipt_id, inspection_id, why)
    return go(f"/receipts/{receipt_id}", _("The inspection is taken back: its goods wait again."))


def _read(typed: Typed) -> InspectionForm:
    if not any(name.startswith("lines.") for name, _value in typed.pairs):
        raise Invalid.field("lines", _("Accept or reject something of at least one line."))
    return typed.convert(InspectionForm, only=("lines",))


HANDLERS = [inspect, take_back]
