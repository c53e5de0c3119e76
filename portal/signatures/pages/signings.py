"""Documents to be signed in a browser: the list, one of them with its places, and bringing another."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, has_proved, may, require
from portal.access.verbs import page_verbs
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.wiring import SUBJECTS
from portal.platform.work import viewing
from portal.signatures import commands, queries
from portal.signatures.arriving import LARGEST_FORM, form_with_pdf, said
from portal.signatures.forms import DayForm, NameForm
from portal.signatures.keeping import kept
from portal.signatures.states import NAMES, SIGNING, S
from portal.signatures.tables import Signing
from portal.signatures.verbs import VERBS
from portal.web import Form, page
from portal.web.acts import Act
from portal.web.downloads import named
from portal.web.flash import go
from portal.web.input import as_seen, read_form, refused
from portal.web.looks import Look
from portal.web.parts import Action
from portal.web.query import read_query
from portal.web.upload import STREAMED

AnyRequest = Request[Any, Any, Any]
AT = "/signings"
LOOKS = {
    S.OPEN: Look(NAMES[S.OPEN], "warning", "signature"),
    S.COMPLETED: Look(NAMES[S.COMPLETED], "success", "circle-check"),
    S.DECLINED: Look(NAMES[S.DECLINED], "danger", "circle-x"),
    S.WITHDRAWN: Look(NAMES[S.WITHDRAWN], "neutral", "arrow-back-up"),
}
_WHY = _("Why? Both sides read this.")
ACTS = {
    "decline": Act(_("Decline to sign"), "/decline", "danger", "x", _WHY),
    "withdraw": Act(_("Withdraw it"), "/withdraw", icon="arrow-back-up", why=_WHY),
}


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    query: Line | None = None
    open: Line | None = None
    cursor: Line | None = None


@get(AT, guards=[may("signatures:read")], include_in_schema=False)
async def show_list(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    async with viewing(actor) as view:
        chosen = queries.SigningFilter(state=asked.state, query=asked.query, open=asked.open)
        found = await queries.signing_list(view, chosen, cursor=asked.cursor)
    told = {"found": found, "asked": asked, "cap": queries.MOST_FOUND, "opens": allowed(actor, "signatures:open")}
    waits, tabs = queries.OPEN.get(asked.open or ""), [("", _("All")), *NAMES.items()]
    return page("signatures/list.html", tabs=tabs, waits=waits, looks=LOOKS, **told)


@get(f"{AT}/new", guards=[may("signatures:open")], include_in_schema=False)
async def begin(actor: Acting) -> Response[Any]:
    return await _entry(actor, Form({}))


@post(
    f"{AT}/new",
    guards=[may("signatures:open")],
    include_in_schema=False,
    opt=STREAMED,
    request_max_body_size=LARGEST_FORM + 1,
)
async def open_one(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = Form({})
    try:
        fields, name, pdf = await form_with_pdf(request)
        typed = Form(fields)
        signing = await commands.open_signing(actor, said(fields), name, pdf)
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or [FieldError("", str(refusal))]
        return await _entry(actor, Form(dict(typed.values), errors), status=refusal.status)
    return go(f"{AT}/{signing.id}", _("{company} is asked to sign it.", company=signing.supplier_name))


@get(f"{AT}/{{signing_id:uuid}}", guards=[may("signatures:read")], include_in_schema=False)
async def show(actor: Acting, signing_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, signing_id)


@get(f"{AT}/{{signing_id:uuid}}/file", guards=[may("signatures:read")], include_in_schema=False)
async def file(actor: Acting, signing_id: FromPath[UUID]) -> Response[Any]:
    """The present file, with the signatures so far."""
    async with viewing(actor) as view:
        row = await queries.signing_row(view, signing_id)
    return Response(await kept(row.sha256), media_type="application/pdf", headers=named(row.file_name))


async def shown(actor: Actor, signing_id: UUID, form: Form | None = None) -> Response[Any]:
    """Its page; `form` is a day or a name that was entered and does not do."""
    async with viewing(actor) as view:
        row = await queries.signing_row(view, signing_id)
        signing = await queries.signing(view, signing_id)
        names = row.state == S.OPEN and allowed(actor, "signatures:name")
        able = await queries.able_to_sign(view) if names else []
    about = SUBJECTS[row.kind] if row.kind and allowed(actor, SUBJECTS[row.kind].permission) else None
    told = {
        "acts": _acts(actor, row),
        "about": about,
        "signs": signing.can_sign and allowed(actor, "signatures:sign"),
        "proved": has_proved(actor),
        "own": actor.organisation_name,
        "own_side": "buyer" if row.buyer_id == actor.organisation_id else "supplier",
        "able": [(str(person), name) for person, name in able],
        "sets_day": row.state == S.OPEN and row.buyer_id == actor.organisation_id and allowed(actor, "signatures:open"),
        "form": form or Form({}),
    }
    return page("signatures/show.html", signing=signing, looks=LOOKS, **told)


def _acts(actor: Actor, row: Signing) -> list[Action]:
    can = SIGNING.possible(row, lambda permission, thing: require(actor, permission, thing))
    own = {"withdraw"} if row.buyer_id == actor.organisation_id else {"decline"}
    return [act.at(f"{AT}/{row.id}", row.version) for verb, act in ACTS.items() if verb in can and verb in own]


async def _entry(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        partners, able = await queries.partners(view), await queries.able_to_sign(view)
    people = [(str(person), name) for person, name in able]
    told = {"partners": partners, "people": people, "orders": queries.ORDERS}
    return page("signatures/new.html", status=status, form=form, **told)


@post(f"{AT}/{{signing_id:uuid}}/last-day", guards=[may("signatures:open")], include_in_schema=False)
async def set_day(request: AnyRequest, actor: Acting, signing_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(DayForm, only=("sign_until",))
        await commands.set_day(as_seen(actor, typed), signing_id, form)
    except Invalid as refusal:
        return refused(await shown(actor, signing_id, typed.again(refusal)), refusal)
    return go(f"{AT}/{signing_id}", _("It may be signed until the end of {day}.", day=form.sign_until.isoformat()))


@post(
    f"{AT}/{{signing_id:uuid}}/signatories/{{signatory_id:uuid}}/name",
    guards=[may("signatures:name")],
    include_in_schema=False,
)
async def name(
    request: AnyRequest, actor: Acting, signing_id: FromPath[UUID], signatory_id: FromPath[UUID]
) -> Response[Any]:
    typed = await read_form(request)
    try:
        person = typed.convert(NameForm, only=("person_id",)).person_id
        await commands.name(as_seen(actor, typed), signing_id, signatory_id, person)
    except Invalid as refusal:
        return refused(await shown(actor, signing_id, typed.again(refusal)), refusal)
    return go(f"{AT}/{signing_id}", _("It is kept. Whoever is named is told by mail."))


HANDLERS = [show_list, begin, open_one, show, file, set_day, name, *page_verbs(AT, "signing_id", VERBS, shown)]
