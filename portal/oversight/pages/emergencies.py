"""Emergencies in a browser: asked for by whoever needs more, decided on and reviewed by others."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from portal.access.guards import Acting, allowed, may, require
from portal.access.queries import roles_of
from portal.access.verbs import page_verbs
from portal.audit.queries import sentence
from portal.oversight import commands, queries
from portal.oversight.forms import EmergencyForm, EmergencyOut, VerdictForm
from portal.oversight.states import EMERGENCY
from portal.oversight.tables import EmergencyAccess
from portal.oversight.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.acts import Act
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.looks import Look
from portal.web.parts import Action

AT = "/emergency-access"
AnyRequest = Request[Any, Any, Any]
LOOKS = {
    "asked": Look(_("Asked for"), "warning", "hourglass"),
    "granted": Look(_("Running"), "danger", "urgent"),
    "declined": Look(_("Declined"), "neutral", "x"),
    "withdrawn": Look(_("Withdrawn"), "neutral", "arrow-back-up"),
    "ended": Look(_("To be reviewed"), "warning", "scale"),
    "reviewed": Look(_("Reviewed"), "success", "circle-check"),
}
ACTS = {
    "grant": Act(
        _("Grant it"), "/grant", "primary", "check",
        confirm=_("The roles are theirs at once. Administrators and auditors are told."), versioned=True,
    ),
    "decline": Act(_("Decline"), "/decline", icon="x", why=_("Why not? Who asked reads this."), versioned=True),
    "withdraw": Act(_("Take it back"), "/withdraw", icon="arrow-back-up", versioned=True),
    "end": Act(_("End it now"), "/end", "danger", "ban", confirm=_("The roles are gone at once."), versioned=True),
}  # fmt: skip
DURATIONS = [("30", _("half an hour")), ("60", _("one hour")), ("120", _("two hours")), ("240", _("four hours"))]
VERDICTS = [("justified", _("Justified")), ("unjustified", _("Not justified"))]


@get(AT, guards=[may("emergency-access:read")], include_in_schema=False)
async def list_emergencies(
    actor: Acting, only: Annotated[Literal["look"] | None, QueryParameter(name="open")] = None
) -> Response[Any]:
    """All that the reader may see, or what waits for them."""
    return await _list(actor, Form(), only=only is not None)


@post(AT, guards=[may("emergency-access:ask")], include_in_schema=False)
async def ask(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        asked = typed.convert(EmergencyForm, only=EmergencyForm.__struct_fields__)
        made = await commands.ask(actor, asked)
    except (Invalid, Conflict, Denied) as refusal:
        errors = [FieldError(e.field.partition(".")[0], e.message) for e in refusal.errors]
        form = Form(typed.values, errors or [FieldError("", refusal.message)])
        return await _list(actor, form, refusal.status)
    return go(f"{AT}/{made.id}", _("Asked for. Whoever may grant it was told."))


async def _list(actor: Actor, form: Form, status: int = 200, *, only: bool = False) -> Response[Any]:
    async with viewing(actor) as view:
        all_of = queries.to_look_at(view, limit=100) if only else None
        found = (await all_of)[1] if all_of else (await queries.emergencies(view, limit=100)).items
    wanted = [role for role in roles_of(actor.organisation_kind) if role not in actor.roles | commands.NEVER]
    told: dict[str, Any] = {"found": found, "form": form, "looks": LOOKS, "known": wanted, "durations": DURATIONS}
    told |= {"asks": allowed(actor, "emergency-access:ask"), "only": only}
    return page("oversight/emergencies.html", status=status, **told)


@get(f"{AT}/{{emergency_id:uuid}}", guards=[may("emergency-access:read")], include_in_schema=False)
async def show(actor: Acting, emergency_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, emergency_id)


async def shown(actor: Actor, emergency_id: UUID) -> Response[Any]:
    """The emergency, also for a decision that is asked for again."""
    return await _page(actor, emergency_id, Form())


@post(f"{AT}/{{emergency_id:uuid}}/review", guards=[may("emergency-access:review")], include_in_schema=False)
async def review(request: AnyRequest, actor: Acting, emergency_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        verdict = typed.convert(VerdictForm, only=VerdictForm.__struct_fields__)
        await commands.review(as_seen(actor, typed), emergency_id, verdict)
    except (Invalid, Conflict, Denied) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _page(actor, emergency_id, Form(typed.values, errors), refusal.status)
    return go(f"{AT}/{emergency_id}", _("Reviewed."))


async def _page(actor: Actor, emergency_id: UUID, form: Form, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        told = await queries.emergency(view, emergency_id)
        row = _row(told)
        done = await queries.acts_of(view, told) if _judges(actor, row) else []
        lonely = await _lonely(view, told, row)
    can = EMERGENCY.possible(row, lambda permission, thing: require(actor, permission, thing))
    acts: list[Action] = [act.at(f"{AT}/{told.id}", told.version) for verb, act in ACTS.items() if verb in can]
    more: dict[str, Any] = {"reviews": "review" in can and not told.running, "verdicts": VERDICTS, "form": form}
    more |= {"done": done, "judges": _judges(actor, row), "sentence": sentence, "lonely": lonely, "looks": LOOKS}
    return page("oversight/emergency.html", status=status, told=told, acts=acts, **more)


def _row(told: EmergencyOut) -> EmergencyAccess:
    known = {name: getattr(told, name) for name in ("id", "state", "decided_by", "version")}
    return EmergencyAccess.of(known | {"created_by": told.person_id})


def _judges(actor: Actor, row: EmergencyAccess) -> bool:
    """Whether the reader looks at what was done, as somebody who reviews it or audits."""
    return allowed(actor, "emergency-access:review", row) or allowed(actor, "audit:read")


async def _lonely(view: View, told: EmergencyOut, row: EmergencyAccess) -> str:
    """The permission that nobody else holds here, where somebody is needed for the next step."""
    wanted = {
        "asked": "emergency-access:grant",
        "granted": "emergency-access:review",
        "ended": "emergency-access:review",
    }
    permission = wanted.get(told.state, "")
    return "" if not permission or await queries.able(view, permission, row) else permission


HANDLERS: list[Any] = [list_emergencies, ask, show, review, *page_verbs(AT, "emergency_id", VERBS, shown)]
