"""The library of clauses in a browser: the list, one clause with its editions, writing."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.access.verbs import page_verbs
from portal.clauses import commands, queries
from portal.clauses.forms import ClauseForm
from portal.clauses.queries import FACTS
from portal.clauses.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import MenuEntry, Subject
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.acts import Act
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form, refused

AnyRequest = Request[Any, Any, Any]
AT = "/clauses"
RETIRE = Act(_("Retire it"), "/retire", icon="archive", versioned=True)
MENU = [MenuEntry(_("Clauses"), AT, "file-text", "clauses:read", 13)]
SUBJECTS = {"clause": Subject(_("Clause"), AT, "clauses:read")}


@get(AT, guards=[may("clauses:read")], include_in_schema=False)
async def listed(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.library(view)
    return page("clauses/list.html", clauses=found, writes=allowed(actor, "clauses:write"))


@get(f"{AT}/new", guards=[may("clauses:write")], include_in_schema=False)
async def new(actor: Acting) -> Response[Any]:
    return page("clauses/new.html", form=Form({}), facts=FACTS)


@post(f"{AT}/new", guards=[may("clauses:write")], include_in_schema=False)
async def write(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        made = await commands.write(actor, _form(typed))
    except Invalid as refusal:
        return page("clauses/new.html", status=422, form=typed.again(refusal), facts=FACTS)
    return go(f"{AT}/{made.clause_id}", _("{title} is in your library.", title=made.title))


@get(AT + "/{clause_id:uuid}", guards=[may("clauses:read")], include_in_schema=False)
async def show(actor: Acting, clause_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, clause_id)


@post(AT + "/{clause_id:uuid}", guards=[may("clauses:write")], include_in_schema=False)
async def rewrite(request: AnyRequest, actor: Acting, clause_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        made = await commands.rewrite(as_seen(actor, typed), clause_id, _form(typed))
    except Invalid as refusal:
        return refused(await shown(actor, clause_id, typed.again(refusal)), refusal)
    return go(f"{AT}/{clause_id}", _("This is edition {edition} now.", edition=made.edition))


async def shown(actor: Actor, clause_id: UUID, form: Form | None = None) -> Response[Any]:
    async with viewing(actor) as view:
        clause = await queries.clause(view, clause_id)
    writes = allowed(actor, "clauses:write")
    acts = [RETIRE.at(f"{AT}/{clause_id}", clause.version)] if writes and not clause.retired else []
    form = form or Form({"title": clause.title, "body": clause.body})
    return page("clauses/show.html", clause=clause, form=form, facts=FACTS, writes=writes, acts=acts)


def _form(typed: Typed) -> ClauseForm:
    return typed.convert(ClauseForm, only=ClauseForm.__struct_fields__)


_HANDLERS: list[Any] = [listed, new, write, show, rewrite, *page_verbs(AT, "clause_id", VERBS, shown)]
router = Router("/", route_handlers=_HANDLERS)
