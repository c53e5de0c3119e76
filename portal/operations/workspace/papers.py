"""Workpapers as they are read: what was drawn or written, what was found of each item, who signed, what it projects."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from portal.access.queries import names
from portal.operations.workspace.engagements import takes_part
from portal.operations.workspace.forms import ItemOut, PaperOut, ProjectionOut
from portal.operations.workspace.sampling import Judged, project
from portal.platform.canonical import canonical
from portal.platform.refusals import NotFound
from portal.platform.work import View

ZERO: Final = Decimal(0)
_PAPERS: Final = """
select w.*, s.signed_by, s.signed_at, s.note as sign_note from workpaper w
left join workpaper_signature s on s.workpaper_id = w.id
"""
_ITEMS: Final = """
select i.*, r.outcome, r.audited, r.note from workpaper_item i left join lateral (
  select outcome, audited, note from workpaper_result r where r.item_id = i.id order by created_at desc, id desc limit 1
) r on true where i.workpaper_id = any($1::uuid[]) order by i.workpaper_id, i.position
"""
_RESULTS: Final = """
select workpaper_id, id, item_id, outcome, audited, note, created_by, created_at from workpaper_result
where workpaper_id = any($1::uuid[]) order by workpaper_id, created_at, id
"""


async def papers(view: View, engagement_id: UUID) -> list[PaperOut]:
    """All of an engagement, oldest first, for who takes part in it; `NotFound` for everybody else."""
    if not await takes_part(view, engagement_id):
        raise NotFound()
    rows = await view.fetch(f"{_PAPERS} where w.engagement_id = $1 order by w.created_at, w.id", engagement_id)
    return await _told(view, rows)


async def paper(view: View, paper_id: UUID) -> PaperOut:
    rows = await view.fetch(f"{_PAPERS} where w.id = $1", paper_id)
    if not rows or not await takes_part(view, rows[0]["engagement_id"]):
        raise NotFound()
    return (await _told(view, rows))[0]


def digest_of(said: Any) -> str:
    return hashlib.sha256(canonical(said)).hexdigest()


async def whole_digest(view: View, paper_id: UUID, digest: str) -> str:
    """Over a workpaper and every result of it, as they stand now: what a signature stands for."""
    return _whole(digest, await view.fetch(_RESULTS, [paper_id]))


def _whole(digest: str, results: Sequence[Any]) -> str:
    lines = [
        [row["id"], row["item_id"], row["outcome"], row["audited"], row["note"], row["created_by"]] for row in results
    ]
    return digest_of({"paper": digest, "results": lines})


async def _told(view: View, rows: list[Any]) -> list[PaperOut]:
    ids = [row["id"] for row in rows]
    items: dict[UUID, list[ItemOut]] = {each: [] for each in ids}
    for row in await view.fetch(_ITEMS, ids):
        items[row["workpaper_id"]].append(_item(row))
    results: dict[UUID, list[Any]] = {each: [] for each in ids}
    for row in await view.fetch(_RESULTS, ids):
        results[row["workpaper_id"]].append(row)
    people = await names(view, [who for row in rows for who in (row["created_by"], row["signed_by"]) if who])
    return [_paper(row, items[row["id"]], results[row["id"]], people) for row in rows]


def _paper(row: Any, items: list[ItemOut], results: list[Any], people: dict[UUID, tuple[str, str]]) -> PaperOut:
    plain = ("id", "number", "engagement_id", "kind", "title", "body", "reference", "severity", "content", "digest")
    return PaperOut(
        **{name: row[name] for name in plain},
        whole_digest=_whole(row["digest"], results),
        created_by=people.get(row["created_by"], ("", ""))[0],
        created_by_id=row["created_by"],
        created_at=row["created_at"],
        signed_by=people.get(row["signed_by"], ("", ""))[0],
        signed_at=row["signed_at"],
        sign_note=row["sign_note"] or "",
        items=items,
        projection=projection(row["content"], items),
    )


def _item(row: Any) -> ItemOut:
    told = {name: row[name] for name in ItemOut.__struct_fields__ if name not in ("misstated", "outcome", "note")}
    right = row["amount"] if row["audited"] is None else row["audited"]
    wrong = None if row["outcome"] is None or row["amount"] is None else row["amount"] - right
    return ItemOut(**told, outcome=row["outcome"] or "", note=row["note"] or "", misstated=wrong)


def projection(content: dict[str, Any], items: Sequence[ItemOut]) -> ProjectionOut | None:
    """None for a sample that is not of money units, or of which an item is not judged yet."""
    if content.get("method") != "monetary" or any(item.misstated is None for item in items):
        return None
    judged = [
        Judged(item.amount, item.amount - item.misstated, item.certain)
        for item in items
        if item.amount is not None and item.misstated is not None
    ]
    found = project(judged, Decimal(content["interval"]), int(content["risk"]))
    tolerable = Decimal(content["tolerable"]) if content.get("tolerable") else None
    return ProjectionOut(
        **found._asdict(),
        upper_limit=found.upper_limit,
        tolerable=tolerable,
        acceptable=None if tolerable is None else found.upper_limit <= tolerable,
    )
