"""What can be done with a despatch advice: its buttons, and a plain form's route for each."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.shipments import commands
from portal.shipments.forms import DropReason
from portal.shipments.states import ADVICE
from portal.shipments.tables import DespatchAdvice
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.parts import Action

AnyRequest = Request[Any, Any, Any]


def possible(actor: Actor, advice: DespatchAdvice) -> list[Action]:
    """The buttons for what this actor may do with the advice as it is now."""
    verbs = set(ADVICE.possible(advice, lambda permission, thing: require(actor, permission, thing)))
    at = f"/despatch-advices/{advice.id}"
    final = _("The buyer sees it at once, and it cannot be changed any more.")
    acts = {
        "despatch": Action(_("Despatch now"), f"{at}/despatch", "primary", "truck-delivery", confirm=final),
        "edit": Action(_("Edit"), f"{at}/edit", icon="pencil", post=False),
        "cancel": Action(_("Drop the draft"), f"{at}/cancel", "danger", "trash", reason=_("Why? Only you see this.")),
    }
    return [act for verb, act in acts.items() if verb in verbs]


@post("/despatch-advices/{advice_id:uuid}/despatch", guards=[may("despatch-advices:despatch")], include_in_schema=False)
async def despatch(actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    advice = await commands.despatch(actor, advice_id)
    return go(f"/despatch-advices/{advice_id}", on_its_way(advice))


@post("/despatch-advices/{advice_id:uuid}/cancel", guards=[may("despatch-advices:cancel")], include_in_schema=False)
async def cancel(request: AnyRequest, actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    why = (await read_form(request)).convert(DropReason, only=("reason",)).reason or ""
    advice = await commands.cancel(actor, advice_id, why)
    return go(f"/despatch-advices/{advice_id}", _("{number} is dropped.", number=advice.number))


def on_its_way(advice: DespatchAdvice) -> Any:
    return _("{number} is on its way. The buyer sees it from now on.", number=advice.number)


HANDLERS = [despatch, cancel]
