"""One import: where it stands, what it would bring or brought, what is wrong with it, and the acts on it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from portal.access.guards import Acting, allowed, may
from portal.audit.queries import history
from portal.operations.desk import answers, commands, queries, words
from portal.operations.desk.commands.prepare import glances_of
from portal.operations.desk.forms import ImportOut
from portal.operations.desk.looks import LOOKS
from portal.operations.desk.pages.steps import actions, kept_options, may_run, steps
from portal.operations.desk.preview import Preview, previews, unusable
from portal.operations.desk.reception import ENCODINGS
from portal.operations.desk.states import AT_REST, UNDER_WAY, S
from portal.operations.imports.aside import aside
from portal.operations.imports.mapping import Unusable
from portal.platform.i18n import _
from portal.platform.refusals import Denied
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AnyRequest = Request[Any, Any, Any]
PROBLEMS = 50
LONGEST = 9  # digits of a page's place


@get("/imports/{file_import_id:uuid}", guards=[may("imports:read")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    asked = request.query_params
    severity, after = asked.get("severity", ""), asked.get("after", "")
    async with viewing(actor) as view:
        shown = await queries.import_out(view, file_import_id)
        read = _may_read(view, shown)
        found = await queries.problems(
            view, file_import_id, after=int(after) if after.isdecimal() and len(after) <= LONGEST else 0,
            severity=severity if severity in ("error", "warning") else "", limit=PROBLEMS,
        )  # fmt: skip
        told = {
            "preview": await _preview(view, shown) if read and shown.state in AT_REST else [],
            "events": await history(view, file_import_id),
            "kept": await kept_options(view),
        }
    return page(
        "imports/show.html",
        **told,
        shown=shown,
        problems=found if read else None,
        severity=severity,
        reads=read,
        edits=shown.state in AT_REST and may_run(actor, shown),
        mends=shown.errors > 0 and may_run(actor, shown) and (shown.state == S.REFUSED or bool(shown.left_out)),
        under_way=shown.state in UNDER_WAY,
        steps=steps(shown),
        acts=actions(actor, shown),
        looks=LOOKS,
        encodings=ENCODINGS,
        words=words,
        runs=allowed(actor, "imports:run"),
    )


@post("/imports/{file_import_id:uuid}/start", guards=[may("imports:run")], include_in_schema=False)
async def start(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    form = await read_form(request)
    trial, leave_out = (form.values.get(name) == "1" for name in ("trial", "leave_out"))
    await commands.start(as_seen(actor, form), file_import_id, trial=trial, leave_out=leave_out)
    return go(f"/imports/{file_import_id}")


@post("/imports/{file_import_id:uuid}/cancel", guards=[may("imports:run")], include_in_schema=False)
async def cancel(actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    await commands.cancel(actor, file_import_id)
    return go(f"/imports/{file_import_id}", _("The import is being cancelled: nothing of it will be there."), "info")


@post("/imports/{file_import_id:uuid}/discard", guards=[may("imports:run")], include_in_schema=False)
async def discard(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    form = await read_form(request)
    gone = await commands.discard(as_seen(actor, form), file_import_id)
    return go("/imports", _("{name} is discarded; its files are deleted.", name=gone.name))


@get("/imports/{file_import_id:uuid}/errors.csv", guards=[may("imports:read")], include_in_schema=False)
async def errors(actor: Acting, file_import_id: FromPath[UUID]) -> Stream:
    return await answers.errors_file(actor, file_import_id)


@get("/imports/{file_import_id:uuid}/corrections.xlsx", guards=[may("imports:read")], include_in_schema=False)
async def corrections(actor: Acting, file_import_id: FromPath[UUID]) -> Stream:
    return await answers.corrections_file(actor, file_import_id)


@get("/imports/{file_import_id:uuid}/mapping.toml", guards=[may("imports:read")], include_in_schema=False)
async def mapping_file(actor: Acting, file_import_id: FromPath[UUID]) -> Response[str]:
    async with viewing(actor) as view:
        return answers.mapping_file(*await queries.mapping_of(view, file_import_id))


async def _preview(view: View, shown: ImportOut) -> list[Preview]:
    glances = await glances_of(view, shown.id)
    if not glances or not shown.kind:
        return []
    try:
        mapping, _name = await queries.mapping_of(view, shown.id)
    except Unusable as refusal:
        return [unusable(shown.kind, refusal)]
    return await aside(previews, mapping, shown.kind, glances)


def _may_read(view: View, shown: ImportOut) -> bool:
    try:
        queries.require_values(view.actor, shown.priced, shown.created_by.id)
    except Denied:
        return False
    return True


HANDLERS = [show, start, cancel, discard, errors, corrections, mapping_file]
