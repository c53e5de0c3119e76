"""Mappings that an organisation keeps under names, version after version."""

from uuid import UUID

import msgspec

from portal.operations.desk.drafts import restored, stored
from portal.operations.desk.events import MappingDeleted, MappingRenamed, MappingSaved
from portal.operations.desk.queries import require_values
from portal.operations.desk.tables import FileImport, ImportMapping, ImportMappingVersion
from portal.operations.imports.mapping import Mapping
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change, changing

LONGEST_NAME = 100


async def save_mapping(
    actor: Actor, name: str, mapping: Mapping | None = None, import_id: UUID | None = None
) -> ImportMapping:
    """Keep a mapping under a name: the given one, or the one of an import. If the name is known, it is the next version
    of that mapping, unless it says the same as the latest one."""
    async with changing(actor) as change:
        change.require("imports:run")
        used = await change.row(FileImport, import_id) if import_id is not None else None
        if used is not None:
            require_values(actor, used.priced, used.created_by)
        said = mapping or restored(used.mapping if used is not None else {"name": name})
        body = stored(msgspec.structs.replace(said, name=name))
        kept = await _named(change, name)
        number = await _next(change, kept, body)
        if number is not None:
            change.add(_version(change, kept, number, body))
            kept.latest = number
            change.write(kept)
        if used is not None:
            used.mapping, used.mapping_name, used.mapping_number = body, name, kept.latest
            change.write(used)
        change.record(MappingSaved(kept.id, name, kept.latest), kept)
    return kept


async def rename_mapping(actor: Actor, mapping_id: UUID, name: str) -> ImportMapping:
    async with changing(actor, ImportMapping, mapping_id) as (change, row):
        change.require("imports:run")
        if row.name == name:
            return row
        if await change.rows(ImportMapping, "name = $1", name):
            raise Conflict(_("There is a mapping of this name already."))
        before, row.name = row.name, name
        change.write(row)
        change.record(MappingRenamed(mapping_id, before, name), row)
    return row


async def delete_mapping(actor: Actor, mapping_id: UUID) -> None:
    """It is gone with all its versions; imports that used it keep what it said."""
    async with changing(actor, ImportMapping, mapping_id) as (change, row):
        change.require("imports:run")
        versions = await change.rows(ImportMappingVersion, "mapping_id = $1", mapping_id)
        change.remove_all(versions)
        change.afterwards("delete from import_mapping where id = $1", mapping_id)
        change.record(MappingDeleted(mapping_id, row.name), row)


async def _named(change: Change, name: str) -> ImportMapping:
    """The mapping of this name, locked, or a new one; two who save the same name at once take turns."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid.field("name", _("Enter a name of at most {longest} characters.", longest=LONGEST_NAME))
    await change.fetch(
        "select pg_advisory_xact_lock(hashtextextended('mapping ' || portal.organisation()::text || $1, 0))", name
    )
    found = await change.rows(ImportMapping, "name = $1", name)
    if found:
        return found[0]
    return change.add(
        ImportMapping(
            id=new_id(),
            organisation_id=change.actor.organisation_id,
            name=name,
            latest=1,
            created_by=change.actor.person_id,
            created_at=change.now,
        )
    )


async def _next(change: Change, kept: ImportMapping, body: object) -> int | None:
    """The number of the next version; None if it would say what the latest one says."""
    versions = await change.rows(ImportMappingVersion, "mapping_id = $1 and number = $2", kept.id, kept.latest)
    if not versions:
        return 1
    return None if stored(restored(versions[0].body)) == body else kept.latest + 1


def _version(change: Change, kept: ImportMapping, number: int, body: object) -> ImportMappingVersion:
    return ImportMappingVersion(
        id=new_id(),
        organisation_id=change.actor.organisation_id,
        mapping_id=kept.id,
        number=number,
        body=body,
        saved_by=change.actor.person_id,
        saved_at=change.now,
    )
