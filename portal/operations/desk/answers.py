"""Files on their way out: problems as a table, the rows to be mended, a mapping. The same for pages and programs."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from portal.operations.desk import queries, store, words
from portal.operations.imports.mapping import Mapping, encode
from portal.platform.actor import Actor
from portal.platform.csv_file import MARK, csv_line
from portal.platform.i18n import _
from portal.platform.refusals import NotFound
from portal.platform.work import viewing

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def errors_file(actor: Actor, import_id: UUID) -> Stream:
    """All errors of the last run, one a row, sent while they are read."""
    async with viewing(actor) as view:
        shown = await queries.import_out(view, import_id)
        queries.require_values(view.actor, shown.priced, shown.created_by.id)
    return Stream(_errors(actor, import_id), media_type="text/csv; charset=utf-8", headers=attached("errors.csv"))


async def corrections_file(actor: Actor, import_id: UUID) -> Stream:
    """The workbook of the rows that were refused; 404 if the last run refused none."""
    async with viewing(actor) as view:
        shown = await queries.import_out(view, import_id)
        queries.require_values(view.actor, shown.priced, shown.created_by.id)
    found = next((file for file in shown.files if file.purpose == "corrections" and not file.forgotten_at), None)
    if found is None:
        raise NotFound()
    chunks = await store.chunks(actor.organisation_id, found.id)
    return Stream(_bytes(chunks), media_type=WORKBOOK, headers=attached(found.name))


def mapping_file(mapping: Mapping, name: str) -> Response[str]:
    return Response(encode(mapping), media_type="application/toml; charset=utf-8", headers=attached(f"{name}.toml"))


def attached(name: str) -> dict[str, str]:
    """RFC 6266: a plain name for old clients, the whole one in UTF-8 for the others."""
    plain = "".join(c for c in name if c.isascii() and c.isprintable() and c not in '"\\') or "file"
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}


async def _errors(actor: Actor, import_id: UUID) -> AsyncIterator[str]:
    yield MARK + csv_line([_("File"), _("Row"), _("Records"), _("Column"), _("Value"), _("What is wrong")])
    async with viewing(actor) as view:
        async for problem in queries.all_errors(view, import_id):
            part, column = words.PARTS.get(problem.part, ""), words.column(problem.part, problem.column)
            yield csv_line([problem.file, problem.row, part, column, problem.value, problem.reason])


async def _bytes(chunks: Any) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield bytes(chunk)
