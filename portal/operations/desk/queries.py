"""Imports as people read them: the list of all, one with its report, its problems, the mappings that are kept."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import allowed
from portal.access.queries import names
from portal.operations.desk.drafts import restored
from portal.operations.desk.forms import (
    FileOut,
    ImportOut,
    ImportRow,
    MappingOut,
    MappingUsed,
    MappingVersionOut,
    ProblemOut,
    Progress,
    Who,
)
from portal.operations.imports.doubts import told_again
from portal.operations.imports.mapping import Mapping
from portal.operations.imports.treated import Treated
from portal.platform.actor import Actor
from portal.platform.i18n import gettext
from portal.platform.paging import Bind, Sort, order_of
from portal.platform.refusals import Denied, NotFound
from portal.platform.work import View

SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
PRICED = ("prices", "orders", "all")
BATCH = 2_000
MOST_TREATED = 100
# What was brought to the desk, and what operators imported by the command line, which has a run and no more.
_ALL = """
select id, name, kind, state, 'desk' as via, trial, report->'kinds' as counts, created_by, created_at, ended_at
from file_import where organisation_id = $1
union all
select r.id, r.name, r.kind, 'imported', 'command', false, r.counts, r.created_by, r.created_at, r.created_at
from import_run r where r.organisation_id = $1 and not exists (select from file_import f where f.id = r.id)
"""
_ONE = """
select f.*, portal.now() as now_, p.done, p.what, p.at,
  (select count(*) from import_problem b where b.import_id = f.id and b.severity = 'error') as errors,
  (select count(*) from import_problem b where b.import_id = f.id and b.severity = 'warning') as warnings,
  array(select c.id from file_import c where c.corrects_id = f.id order by c.id) as corrected_by
from file_import f left join import_progress p on p.import_id = f.id where f.id = $1
"""
_FILES = """
select id, name, purpose, size, sha256, created_at, forgotten_at from import_file where import_id = $1 order by id
"""
_PROBLEMS = """
select number, severity, part, file, place, field, value, reason, parameters from import_problem
where import_id = $1 and number > $2 and ($3 = '' or severity = $3) order by number limit $4
"""
_MAPPINGS = """
select m.id, m.name, m.latest, m.created_at, m.version, v.body, v.saved_by, v.saved_at
from import_mapping m join import_mapping_version v on v.mapping_id = m.id and v.number = m.latest
where m.organisation_id = $1 and ($2::uuid is null or m.id = $2) order by m.name
"""


class ImportPage(NamedTuple):
    """One page of the list, with the ways to its neighbours."""

    rows: list[ImportRow]
    newer: str | None
    older: str | None


class ProblemPage(NamedTuple):
    """Some of a run's problems, in the order of files and rows; `after` leads on."""

    rows: list[ProblemOut]
    after: int | None


