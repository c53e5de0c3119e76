"""The import desk for programs: an import, its files one by one, its mapping, its run, and what came of it."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from portal.access.guards import Acting, may
from portal.operations.desk import answers, commands, queries
from portal.operations.desk.commands.choosing import Wish
from portal.operations.desk.forms import (
    ImportOut,
    ImportRow,
    MappingChoice,
    MappingOut,
    MappingRename,
    MappingSave,
    NewImport,
    ProblemOut,
    Start,
)
from portal.operations.desk.reception import LONGEST_BODY, one_file, read_mapping, written_as
from portal.operations.imports.mapping import Mapping
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Page, clamp, one_of
from portal.platform.refusals import Invalid, Malformed
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.body import ANYTHING
from portal.web.upload import STREAMED, SendsBytes

AnyRequest = Request[Any, Any, Any]
SEVERITIES = {"error": "error", "warning": "warning"}
READ, RUN = [may("imports:read")], [may("imports:run")]


async def _tagged(actor: Actor, import_id: UUID, status: int = 200) -> Response[ImportOut]:
    async with viewing(actor) as view:
        return tagged(await queries.import_out(view, import_id), status)


@get("/", guards=READ, operation_id="listImports")
async def list_imports(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[ImportRow]:
    """Imports, newest first, those of the operators' command line among them."""
    async with viewing(actor) as view:
        found = await queries.imports(view, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@post("/", guards=RUN, operation_id="createImport")
async def create(actor: Acting, data: JSONBody[NewImport | None] = None) -> Response[ImportOut]:
    """A new import; its files come one by one to `/imports/{id}/files/{name}`."""
    made = await commands.open_import(actor, [], Wish((data and data.kind) or ""))
    return await _tagged(actor, made.id, 201)


@get("/{file_import_id:uuid}", guards=READ, operation_id="getImport")
async def show(actor: Acting, file_import_id: FromPath[UUID]) -> Response[ImportOut]:
    """One import with the figures of its last run and how far it is while it runs."""
    return await _tagged(actor, file_import_id)


@delete("/{file_import_id:uuid}", guards=RUN, operation_id="discardImport")
async def discard(actor: Acting, file_import_id: FromPath[UUID]) -> None:
    """Give it up and delete its files."""
    await commands.discard(actor, file_import_id)


@put(
    "/{file_import_id:uuid}/files/{name:str}",
    guards=RUN,
    operation_id="putImportFile",
    opt=STREAMED | {"takes": ANYTHING},
    operation_class=SendsBytes,
    request_max_body_size=LONGEST_BODY,
)
async def put_file(
    request: AnyRequest,
    actor: Acting,
    file_import_id: FromPath[UUID],
    name: FromPath[str],
    encoding: FromQuery[str] = "",
) -> Response[ImportOut]:
    """Bring a file, its bytes as the body, up to 200 MB, with any content type. A file of the same name is replaced.
    `encoding` is for texts in another encoding than they seem to be in."""
    async with viewing(actor) as view:
        await queries.import_out(view, file_import_id)
    written = written_as(encoding)
    async with one_file(request, actor, name, written) as file:
        await commands.add_files(actor, file_import_id, [file], written)
    return await _tagged(actor, file_import_id)


@delete("/{file_import_id:uuid}/files/{import_file_id:uuid}", guards=RUN, operation_id="removeImportFile")
async def remove_file(actor: Acting, file_import_id: FromPath[UUID], import_file_id: FromPath[UUID]) -> None:
    """Take a file away again."""
    await commands.remove_file(actor, file_import_id, import_file_id)


@put("/{file_import_id:uuid}/mapping", guards=RUN, operation_id="mapImport")
async def set_mapping(
    actor: Acting, file_import_id: FromPath[UUID], data: JSONBody[MappingChoice | None] = None
) -> Response[ImportOut]:
    """Say what means what: by a kept mapping, by a mapping itself, or have one proposed from the headers."""
    chosen = data or MappingChoice()
    wish = Wish(chosen.kind or "", await _mapping(chosen.mapping), chosen.mapping_id)
    await commands.set_mapping(actor, file_import_id, wish)
    return await _tagged(actor, file_import_id)


@get("/{file_import_id:uuid}/mapping.toml", guards=READ, operation_id="getImportMapping")
async def mapping_file(actor: Acting, file_import_id: FromPath[UUID]) -> Response[str]:
    """The mapping of an import, as a file."""
    async with viewing(actor) as view:
        return answers.mapping_file(*await queries.mapping_of(view, file_import_id))


@post("/{file_import_id:uuid}/start", guards=RUN, operation_id="startImport", status_code=200)
async def start(
    actor: Acting, file_import_id: FromPath[UUID], data: JSONBody[Start | None] = None
) -> Response[ImportOut]:
    """Have it run: a trial unless `trial` is false."""
    asked = data or Start()
    await commands.start(actor, file_import_id, trial=asked.trial, leave_out=asked.leave_out)
    return await _tagged(actor, file_import_id)


@post("/{file_import_id:uuid}/cancel", guards=RUN, operation_id="cancelImport", status_code=200)
async def cancel(actor: Acting, file_import_id: FromPath[UUID]) -> Response[ImportOut]:
    """Ask for its end: what runs is undone within a moment."""
    await commands.cancel(actor, file_import_id)
    return await _tagged(actor, file_import_id)


@get("/{file_import_id:uuid}/problems", guards=READ, operation_id="listImportProblems")
async def problems(
    actor: Acting,
    file_import_id: FromPath[UUID],
    severity: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ProblemOut]:
    """What the last run found: errors first, then warnings; `severity` is error or warning."""
    async with viewing(actor) as view:
        shown = await queries.import_out(view, file_import_id)
        queries.require_values(view.actor, shown.priced, shown.created_by.id)
        found = await queries.problems(
            view,
            file_import_id,
            after=_place(cursor),
            severity=one_of("severity", severity, SEVERITIES) or "",
            limit=clamp(limit),
        )
    return Page(found.rows, None if found.after is None else str(found.after))


@get("/{file_import_id:uuid}/errors.csv", guards=READ, operation_id="getImportErrors")
async def errors(actor: Acting, file_import_id: FromPath[UUID]) -> Stream:
    """All errors as a table; no cell of it is a formula."""
    return await answers.errors_file(actor, file_import_id)


@get("/{file_import_id:uuid}/corrections.xlsx", guards=READ, operation_id="getImportCorrections")
async def corrections(actor: Acting, file_import_id: FromPath[UUID]) -> Stream:
    """The rows that were refused, with the reason in the first column."""
    return await answers.corrections_file(actor, file_import_id)


@get("/", guards=READ, operation_id="listImportMappings")
async def list_mappings(actor: Acting) -> Page[MappingOut]:
    """The kept mappings by name."""
    async with viewing(actor) as view:
        return Page(await queries.mappings(view))


@post("/", guards=RUN, operation_id="saveImportMapping")
async def save_mapping(actor: Acting, data: JSONBody[MappingSave]) -> Response[MappingOut]:
    """Keep a mapping under a name; a known name gets its next version."""
    if (data.mapping is None) == (data.import_id is None):
        raise Invalid.field("mapping", _("Send either a mapping or the id of an import."))
    kept = await commands.save_mapping(actor, data.name, await _mapping(data.mapping), data.import_id)
    return await _mapping_out(actor, kept.id, 201)


@get("/{import_mapping_id:uuid}", guards=READ, operation_id="getImportMappingNamed")
async def show_mapping(actor: Acting, import_mapping_id: FromPath[UUID]) -> Response[MappingOut]:
    """A kept mapping: its name, what it maps, and since when."""
    return await _mapping_out(actor, import_mapping_id)


@get("/{import_mapping_id:uuid}/mapping.toml", guards=READ, operation_id="exportImportMapping")
async def export_mapping(
    actor: Acting,
    import_mapping_id: FromPath[UUID],
    number: Annotated[int | None, QueryParameter(name="version", ge=1, le=1_000_000)] = None,
) -> Response[str]:
    """A kept mapping, or one of its older versions, as the file that `portal import` takes."""
    async with viewing(actor) as view:
        kept = await queries.mapping_named(view, import_mapping_id)
        return answers.mapping_file(await queries.mapping_body(view, kept.id, number), kept.name)


@patch("/{import_mapping_id:uuid}", guards=RUN, operation_id="renameImportMapping")
async def rename_mapping(
    actor: Acting, import_mapping_id: FromPath[UUID], data: JSONBody[MappingRename]
) -> Response[MappingOut]:
    """Give a kept mapping another name."""
    await commands.rename_mapping(actor, import_mapping_id, data.name)
    return await _mapping_out(actor, import_mapping_id)


@delete("/{import_mapping_id:uuid}", guards=RUN, operation_id="deleteImportMapping")
async def delete_mapping(actor: Acting, import_mapping_id: FromPath[UUID]) -> None:
    """Gone with all its versions; imports that used it keep what it said."""
    await commands.delete_mapping(actor, import_mapping_id)


async def _mapping_out(actor: Actor, mapping_id: UUID, status: int = 200) -> Response[MappingOut]:
    async with viewing(actor) as view:
        return tagged(await queries.mapping_named(view, mapping_id), status)


async def _mapping(given: str | None) -> Mapping | None:
    return None if given is None else await read_mapping("mapping.toml", given.encode())


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
        raise Malformed(_("This page of the list cannot be found. Start again from its first page."))
    return int(cursor)


_OF_IMPORTS = [
    *(list_imports, create, show, discard, put_file, remove_file, set_mapping, mapping_file, start, cancel),
    *(problems, errors, corrections),
]
_OF_MAPPINGS = [list_mappings, save_mapping, show_mapping, export_mapping, rename_mapping, delete_mapping]
router = Router("/imports", route_handlers=_OF_IMPORTS, tags=["Imports"])
mappings = Router("/import-mappings", route_handlers=_OF_MAPPINGS, tags=["Imports"])
