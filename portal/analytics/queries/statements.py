"""Statements as their reader may see them: the list, one, and what its document is set from."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import require
from portal.analytics.forms import OpenItem, OpenSums, StatementOut
from portal.analytics.tables import Statement
from portal.orders.forms import PartyOut
from portal.platform.paging import Bind, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

READ = "open-items:read"
SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}


class Listed(NamedTuple):
    """A statement in a list."""

    id: UUID
    number: str
    state: str
    buyer_name: str
    supplier_name: str
    as_of: Any
    currency: str
    created_at: datetime
    not_settled: Any


class Statements(NamedTuple):
    """One page of the list, newest first."""

    rows: list[Listed]
    newer: str | None
    older: str | None


async def statements(view: View, *, supplier_id: UUID | None = None, cursor: str | None = None) -> Statements:
    """The statements of the reader's side, with one supplier where that is asked."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("s", bind, 50)
    mine = "s.buyer_id = $1" if view.actor.is_buyer else "s.shown_to = $1"
    narrowed = f" and s.supplier_id = {bind(supplier_id)}" if supplier_id else ""
    columns = ", ".join(name for name in Listed._fields if name != "not_settled")
    sql = f"select {columns}, (snapshot -> 'sums' ->> 'not_settled')::numeric as not_settled from statement s"
    found = await view.fetch(f"{sql} where {mine}{narrowed} and {after} {ending}", *bind.values)
    page = order.turned(found, 50, lambda record: record["created_at"])
    return Statements([Listed(**record) for record in page.rows], page.newer, page.older)


async def statement_row(view: View, statement_id: UUID, permission: str = READ) -> Statement:
    """The row for its reader; unseen is 404, seen but not for this role 403."""
    record = await view.one("select * from statement where id = $1", statement_id)
    if record is None:
        raise NotFound()
    statement = Statement.of(record)
    require(view.actor, permission)
    return statement


async def statement_out(view: View, statement_id: UUID) -> StatementOut:
    return out_of(await statement_row(view, statement_id))


def out_of(row: Statement) -> StatementOut:
    return StatementOut(
        **{name: getattr(row, name) for name in ("id", "number", "version", "state", "as_of", "currency", "reason")},
        buyer=PartyOut(row.buyer_id, row.buyer_name),
        supplier=PartyOut(row.supplier_id, row.supplier_name),
        sums=msgspec.convert(row.snapshot["sums"], OpenSums, strict=False),
        items=msgspec.convert(row.snapshot["lines"], list[OpenItem], strict=False),
        sent_at=row.created_at,
        answered_at=row.answered_at,
    )


async def snapshot_of_statement(view: View, statement_id: UUID) -> dict[str, Any]:
    return (await statement_row(view, statement_id)).snapshot