async def imports(view: View, *, cursor: str | None = None, limit: int = 50) -> ImportPage:
    """The organisation's imports, newest first, those of the command line among them."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("f", bind, limit)
    records = await view.fetch(f"select * from ({_ALL}) f where {after} {ending}", *bind.values)
    page = order.turned(records, limit, lambda record: record["created_at"])
    people = await names(view, [record["created_by"] for record in page.rows])
    rows = [
        ImportRow(**{**record, "counts": record["counts"] or {}, "created_by": _who(record["created_by"], people)})
        for record in map(dict, page.rows)
    ]
    return ImportPage(rows, page.newer, page.older)


async def import_out(view: View, import_id: UUID) -> ImportOut:
    """One import with what came of it; unseen is 404."""
    record = await view.one(_ONE, import_id)
    if record is None:
        return await _of_command(view, import_id)
    people = await names(view, [record["created_by"], record["started_by"]])
    report = record["report"] or {}
    reads = _reads_values(view.actor, record["priced"], record["created_by"])
    own = {name: record[name] for name in ImportOut.__struct_fields__ if name in record}
    told = own | {
        "via": "desk",
        "mapping": MappingUsed(record["mapping_name"], record["mapping_number"]),
        "files": await view.structs(FileOut, _FILES, import_id),
        "counts": report.get("kinds", {}),
        "totals": report.get("totals"),
        "left_out": report.get("left_out", {}),
        "unplaced": report.get("unplaced", {}),
        "unused": report.get("unused", []),
        "scores": report.get("scores"),
        "treated": [str(Treated(**each).sentence()) for each in report.get("treated", [])[:MOST_TREATED]],
        "doubts": [str(told_again(each).sentence()) for each in report.get("doubts", [])] if reads else [],
        "refusal": _sentence(record["refusal"]),
        "progress": Progress(record["done"], record["what"], record["at"]) if record["at"] else None,
        "created_by": _who(record["created_by"], people),
        "started_by": _who(record["started_by"], people),
    }
    return ImportOut(**told)


async def _of_command(view: View, import_id: UUID) -> ImportOut:
    record = await view.one("select * from import_run where id = $1", import_id)
    if record is None:
        raise NotFound()
    at = record["created_at"]
    files = [FileOut(import_id, file["name"], "given", 0, file["sha256"], at, at) for file in record["files"]]
    own = {name: record[name] for name in ("id", "name", "kind", "counts", "version")}
    mapping = MappingUsed(record["mapping"], None)
    told = {"priced": record["kind"] in PRICED, "via": "command", "state": "imported", "mapping": mapping}
    return ImportOut(**own, **told, files=files, created_at=at, ended_at=at)


def require_values(actor: Actor, priced: bool, created_by: UUID | None) -> None:
    """Prices in a file are for who may read prices, and for whoever brought the file: also after the import was given
    another kind."""
    if not _reads_values(actor, priced, created_by):
        raise Denied()


def _reads_values(actor: Actor, priced: bool, created_by: UUID | None) -> bool:
    return not priced or created_by == actor.person_id or allowed(actor, "prices:read")


async def problems(view: View, import_id: UUID, *, after: int = 0, severity: str = "", limit: int = 50) -> ProblemPage:
    rows = await view.fetch(_PROBLEMS, import_id, after, severity, limit + 1)
    found = [_problem(row) for row in rows[:limit]]
    return ProblemPage(found, found[-1].number if len(rows) > limit else None)


async def all_errors(view: View, import_id: UUID) -> AsyncIterator[ProblemOut]:
    """Every error of the last run, read in pieces."""
    after: int | None = 0
    while after is not None:
        page = await problems(view, import_id, after=after, severity="error", limit=BATCH)
        for problem in page.rows:
            yield problem
        after = page.after


async def mappings(view: View, mapping_id: UUID | None = None) -> list[MappingOut]:
    """The kept mappings by name, or one of them."""
    rows = await view.fetch(_MAPPINGS, view.actor.organisation_id, mapping_id)
    people = await names(view, [row["saved_by"] for row in rows])
    return [_mapping_out(row, people) for row in rows]


async def mapping_named(view: View, mapping_id: UUID) -> MappingOut:
    """One of the kept mappings; unseen is 404."""
    found = await mappings(view, mapping_id)
    if not found:
        raise NotFound()
    return found[0]


async def mapping_of(view: View, import_id: UUID) -> tuple[Mapping, str]:
    """The mapping of an import, and what to call it. Its value maps name what stands in the files."""
    sql = "select mapping, mapping_name, name, priced, created_by from file_import where id = $1"
    row = await view.one(sql, import_id)
    if row is None:
        raise NotFound()
    require_values(view.actor, row["priced"], row["created_by"])
    return restored(row["mapping"]), row["mapping_name"] or row["name"]


async def mapping_versions(view: View, mapping_id: UUID) -> list[MappingVersionOut]:
    sql = "select number, saved_by, saved_at from import_mapping_version where mapping_id = $1 order by number desc"
    rows = await view.fetch(sql, mapping_id)
    people = await names(view, [row["saved_by"] for row in rows])
    return [MappingVersionOut(row["number"], _who(row["saved_by"], people), row["saved_at"]) for row in rows]


async def mapping_body(view: View, mapping_id: UUID, number: int | None = None) -> Mapping:
    """What a kept mapping says, or said in one of its versions; unseen is 404."""
    sql = (
        "select body from import_mapping_version where mapping_id = $1 and ($2::int is null or number = $2) "
        "order by number desc limit 1"
    )
    body = await view.value(sql, mapping_id, number)
    if body is None:
        raise NotFound()
    return restored(body)


def _mapping_out(row: Any, people: dict[UUID, tuple[str, str]]) -> MappingOut:
    kinds = [kind for kind in ("suppliers", "items", "prices", "orders", "receipts") if kind in row["body"]]
    own = {name: row[name] for name in ("id", "name", "latest", "created_at", "saved_at", "version")}
    return MappingOut(**own, kinds=kinds, saved_by=_who(row["saved_by"], people))


def _problem(row: Any) -> ProblemOut:
    reason = gettext(row["reason"], **row["parameters"])
    own = {name: row[name] for name in ("number", "severity", "part", "file", "value")}
    return ProblemOut(**own, row=row["place"], column=row["field"], reason=reason)


def _sentence(refusal: Any) -> str:
    return gettext(refusal["text"], **refusal["parameters"]) if refusal else ""


def _who(person: UUID | None, people: dict[UUID, tuple[str, str]]) -> Who:
    return Who(person, people.get(person, ("",))[0] if person else "")
