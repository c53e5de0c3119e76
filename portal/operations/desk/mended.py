"""Rows that were mended: what a new import of them needs besides, and how the mapping finds them.

The workbook has a sheet for each file or sheet whose rows were refused. The mapping of the new import reads those
where it read the files; what it looks up in other files it still looks up there, so those come along.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from fnmatch import fnmatch
from typing import Any
from uuid import UUID

import msgspec

from portal.operations.desk import store
from portal.operations.desk.commands.prepare import glances_of
from portal.operations.desk.drafts import bound, restored, with_tables
from portal.operations.desk.mapping_form.sorts import sort_of
from portal.operations.desk.reception import Brought
from portal.operations.desk.samples import Sample, samples, values
from portal.operations.desk.tables import ImportFile
from portal.operations.imports.mapping import Field, Mapping
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import NotFound
from portal.platform.work import viewing

MOST_VALUES = 500  # different ones of a column


@asynccontextmanager
async def prepared(actor: Actor, import_id: UUID, mended: Sequence[Brought]) -> AsyncIterator[list[Brought]]:
    """The mended files and copies of those that only rows are looked up in; copies nobody takes are forgotten again."""
    others = await _looked_up(actor, import_id, {file.name for file in mended})
    copies: list[Brought] = []
    try:
        for file in others:
            copies.append(file._replace(id=new_id()))
            await store.copy(actor.organisation_id, file.id, copies[-1].id)
        yield [*mended, *copies]
    except BaseException:
        for file in copies:
            await store.forget(actor.organisation_id, file.id)
        raise


async def mapping_for(actor: Actor, import_id: UUID, files: Sequence[Brought]) -> Mapping:
    """The mapping of the import that gave the rows back, reading the mended rows in the place of its own."""
    async with viewing(actor) as view:
        row = await view.one("select kind, mapping, report from file_import where id = $1", import_id)
    if row is None:
        raise NotFound()
    sources = samples({file.name: file.glance for file in files})
    mapping, kind = restored(row["mapping"]), row["kind"]
    written = msgspec.structs.replace(mapping.format, encoding=None, delimiter=None)
    mapping = msgspec.structs.replace(mapping, format=written)
    sheets = (row["report"] or {}).get("sheets", [])
    placed = {}
    for part, table in mapping.parts(kind).items():
        wanted = [each["as"] for each in sheets if each["file"] == table.file and each["sheet"] in (None, table.sheet)]
        found = next((source for source in sources if source.sheet in wanted), None)
        placed[part] = (
            table if found is None else msgspec.structs.replace(table, file=found.name, sheet=found.sheet, header=None)
        )
    return _with_ours(bound(with_tables(mapping, kind, placed), kind, sources), kind, sources)


def _with_ours(mapping: Mapping, kind: str, sources: Sequence[Sample]) -> Mapping:
    """Who mends a cell may well write what the portal itself calls it: such values are added to the value maps."""
    tables = {}
    for part, table in mapping.parts(kind).items():
        own = [source for source in sources if (source.name, source.sheet) == (table.file, table.sheet)]
        fields = {name: _knowing(part, name, field, mapping, own) for name, field in table.plans().items()}
        tables[part] = msgspec.structs.replace(table, fields=fields)
    return with_tables(mapping, kind, tables)


def _knowing(part: str, name: str, field: Field, mapping: Mapping, sources: Sequence[Sample]) -> Field:
    known, sort = mapping.values_of(field), sort_of(part, name)
    if known is None or field.column is None or not sort.is_coded:
        return field
    there = [value for source in sources for value in values(source, field.column, MOST_VALUES)]
    ours = {value: value for value in there if value not in known and sort.takes(value)}
    return msgspec.structs.replace(field, map=known | ours) if ours else field


async def _looked_up(actor: Actor, import_id: UUID, mended: set[str]) -> list[Brought]:
    """The files of the import that its tables are joined with, unless they are among the mended ones."""
    async with viewing(actor) as view:
        row: Any = await view.one("select kind, mapping from file_import where id = $1", import_id)
        if row is None:
            raise NotFound()
        tables = restored(row["mapping"]).parts(row["kind"]).values()
        joined = {join.file.lower() for table in tables for join in table.joins}
        glances = await glances_of(view, import_id)
        files = await view.fetch(
            "select * from import_file where import_id = $1 and purpose = 'given' and forgotten_at is null", import_id
        )
    rows = [ImportFile.of(file) for file in files]
    wanted = [file for file in rows if file.name not in mended and _is_among(file.name, joined)]
    return [Brought(file.id, file.name, file.size, glances[file.name]) for file in wanted]


def _is_among(name: str, patterns: set[str]) -> bool:
    return any(fnmatch(name.lower(), pattern) for pattern in patterns)
