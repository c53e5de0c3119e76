"""Statements as their reader may see them: the list, one, and what its document is set from."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import require, sees_a_part
from portal.analytics.forms import ListedStatement, OpenItem, OpenSums, StatementOut
from portal.analytics.states import NAMES
from portal.analytics.tables import Statement
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind, Sort, codes, order_of
from portal.platform.refusals import Denied, NotFound
from portal.platform.work import View

READ = "open-items:read"
MOST_FOUND = 1000
SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}


class Statements(NamedTuple):
    """One page of the list, newest first."""

    rows: list[ListedStatement]
    newer: str | None
    older: str | None
    found: int


async def statements(
    view: View,
    *,
    supplier_id: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Statements:
    """The statements of the reader's side, with one supplier or in some states where that is asked."""
    require_whole(view.actor)
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("s", bind, limit)
    mine = f"s.{_side(view.actor, supplier_id)} = $1"
    narrowed = f" and s.supplier_id = {bind(supplier_id)}" if supplier_id else ""
    if chosen := codes("state", state, NAMES):
        narrowed += f" and s.state = any({bind(chosen)}::text[])"
    columns = ", ".join(name for name in ListedStatement.__struct_fields__ if name != "not_settled")
    count = f"(select count(*) from (select from statement s where {mine}{narrowed} limit {MOST_FOUND + 1}) c)"
    columns += f", (snapshot -> 'sums' ->> 'not_settled')::numeric as not_settled, {count} as found"
    where = f"{mine}{narrowed} and {after} {ending}"
    found = await view.fetch(f"select {columns} from statement s where {where}", *bind.values)
    page = order.turned(found, limit, lambda record: record["created_at"])
    rows = [ListedStatement(**{name: row[name] for name in ListedStatement.__struct_fields__}) for row in page.rows]
    return Statements(rows, page.newer, page.older, found[0]["found"] if found else 0)


async def statements_of_month(
    view: View, side: str, first: date, until: date, partner_id: UUID | None, limit: int
) -> list[Any]:
    """Id, number, partner and day of those that stand, as of a day from `first` on and before `until`."""
    require_whole(view.actor)
    sells = side == "supplier_id"
    bind = Bind(view.actor.organisation_id)
    own, party = ("shown_to", "buyer") if sells else ("buyer_id", "supplier")
    partner = f"s.{party}_id = {bind(partner_id)}" if partner_id else "true"
    return await view.fetch(
        f"select s.id, s.number, s.{party}_name as partner, s.as_of as dated from statement s where s.{own} = $1 "
        f"and s.state in ('sent', 'objected', 'agreed') and s.as_of >= {bind(first)} and s.as_of < {bind(until)} "
        f"and {partner} order by s.as_of, s.number, s.id limit {bind(limit)}",
        *bind.values,
    )


async def statement_row(view: View, statement_id: UUID, permission: str = READ) -> Statement:
    """The row for its reader; unseen is 404, seen but not for this role 403."""
    record = await view.one("select * from statement where id = $1", statement_id)
    if record is None:
        raise NotFound()
    statement = Statement.of(record)
    require(view.actor, permission)
    require_whole(view.actor)
    return statement


def require_whole(actor: Actor) -> None:
    """A statement holds the items of the whole company: whoever looks after a part of it is refused."""
    if sees_a_part(actor, READ):
        raise Denied(_("A statement speaks for the whole company, and you look after a part of it."))


def _side(actor: Actor, supplier_id: UUID | None) -> str:
    """Who is both buyer and supplier reads as supplier where it names itself, else as buyer."""
    sells = not actor.is_buyer or (actor.is_supplier and supplier_id == actor.organisation_id)
    return "shown_to" if sells else "buyer_id"


async def statement_out(view: View, statement_id: UUID) -> StatementOut:
    return out_of(await statement_row(view, statement_id))


# The invoices that a statement tells of whose payment terms count from that: a statement that was withdrawn or replaced
# told of nothing.
_STATED = """
select i.id, (select min(s.as_of) from statement s
    where s.supplier_id = i.supplier_id and s.buyer_id = i.buyer_id and s.currency = i.currency
      and s.state in ('sent', 'objected', 'agreed')
      and s.snapshot -> 'lines' @> jsonb_build_array(jsonb_build_object('record_id', i.id::text))) as day
from statement t cross join lateral jsonb_array_elements(t.snapshot -> 'lines') line
join invoice i on i.id = (line ->> 'record_id')::uuid
where t.id = $1 and line ->> 'record' = 'invoice' and i.terms ->> 'base' = 'statement'
  and i.state in ('submitted', 'disputed', 'approved')
"""


async def stated_invoices(view: View, statement_id: UUID) -> list[tuple[UUID, date | None]]:
    """Those invoices, each with the day of the first statement that stands and tells of it."""
    return [(row["id"], row["day"]) for row in await view.fetch(_STATED, statement_id)]


_TOLD = (
    *("id", "number", "version", "state", "as_of", "currency", "reason", "reply", "replied_at", "replaces"),
    "replaced_by",
)


def out_of(row: Statement) -> StatementOut:
    return StatementOut(
        **{name: getattr(row, name) for name in _TOLD},
        buyer=PartyOut(row.buyer_id, row.buyer_name),
        supplier=PartyOut(row.supplier_id, row.supplier_name),
        sums=msgspec.convert(row.snapshot["sums"], OpenSums, strict=False),
        items=msgspec.convert(row.snapshot["lines"], list[OpenItem], strict=False),
        sent_at=row.created_at,
        answered_at=row.answered_at,
    )


async def snapshot_of_statement(view: View, statement_id: UUID) -> dict[str, Any]:
    return (await statement_row(view, statement_id)).snapshot
