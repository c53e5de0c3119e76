"""Lists of service entries: one statement a page, each naming its reader's side."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed
from portal.orders.queries import orders_worded
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of
from portal.platform.scope import visible
from portal.platform.search import begins
from portal.platform.wiring import NARROWINGS, Narrowing
from portal.platform.work import View
from portal.services.forms import GUARDED, EntryRow
from portal.services.queries.side import readable, reads_as_buyer, side_of
from portal.services.states import NAMES

SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "performed": Sort("performed_until", date.fromisoformat, "date"),
}
MOST_FOUND = 1000
_SHOWN = 8
_OWN = {"buyer", "supplier", "net", "has_rejected"}
_PLAIN = [name for name in EntryRow.__struct_fields__ if name not in _OWN]
_COLUMNS = f"""{", ".join(f"e.{name}" for name in _PLAIN)}, buyer_id, buyer_name, supplier_id, supplier_name,
  (select sum(l.net) from service_entry_line l where l.entry_id = e.id) as net,
  exists (select from service_entry_line l where l.entry_id = e.id and l.state = 'rejected') as has_rejected"""


class EntryFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing. `state` takes codes with commas.

    `query` is the beginning of the entry's number, or words of its order.
    """

    state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    number: str | None = None
    performed_from: date | None = None
    performed_to: date | None = None
    query: str | None = None
    open: str | None = None


class EntryList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[EntryRow]
    newer: str | None
    older: str | None
    found: int


def _to_decide(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    return "e.state = 'submitted'"


def _unfinished(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    return "e.state = 'draft'"


ENTRIES_OPEN = {
    "decide": Narrowing(_("Services to accept"), _to_decide, "service-entries:decide", "shown_to"),
    "drafts": Narrowing(_("Service entries to finish"), _unfinished, "service-entries:create", "supplier_id"),
}


async def entries(
    view: View, chosen: EntryFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[EntryRow]:
    """One page of the entries its reader may see, for programs: without a count."""
    found = await entry_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page(found.rows, found.older)


async def entry_list(
    view: View,
    chosen: EntryFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> EntryList:
    """One page of the entries its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    where = " and ".join(_conditions(view.actor, chosen, bind))
    after, ending = order.sql("e", bind, limit)
    found = f"(select count(*) from (select from service_entry e where {where} limit {MOST_FOUND + 1}) c)"
    sql = (
        f"select {_COLUMNS}, {found if counted else 0} as found from service_entry e where {where} and {after} {ending}"
    )
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    rows = [row_of(view.actor, record) for record in page.rows]
    return EntryList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def entries_of_order(view: View, order_id: UUID) -> list[Any]:
    """The entries of one order, oldest first, with who submitted them: whatever row-level security shows."""
    sql = (
        f"select {_COLUMNS}, e.created_by, e.submitted_by from service_entry e "
        "where e.order_id = $1 order by e.created_at limit 200"
    )
    return await view.fetch(sql, order_id)


async def waiting_entries(view: View, name: str) -> tuple[int, list[EntryRow]]:
    """What waits for its reader under one of `ENTRIES_OPEN`: how many, and those that have waited longest."""
    waits, bind = ENTRIES_OPEN[name], Bind(view.actor.organisation_id)
    where = f"e.{waits.side} = $1 and {waits.sql(view.actor, bind)} and {readable(view.actor, 'e', bind)}"
    sql = (
        f"with e as (select * from service_entry e where {where} limit {MOST_FOUND}) "
        f"select {_COLUMNS}, count(*) over () as waiting from e order by e.created_at limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return records[0]["waiting"] if records else 0, [row_of(view.actor, record) for record in records]


def row_of(actor: Actor, record: Any) -> EntryRow:
    row = EntryRow(
        **{name: record[name] for name in (*_PLAIN, "net", "has_rejected")},
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
    )
    return visible(row, GUARDED, lambda permission: allowed(actor, permission))


def _conditions(actor: Actor, chosen: EntryFilter, bind: Bind) -> list[str]:
    equal = ("supplier_id", "buyer_id", "order_id", "number")
    parts = [f"e.{side_of(actor)} = $1", readable(actor, "e", bind)]
    parts += [f"e.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    if states := codes("state", chosen.state, NAMES):
        parts.append(f"e.state = any({bind(states)}::text[])")
    if chosen.performed_from:
        parts.append(f"e.performed_until >= {bind(chosen.performed_from)}")
    if chosen.performed_to:
        parts.append(f"e.performed_until <= {bind(chosen.performed_to)}")
    if words := (chosen.query or "").strip():
        of_orders = orders_worded(words, bind, buys=reads_as_buyer(actor))
        parts.append(f"({begins('e.number', words.upper(), bind)} or e.order_id in {of_orders})")
    if waits := one_of("open", chosen.open, NARROWINGS["service-entry"]):
        parts.append(waits.sql(actor, bind))
    return parts
