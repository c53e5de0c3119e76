"""Batches as whoever asked for them reads them; nobody else does."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from portal.operations.batches.forms import BatchOut, Part
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS: Final = {"asked_at": Sort("asked_at", datetime.fromisoformat, "timestamptz")}
MOST_SHOWN: Final = 100
_SQL: Final = """
select b.*, case when b.state in ('ready', 'expired') then b.documents else
  (select count(*) from batch_document d where d.batch_id = b.id and d.done_at is not null) end as done
from batch b where b.organisation_id = $1 and b.asked_by = portal.person()
"""
_LEFT: Final = "select * from batch_document where batch_id = $1 and done_at is null order by position"
_LACKING: Final = "select * from batch_document where batch_id = $1 and problem <> '' order by position limit $2"
_ALL: Final = "select * from batch_document where batch_id = $1 order by position"


async def batches(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[BatchOut]:
    """The newest first."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-asked_at", cursor)
    after, by = order.sql("b", bind, limit)
    rows = await view.fetch(f"{_SQL} and {after} {by}", *bind.values)
    return Page([_told(row) for row in rows[:limit]], order.page(rows, limit, lambda row: row["asked_at"]))


async def batch(view: View, batch_id: UUID) -> BatchOut:
    row = await view.one(f"{_SQL} and b.id = $2", view.actor.organisation_id, batch_id)
    if row is None:
        raise NotFound()
    return _told(row)


async def lacking(view: View, batch_id: UUID) -> list[Part]:
    """The documents that could not be made, the first of them."""
    return [_part(row) for row in await view.fetch(_LACKING, batch_id, MOST_SHOWN)]


async def left(view: View, batch_id: UUID) -> list[Part]:
    """What is still to be made."""
    return [_part(row) for row in await view.fetch(_LEFT, batch_id)]


async def parts(view: View, batch_id: UUID) -> list[Part]:
    return [_part(row) for row in await view.fetch(_ALL, batch_id)]


def _told(row: Any) -> BatchOut:
    return BatchOut(**{name: row[name] for name in BatchOut.__struct_fields__})


def _part(row: Any) -> Part:
    return Part(**{name: row[name] for name in Part.__struct_fields__})
