"""What is held and what was disposed of, for those who look after it."""

from uuid import UUID

from portal.audit.forms import DisposalOut, DisposedOut, HoldOut
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS = {"placed_at": Sort("id", UUID, "uuid")}
DISPOSALS = {"disposed_at": Sort("id", UUID, "uuid")}
_HOLD = ", ".join(HoldOut.__struct_fields__)
_DISPOSAL = ", ".join(name for name in DisposalOut.__struct_fields__ if name != "lines")
_LINE = ", ".join(DisposedOut.__struct_fields__)


async def holds(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[HoldOut]:
    """Legal holds of the reader's organisation, newest first."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-placed_at", cursor)
    after, by = order.sql("h", bind, limit)
    sql = f"select {_HOLD} from legal_hold h where organisation_id = $1 and {after} {by}"
    rows = await view.fetch(sql, *bind.values)
    return Page([HoldOut(**row) for row in rows[:limit]], order.page(rows, limit, lambda row: row["id"]))


async def hold(view: View, hold_id: UUID) -> HoldOut:
    found = await view.struct(HoldOut, f"select {_HOLD} from legal_hold where id = $1", hold_id)
    if found is None:
        raise NotFound()
    return found


async def disposals(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[DisposalOut]:
    """Certificates of the reader's organisation, newest first, each with its lines."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(DISPOSALS, "-disposed_at", cursor)
    after, by = order.sql("d", bind, limit)
    sql = f"select {_DISPOSAL} from disposal d where organisation_id = $1 and {after} {by}"
    rows = await view.fetch(sql, *bind.values)
    lines = await view.fetch(
        f"select disposal_id, {_LINE} from disposal_item where disposal_id = any($1) order by kind, number, revision",
        [row["id"] for row in rows],
    )
    told: dict[UUID, list[DisposedOut]] = {row["id"]: [] for row in rows}
    for line in lines:
        told[line["disposal_id"]].append(DisposedOut(**{name: line[name] for name in DisposedOut.__struct_fields__}))
    found = [DisposalOut(**row, lines=told[row["id"]]) for row in rows[:limit]]
    return Page(found, order.page(rows, limit, lambda row: row["id"]))


async def partners(view: View) -> list[tuple[UUID, str]]:
    """Organisations that one trades with, by name: whom a hold may be about."""
    sql = "select id, name from organisation where id <> $1 order by name limit 1000"
    return [(row["id"], row["name"]) for row in await view.fetch(sql, view.actor.organisation_id)]
