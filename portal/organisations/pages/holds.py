"""Holds on a supplier's page: what is held until when and why, and the forms that hold and release."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.organisations import commands, queries
from portal.organisations.forms import HELD, SupplierHoldForm
from portal.organisations.pages.suppliers import shown
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AnyRequest = Request[Any, Any, Any]
AT = "/suppliers/{supplier_id:uuid}/holds/{what:str}"


@post(AT, guards=[may("suppliers:hold")], include_in_schema=False)
async def hold(request: AnyRequest, actor: Acting, supplier_id: FromPath[UUID], what: FromPath[str]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(SupplierHoldForm, only=SupplierHoldForm.__struct_fields__)
        held = await commands.hold_supplier(as_seen(actor, typed), supplier_id, what, form)
    except Invalid as refusal:
        return await shown(actor, supplier_id, form=typed.again(refusal), status=422)
    said = _("{what} of {supplier} are held until {day}.", what=HELD[what], supplier=held.supplier_name, day=form.until)
    return go(f"/suppliers/{supplier_id}", said)


@post(AT + "/release", guards=[may("suppliers:hold")], include_in_schema=False)
async def release(actor: Acting, supplier_id: FromPath[UUID], what: FromPath[str]) -> Response[Any]:
    held = await commands.release_supplier(actor, supplier_id, what)
    said = _("{what} of {supplier} are not held any more.", what=HELD[what], supplier=held.supplier_name)
    return go(f"/suppliers/{supplier_id}", said)


async def _holds(view: View, relation: Any) -> Any:
    """What is held, for the buyer alone: the supplier reads of it where it acts."""
    if relation.buyer_id != view.actor.organisation_id:
        return None
    today = await queries.own_today(view)
    why = relation.hold_reasons
    rows = [(what, title, _until(relation, what, today), why.get(what, "")) for what, title in HELD.items()]
    holds = allowed(view.actor, "suppliers:hold")
    if not holds and not any(until for _what, _title, until, _why in rows):
        return None
    return {"rows": rows, "holds": holds, "at": f"/suppliers/{relation.supplier_id}/holds"}


def _until(relation: Any, what: str, today: Any) -> Any:
    until = getattr(relation, f"{what}_held_until")
    return until if until is not None and until >= today else None


PANELS = [Panel(_holds, "suppliers/holds.html", 6, "suppliers:read")]
HANDLERS = [hold, release]
