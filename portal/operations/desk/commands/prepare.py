"""Preparing an import: its files, its kind, its mapping."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.operations.desk import store
from portal.operations.desk.commands.choosing import Chosen, Wish, as_written, chosen, give, require_kind
from portal.operations.desk.commands.findings import forget_findings
from portal.operations.desk.commands.room import forget, require_place, require_room
from portal.operations.desk.drafts import restored, stored
from portal.operations.desk.events import ImportChanged, ImportDiscarded, ImportOpened
from portal.operations.desk.glance import Glance
from portal.operations.desk.queries import require_values
from portal.operations.desk.reception import FILES, Brought
from portal.operations.desk.states import IMPORT
from portal.operations.desk.tables import FileImport, ImportFile
from portal.operations.imports.mapping import Format, Mapping
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing, viewing

MOST_FILES = 10
_RESAMPLE = "update import_sample set body = $2 where file_id = $1"


async def open_import(actor: Actor, files: Sequence[Brought], wish: Wish | None = None) -> FileImport:
    """A new import of these files, with the mapping that was asked for, else with one proposed from their headers."""
    choice = await chosen(actor, wish or Wish())
    glances = {file.name: file.glance for file in files}
    glances |= await as_written(actor, {file.name: file.id for file in files}, glances, choice)
    async with changing(actor) as change:
        change.require("imports:run")
        await require_place(change)
        row = _new(change, files)
        give(change, row, glances, choice)
        await _keep_files(change, row, files, glances)
        change.add(row)
        change.record(ImportOpened(row.id, {file.name: file.glance.sha256 for file in files}), row)
    return row


async def add_files(
    actor: Actor, import_id: UUID, files: Sequence[Brought], written: Format | None = None
) -> FileImport:
    """More files; one with the name of a file that is there already takes its place. `written`: in which encoding they
    were read, if somebody chose it."""
    async with changing(actor, FileImport, import_id) as (change, row):
        IMPORT.take("change", row, change)
        require_values(actor, row.priced, row.created_by)
        there, names = await _given(change, import_id), {file.name for file in files}
        replaced = [file for file in there if file.name in names]
        if len(there) - len(replaced) + len(files) > MOST_FILES:
            raise Conflict(_("An import has at most {most} files.", most=MOST_FILES))
        change.remove_all(replaced)
        glances = await glances_of(change, import_id) | {file.name: file.glance for file in files}
        give(
            change, row, glances, Chosen(row.kind, restored(row.mapping) if row.mapping_name else None, written=written)
        )
        await _keep_files(change, row, files, glances)
        _rename(row, glances)
        found = await forget_findings(change, row)
        change.write(row)
        change.record(ImportChanged(row.id, row.kind), row)
    for file in (*replaced, *found):
        await store.forget(actor.organisation_id, file.id)
    return row


async def remove_file(actor: Actor, import_id: UUID, file_id: UUID) -> FileImport:
    async with changing(actor, FileImport, import_id) as (change, row):
        IMPORT.take("change", row, change)
        gone = [file for file in await _given(change, import_id) if file.id == file_id]
        if not gone:
            raise NotFound()
        change.remove_all(gone)
        _rename(row, [name for name in await glances_of(change, import_id) if name != gone[0].name])
        found = await forget_findings(change, row)
        change.write(row)
        change.record(ImportChanged(row.id, row.kind), row)
    for file in (*gone, *found):
        await store.forget(actor.organisation_id, file.id)
    return row


async def set_mapping(actor: Actor, import_id: UUID, wish: Wish) -> FileImport:
    """Another kind or mapping: what a trial found before counts no more."""
    choice = await chosen(actor, wish)
    async with viewing(actor) as view:
        rows = await view.fetch(
            "select id, name from import_file where import_id = $1 and purpose = 'given'", import_id
        )
        glances = await glances_of(view, import_id)
    seen = await as_written(actor, {row["name"]: row["id"] for row in rows}, glances, choice)
    async with changing(actor, FileImport, import_id) as (change, row):
        IMPORT.take("change", row, change)
        require_values(actor, row.priced, row.created_by)
        give(change, row, glances | seen, choice)
        for file in await _given(change, import_id):
            if file.name in seen:
                change.sql(_RESAMPLE, file.id, msgspec.to_builtins(seen[file.name]))
        found = await forget_findings(change, row)
        change.write(row)
        change.record(ImportChanged(row.id, row.kind), row)
    for file in found:
        await store.forget(actor.organisation_id, file.id)
    return row


async def discard(actor: Actor, import_id: UUID) -> FileImport:
    """Give it up: its files are deleted, what it was stays in the list."""
    async with changing(actor, FileImport, import_id) as (change, row):
        IMPORT.take("discard", row, change)
        files = await change.rows(ImportFile, "import_id = $1 and forgotten_at is null", import_id)
        forget(change, files)
        row.ended_at = change.now
        change.write(row)
        change.record(ImportDiscarded(row.id), row)
    for file in files:
        await store.forget(actor.organisation_id, file.id)
    return row


async def begin_correction(actor: Actor, import_id: UUID, files: Sequence[Brought], mapping: Mapping) -> FileImport:
    """A new import of the rows that another one gave back, by the same mapping."""
    async with changing(actor) as change:
        before = await change.row(FileImport, import_id)
        require_kind(change, before.kind)
        require_values(actor, before.priced, before.created_by)
        await require_place(change)
        row = _new(change, files)
        row.corrects_id, row.kind, row.priced = import_id, before.kind, before.priced
        row.mapping, row.mapping_name, row.mapping_number = stored(mapping), before.mapping_name, before.mapping_number
        await _keep_files(change, row, files, {file.name: file.glance for file in files})
        change.add(row)
        change.record(ImportOpened(row.id, {file.name: file.glance.sha256 for file in files}), row)
    return row


async def glances_of(view: Any, import_id: UUID) -> dict[str, Glance]:
    """What the files of an import look like, by name, in the order in which they came."""
    rows = await view.fetch(
        "select f.name, s.body from import_file f join import_sample s on s.file_id = f.id "
        "where f.import_id = $1 and f.purpose = 'given' order by f.id",
        import_id,
    )
    return {row["name"]: msgspec.convert(row["body"], Glance) for row in rows}


def _new(change: Change, files: Sequence[Brought]) -> FileImport:
    actor = change.actor
    row = FileImport(
        id=new_id(),
        organisation_id=actor.organisation_id,
        name="",
        kind="",
        mapping=stored(Mapping(name="")),
        created_by=actor.person_id,
        created_at=change.now,
    )
    _rename(row, [file.name for file in files])
    return row


def _rename(row: FileImport, names: Any) -> None:
    row.name = ", ".join(names)[:300]


async def _keep_files(
    change: Change, row: FileImport, files: Sequence[Brought], glances: MappingOf[str, Glance]
) -> None:
    await require_room(change, sum(file.size for file in files))
    for file in files:
        owned = {"organisation_id": change.actor.organisation_id, "import_id": row.id, "created_at": change.now}
        change.add(ImportFile(id=file.id, name=file.name, size=file.size, sha256=file.glance.sha256, **owned))
        change.afterwards(
            "insert into import_sample (file_id, organisation_id, body) values ($1, $2, $3)",
            *(file.id, change.actor.organisation_id, msgspec.to_builtins(glances[file.name])),
        )


async def _given(change: Change, import_id: UUID) -> list[ImportFile]:
    return await change.rows(ImportFile, "import_id = $1 and purpose = 'given' order by id", import_id)


def require_files(files: Sequence[Brought]) -> None:
    if not files:
        raise Invalid.field(FILES, _("Choose at least one file."))
