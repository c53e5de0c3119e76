"""The mappings that are kept: their versions, their names, and their files."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, allowed, may
from portal.operations.desk import answers, commands, queries, words
from portal.operations.desk.forms import MappingRename
from portal.platform.i18n import _
from portal.platform.work import viewing
from portal.web import page
from portal.web.flash import go
from portal.web.input import read_form

AnyRequest = Request[Any, Any, Any]
HOME = "/imports/mappings"
MOST_VERSIONS = 1_000_000


@get(HOME, guards=[may("imports:read")], include_in_schema=False)
async def list_mappings(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        kept = await queries.mappings(view)
    return page("imports/mappings.html", kept=kept, kinds=words.KINDS, runs=allowed(actor, "imports:run"))


@get(f"{HOME}/{{import_mapping_id:uuid}}", guards=[may("imports:read")], include_in_schema=False)
async def show(actor: Acting, import_mapping_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        kept = await queries.mapping_named(view, import_mapping_id)
        versions = await queries.mapping_versions(view, import_mapping_id)
    runs = allowed(actor, "imports:run")
    return page("imports/kept.html", kept=kept, versions=versions, kinds=words.KINDS, runs=runs)


@get(f"{HOME}/{{import_mapping_id:uuid}}/mapping.toml", guards=[may("imports:read")], include_in_schema=False)
async def export(
    actor: Acting, import_mapping_id: FromPath[UUID], number: FromQuery[int | None] = None
) -> Response[str]:
    async with viewing(actor) as view:
        kept = await queries.mapping_named(view, import_mapping_id)
        wanted = number if number is not None and 0 < number < MOST_VERSIONS else None
        return answers.mapping_file(await queries.mapping_body(view, kept.id, wanted), kept.name)


@post(f"{HOME}/{{import_mapping_id:uuid}}/rename", guards=[may("imports:run")], include_in_schema=False)
async def rename(request: AnyRequest, actor: Acting, import_mapping_id: FromPath[UUID]) -> Response[Any]:
    wanted = (await read_form(request)).convert(MappingRename, only=("name",))
    kept = await commands.rename_mapping(actor, import_mapping_id, wanted.name)
    return go(f"{HOME}/{import_mapping_id}", _("The mapping is called {name} now.", name=kept.name))


@post(f"{HOME}/{{import_mapping_id:uuid}}/delete", guards=[may("imports:run")], include_in_schema=False)
async def delete(actor: Acting, import_mapping_id: FromPath[UUID]) -> Response[Any]:
    await commands.delete_mapping(actor, import_mapping_id)
    return go(HOME, _("The mapping is deleted. Imports that used it keep what it said."))


HANDLERS = [list_mappings, show, export, rename, delete]
