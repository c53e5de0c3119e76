"""Files on their way out: problems as a table, the rows to be mended, a mapping. The same for pages and programs."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from portal.operations.desk import queries, store, words
from portal.operations.imports.mapping import Mapping, encode
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import NotFound
from portal.platform.work import viewing
from portal.web.downloads import XLSX, csv_file, streamed, whole


async def errors_file(actor: Actor, import_id: UUID) -> Stream:
    """All errors of the last run, one a row, sent while they are read."""
    async with viewing(actor) as view:
        shown = await queries.import_out(view, import_id)
        queries.require_values(view.actor, shown.priced, shown.created_by.id)
    titles = [_("File"), _("Row"), _("Records"), _("Column"), _("Value"), _("What is wrong")]
    return csv_file("errors.csv", titles, _errors(actor, import_id))


async def corrections_file(actor: Actor, import_id: UUID) -> Stream:
    """The workbook of the rows that were refused; 404 if the last run refused none."""
    async with viewing(actor) as view:
        shown = await queries.import_out(view, import_id)
        queries.require_values(view.actor, shown.priced, shown.created_by.id)
    found = next((file for file in shown.files if file.purpose == "corrections" and not file.forgotten_at), None)
    if found is None:
        raise NotFound()
    chunks = await store.chunks(actor.organisation_id, found.id)
    return streamed(found.name, chunks, XLSX)


def mapping_file(mapping: Mapping, name: str) -> Response[str]:
    return whole(f"{name}.toml", encode(mapping), "application/toml; charset=utf-8")


async def _errors(actor: Actor, import_id: UUID) -> AsyncIterator[list[Any]]:
    async with viewing(actor) as view:
        async for problem in queries.all_errors(view, import_id):
            part, column = words.PARTS.get(problem.part, ""), words.column(problem.part, problem.column)
            yield [problem.file, problem.row, part, column, problem.value, problem.reason]
