"""Legal holds and certificates of disposal: what may not be deleted, and what was destroyed when its time came."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.access.queries import organisation_names
from portal.audit import commands, holdings, queries
from portal.audit.forgetting import forget_invitation
from portal.audit.forms import HoldForm
from portal.audit.states import HOLD
from portal.platform.actor import Actor
from portal.platform.fields import Day, Line, Text
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import MenuEntry
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form, reason_of

AT = "/legal-holds"


class PageForm(msgspec.Struct, kw_only=True):
    """The same as HoldForm, in people's terms: a record by its number or id, and a partner from a list."""

    record: Line | None = None
    party_id: UUID | None = None
    from_day: Day | None = None
    until_day: Day | None = None
    reason: Text


@get(AT, guards=[may("retention:read")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor)


@post(AT, guards=[may("retention:hold")], include_in_schema=False)
async def place(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        wanted = typed.convert(PageForm, only=PageForm.__struct_fields__)
        await commands.place_hold(actor, await _meant(actor, wanted))
    except Invalid as refusal:
        return await _page(actor, typed.again(refusal), status=422)
    return go(AT, _("The hold is in force: nothing that it names is deleted."))


@post("/legal-holds/{hold_id:uuid}/release", guards=[may("retention:hold")], include_in_schema=False)
async def release(request: Request[Any, Any, Any], actor: Acting, hold_id: FromPath[UUID]) -> Response[Any]:
    reason = reason_of(await read_form(request), _("Say why it need not be kept any longer."))
    await commands.release_hold(actor, hold_id, reason)
    return go(AT, _("The hold is released."))


async def _meant(actor: Actor, typed: PageForm) -> HoldForm:
    """The record that a number means in one's own log; `Invalid` for one that nobody knows."""
    object_id = None
    if wanted := (typed.record or "").strip():
        async with viewing(actor) as view:
            object_id = await queries.record_called(view, wanted)
        if object_id is None:
            raise Invalid.field("record", _("No record has this number."))
    days = {"from_day": typed.from_day, "until_day": typed.until_day}
    return HoldForm(object_id=object_id, party_id=typed.party_id, reason=typed.reason, **days)


async def _page(actor: Actor, form: Form | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        holds = await holdings.holds(view, limit=200)
        disposals = await holdings.disposals(view, limit=50)
        partners = await holdings.partners(view)
        held = [hold.object_id for hold in holds.items if hold.object_id]
        records = await queries.record_names(view, held)
        parties = await organisation_names(view, [hold.party_id for hold in holds.items if hold.party_id])
    return page(
        "audit/holds.html",
        status=status,
        form=form or Form(),
        holds=holds.items,
        disposals=disposals.items,
        partners=[(str(key), name) for key, name in partners],
        records=records,
        parties=parties,
        states=HOLD.names,
    )


@post("/people/invitations/{invitation_id:uuid}/forget", guards=[may("members:add")], include_in_schema=False)
async def forget(actor: Acting, invitation_id: FromPath[UUID]) -> Response[Any]:
    await forget_invitation(actor, invitation_id)
    return go("/people/invitations", _("The invitation is over, and whom it asked is forgotten."))


HANDLERS = [show, place, release, forget]
MENU = [MenuEntry(_("Legal holds"), AT, "gavel", "retention:read", 92)]
