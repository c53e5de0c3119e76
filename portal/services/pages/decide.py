"""Answering a service entry line by line in a browser."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.services import commands
from portal.services.forms import DecisionForm
from portal.services.pages.show import shown
from portal.services.states import S
from portal.web import Form
from portal.web.flash import go
from portal.web.grid import Filled
from portal.web.input import Typed, as_seen, read_form, refused

AnyRequest = Request[Any, Any, Any]


@post(
    "/service-entries/{service_entry_id:uuid}/decide", guards=[may("service-entries:decide")], include_in_schema=False
)
async def decide(request: AnyRequest, actor: Acting, service_entry_id: FromPath[UUID]) -> Response[Any]:
    """Book the answers, or show the page again with everything that was typed; a line without an answer waits."""
    typed = await read_form(request)
    filled = Filled(typed, "lines", ("decision",))
    try:
        form = _read(filled.typed)
        entry = await commands.decide(as_seen(actor, typed), service_entry_id, form)
    except (Invalid, Conflict) as refusal:
        errors = filled.placed(refusal.errors) or [FieldError("", str(refusal))]
        return refused(await shown(actor, service_entry_id, Form(typed.values, errors)), refusal)
    done = _("Some lines still wait for an answer.") if entry.state == S.SUBMITTED else _("Both sides see the answer.")
    return go(f"/service-entries/{service_entry_id}", done)


def _read(typed: Typed) -> DecisionForm:
    if not any(name.startswith("lines.") for name, _value in typed.pairs):
        raise Invalid.field("lines", _("Accept or reject at least one line."))
    return typed.convert(DecisionForm, only=("lines",))


HANDLERS = [decide]
