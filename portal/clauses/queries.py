"""The library as it stands, and how each clause came to be so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import names
from portal.clauses.forms import ClauseOut, ClauseRow
from portal.clauses.rules import FACTS, against, filled
from portal.platform.refusals import NotFound
from portal.platform.work import View

__all__ = ["FACTS", "against", "clause", "filled", "library", "newest"]

MOST_EDITIONS = 100  # that are shown; every one is kept
_NEWEST = """
select c.* from clause c where c.organisation_id = $1
  and not exists (select from clause n where n.clause_id = c.clause_id and n.edition > c.edition)
  and ($2::uuid[] is null or c.clause_id = any($2)) order by c.retired, c.title, c.id limit 1000
"""


async def library(view: View) -> list[ClauseRow]:
    """Every clause in its newest edition, by title, the retired ones last."""
    return await _rows(view, await view.fetch(_NEWEST, view.actor.organisation_id, None))


async def newest(view: View, clause_ids: Sequence[UUID]) -> dict[UUID, ClauseRow]:
    """Those of one's own that are offered to contracts, by id."""
    found = await view.fetch(_NEWEST, view.actor.organisation_id, list(clause_ids)) if clause_ids else []
    return {row.id: row for row in (_row(each, "") for each in found) if not row.retired}


async def clause(view: View, clause_id: UUID) -> ClauseOut:
    """One with its editions."""
    sql = "select * from clause where clause_id = $1 and organisation_id = $2 order by edition desc limit $3"
    rows = await _rows(view, await view.fetch(sql, clause_id, view.actor.organisation_id, MOST_EDITIONS))
    if not rows:
        raise NotFound()
    return ClauseOut(**msgspec.structs.asdict(rows[0]), editions=rows)


async def _rows(view: View, records: Sequence[Any]) -> list[ClauseRow]:
    people = await names(view, list({record["created_by"] for record in records})) if records else {}
    return [_row(record, people.get(record["created_by"], ("",))[0]) for record in records]


def _row(record: Any, name: str) -> ClauseRow:
    same = ("edition", "title", "body", "retired", "created_at")
    return ClauseRow(
        id=record["clause_id"],
        version=record["edition"],
        created_by_name=name,
        **{each: record[each] for each in same},
    )
