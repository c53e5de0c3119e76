"""Excuses in a browser: the list, one of them with what can be decided, and the form that asks for one."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, require
from portal.access.verbs import page_verbs
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import id_of
from portal.platform.refusals import Invalid, NotFound
from portal.platform.wiring import Queue, Subject
from portal.platform.work import View, viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import ExcuseForm, ExcuseOut
from portal.scorecards.rules import ABOUT, CODES, CRITERIA, PARTS
from portal.scorecards.states import EXCUSE, NAMES, S
from portal.scorecards.tables import Excuse
from portal.scorecards.verbs import VERBS
from portal.web import Form, page
from portal.web.acts import Act
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.parts import Action, Waiting

AnyRequest = Request[Any, Any, Any]
AT = "/scorecards/excuses"
ACTS = {
    "grant": Act(_("Excuse it"), "/grant", "primary", "shield-check", confirm=_("The raw figure stays beside it.")),
    "refuse": Act(_("Refuse"), "/refuse", icon="x", why=_("Why does it count? The supplier reads this.")),
    "withdraw": Act(
        _("Let it count again"),
        "/withdraw",
        "danger",
        "arrow-back-up",
        _("Why does it count? The supplier reads this."),
    ),
}


@get(AT, guards=[may("scorecards:read")], include_in_schema=False)
async def show_all(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = request.query_params
    state, supplier = asked.get("state") or None, id_of(asked.get("supplier_id", ""))
    async with viewing(actor) as view:
        found = await queries.excuses(view, state, supplier, cursor=asked.get("cursor") or None)
    return page(
        "scorecards/excuses.html",
        found=found,
        state=state,
        states=list(NAMES.items()),
        about=ABOUT,
        codes=CODES,
        buys=actor.is_buyer,
    )


@get(f"{AT}/new", guards=[may("excuses:ask")], include_in_schema=False)
async def new(request: AnyRequest, actor: Acting) -> Response[Any]:
    """The form for one fact, which a list of facts leads to."""
    return await _form_page(
        actor, Form({name: request.query_params.get(name, "") for name in ("criterion", "fact_id")})
    )


@post(AT, guards=[may("excuses:ask")], include_in_schema=False)
async def excuse(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        wanted = typed.convert(ExcuseForm, only=ExcuseForm.__struct_fields__)
    except Invalid as refusal:
        return await _form_page(actor, typed.again(refusal), status=422)
    made = await commands.excuse(actor, wanted)
    said = (
        _("{number} is excused.") if made.state == S.GRANTED else _("The customer decides whether {number} is excused.")
    )
    return go(f"{AT}/{made.id}", type(said)(said.text, {"number": made.number}))


@get(f"{AT}/{{excuse_id:uuid}}", guards=[may("scorecards:read")], include_in_schema=False)
async def show(actor: Acting, excuse_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, excuse_id)


async def shown(actor: Actor, excuse_id: UUID) -> Response[Any]:
    """The excuse, also for a decision that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.excuse_row(view, excuse_id)
    criterion = next(name for name, part in PARTS.items() if part == row.part)
    return page(
        "scorecards/excuse.html",
        excuse=row,
        about=ABOUT[row.part],
        code=CODES[row.code],
        acts=_possible(actor, row),
        own=row.supplier_id == actor.organisation_id,
        criterion=criterion,
    )


async def _form_page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    criterion, fact_id = form.value("criterion"), id_of(form.value("fact_id"))
    if criterion not in CRITERIA or fact_id is None:
        raise NotFound()
    async with viewing(actor) as view:
        fact = await queries.excusable(view, criterion, fact_id)
    if fact is None:
        raise NotFound()
    return page(
        "scorecards/excuse_form.html",
        status=status,
        form=form,
        fact=fact,
        criterion=CRITERIA[criterion],
        about=ABOUT[PARTS[criterion]],
        codes=list(CODES.items()),
        own=fact["supplier_id"] == actor.organisation_id,
        sent_to=AT,
    )


def _possible(actor: Actor, row: Excuse) -> list[Action]:
    verbs = EXCUSE.possible(row, lambda permission, thing: require(actor, permission, thing))
    return [act.at(f"{AT}/{row.id}", row.version) for verb, act in ACTS.items() if verb in verbs]


async def _asked(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.excuses_waiting(view)
    return count, [_waiting(row, allowed(view.actor, "excuses:decide")) for row in rows]


def _waiting(row: ExcuseOut, decides: bool) -> Waiting:
    href = f"{AT}/{row.id}"
    return Waiting(
        title=row.order_number if row.line is None else f"{row.order_number}/{row.line}",
        href=href,
        party=row.supplier_name,
        due=row.created_at,
        note=CODES[row.code],
        act=Action(_("Decide"), href, "primary", "scale", post=False) if decides else None,
    )


TO_DECIDE = Queue(
    _("Excuses to decide"),
    f"{AT}?state=asked",
    _asked,
    "excuses:decide",
    _("No supplier asks to be excused."),
    "warning",
    60,
    _("Order"),
    _("Supplier"),
    _("Asked"),
)
QUEUES = {"supplier_manager": [TO_DECIDE]}
SUBJECTS = {"score-excuse": Subject(_("Excuse"), f"{AT}/{{id}}", "scorecards:read")}
HANDLERS: list[Any] = [show_all, new, excuse, show, *page_verbs(AT, "excuse_id", VERBS, shown)]
