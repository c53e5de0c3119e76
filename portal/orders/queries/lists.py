"""Lists of orders: one statement a page, filtered and sorted on indexed columns, each naming its side."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.orders.forms import OrderRow, PartyOut, TotalsOut
from portal.orders.queries.one import GUARDED
from portal.orders.queries.open import OVERDUE, UNFINISHED
from portal.orders.states import KINDS, NAMES
from portal.platform.actor import Actor, Scope
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of, with_beside
from portal.platform.scope import visible
from portal.platform.search import patterns
from portal.platform.wiring import NARROWINGS, Narrowing
from portal.platform.work import View

SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "requested": Sort("requested_date", date.fromisoformat, "date"),
    "gross": Sort("gross_minor", int, "bigint"),
}
NEWEST = "-created"
# Conditions that leave out none of a side's orders: nobody supplies to itself.
WHOLE = {"buyer_id": ("true", "(true)"), "shown_to": ("true", "(true)", "(o.buyer_id <> $1)")}
MOST_FOUND = 1000
MOST_WORDED = 100  # are counted of what words find
MOST_LOOKED_AT = 20_000  # of what words find, the newest, are sorted, paged and narrowed otherwise
MOST_OPEN = 100
_COLUMNS = (
    "id, number, revision, version, state, on_hold, kind, currency, receipt_status, despatch_status, invoice_status, "
    "requested_date, response_due_at, created_at, issued_at, buyer_id, buyer_name, supplier_id, supplier_name, "
    "net, tax, gross, gross_minor, (select count(*) from purchase_order_line l where l.order_id = o.id "
    "and l.short_closed) as lines_closed_short"
)
_DECLINED = (
    "(select r.decision_reason from order_response r where r.order_id = o.id and r.revision = o.revision "
    "and r.state = 'declined' and o.state = 'issued' order by r.decided_at desc limit 1)"
)
_OWN = {"buyer", "supplier", "totals"}


class OrderFilter(msgspec.Struct, kw_only=True):
    """What a list of orders is narrowed by; absent is no narrowing. Codes may be several, with commas between them."""

    state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    kind: str | None = None
    query: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    requested_before: date | None = None
    on_hold: bool | None = None
    overdue: bool = False
    mine: bool = False
    created_by: UUID | None = None
    currency: str | None = None
    open: str | None = None
    contract_id: UUID | None = None

    @property
    def narrowing(self) -> Narrowing | None:
        """The work queue that the list is to show, if so."""
        return one_of("open", self.open, NARROWINGS["purchase-order"])


class OpenOrders(NamedTuple):
    """How many orders are open, and of how many of them goods or invoices are still to come."""

    orders: int
    to_deliver: int
    to_invoice: int


class Listed(NamedTuple):
    """An order in a list, and whether its answer is overdue by the database's clock.

    `declined` is why the buyer declined the changes that were offered last; None if it did not.
    """

    order: OrderRow
    overdue: bool
    declined: str | None = None


class OrderList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to `cap` + 1; `beside` is what came with it."""

    rows: list[Listed]
    newer: str | None
    older: str | None
    found: int
    cap: int
    beside: Any = None


def side_of(actor: Actor, chosen: OrderFilter | None = None) -> str:
    """The column that names the reader's side: the index every list walks.

    Who is both buyer and supplier lists purchases, unless it asks for the orders of which it is the supplier.
    """
    if chosen is not None and chosen.narrowing is not None and chosen.narrowing.side:
        return chosen.narrowing.side
    sells = chosen is not None and chosen.supplier_id == actor.organisation_id
    return "buyer_id" if actor.is_buyer and not sells else "shown_to"


def sorts_for(actor: Actor) -> dict[str, Sort]:
    """An order of rows, and a cursor, would tell amounts to who may not see them."""
    return SORTS if allowed(actor, "prices:read") else {name: s for name, s in SORTS.items() if name != "gross"}


async def orders(
    view: View, chosen: OrderFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[OrderRow]:
    """One page of the orders its reader may see, for programs: without a count."""
    found = await order_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page([row.order for row in found.rows], found.older)


async def order_list(
    view: View,
    chosen: OrderFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
    beside: Callable[[Bind], str] | None = None,
) -> OrderList:
    """One page of the orders its reader may see, with the ways to its neighbours, in one statement.

    `beside` writes the SQL of one value that is wanted with it; $1 is the reader's organisation.
    """
    bind = Bind(view.actor.organisation_id)
    order = order_of(sorts_for(view.actor), sort, cursor)
    cap = MOST_WORDED if _words(chosen) else MOST_FOUND
    newest = cursor is None and sort == NEWEST and _by_words_alone(view.actor, chosen)
    worded = _worded(view.actor, chosen, bind, max(limit, cap if counted else 0) + 1 if newest else MOST_LOOKED_AT)
    where = " and ".join(_narrowed(view.actor, chosen, bind))
    after, ending = order.sql("o", bind, limit)
    found = _counted(view.actor, chosen, where, bind, cap + 1) if counted else "0"
    sql = f"select {_COLUMNS}, {OVERDUE} as overdue, {found} as found from purchase_order o where {where} and {after}"
    sql = f"{worded}{sql} {ending}"
    records = await view.fetch(with_beside(sql, beside(bind)) if beside else sql, *bind.values)
    told = records[0]["beside"] if beside else None
    listed = [record for record in records if record["id"] is not None]
    page = order.turned(listed, limit, lambda record: record[order.sort.column])
    number = listed[0]["found"] if listed else 0
    return OrderList(_listed(view, page.rows), page.newer, page.older, number, cap, told)


async def waiting_orders(view: View, waits: Narrowing, limit: int = 5) -> tuple[int, list[Listed]]:
    """A work queue: how many orders wait and the first of them by due time, among the MOST_FOUND that wait longest.

    Only orders on which the reader holds the queue's permission count.
    """
    bind = Bind(view.actor.organisation_id)
    where = f"o.{waits.side or side_of(view.actor)} = $1 and {_waiting(view.actor, waits, bind)}"
    sql = (
        f"with waiting as (select {_COLUMNS}, {OVERDUE} as overdue, {_DECLINED} as declined from purchase_order o "
        f"where {where} order by o.created_at, o.id limit {MOST_FOUND}) select *, count(*) over () as waiting "
        f"from waiting order by response_due_at nulls last, requested_date, created_at limit {limit}"
    )
    records = await view.fetch(sql, *bind.values)
    return (records[0]["waiting"] if records else 0), _listed(view, records)


async def open_orders(view: View, suppliers: Sequence[UUID]) -> dict[UUID, OpenOrders]:
    """How many orders to each of these suppliers have something still to be delivered or invoiced, up to 100 each."""
    bind = Bind(view.actor.organisation_id, list(suppliers))
    seen = scoped(view.actor, "orders:read", "o", bind)
    where = f"o.supplier_id = s.id and o.buyer_id = $1 and {UNFINISHED} and {seen}"
    sql = (
        "select s.id, c.* from unnest($2::uuid[]) as s (id) cross join lateral (select count(*) as orders, "
        "count(*) filter (where receipt_status <> 'complete') as to_deliver, "
        "count(*) filter (where invoice_status <> 'complete') as to_invoice from "
        f"(select receipt_status, invoice_status from purchase_order o where {where} limit {MOST_OPEN}) o) c"
    )
    records = await view.fetch(sql, *bind.values)
    return {each["id"]: OpenOrders(each["orders"], each["to_deliver"], each["to_invoice"]) for each in records}


def _waiting(actor: Actor, waits: Narrowing, bind: Bind) -> str:
    return f"{scoped(actor, waits.permission, 'o', bind)} and {waits.sql(actor, bind)}"


def _counted(actor: Actor, chosen: OrderFilter, where: str, bind: Bind, most: int) -> str:
    """How many orders there are, up to `most`: by indexes alone where these know all that narrows the list."""
    side = side_of(actor, chosen)
    partner = "supplier_id" if side == "buyer_id" else "buyer_id"
    known = {name: getattr(chosen, name) for name in ("state", partner)}
    if chosen != OrderFilter(**known) or actor.scope != Scope() or not _whole(actor, side):
        return f"(select count(*) from (select from purchase_order o where {where} limit {most}) c)"
    states, own = _codes_of(chosen)["state"], "buyer" if side == "buyer_id" else "supplier"
    return f"(select portal.count_orders({bind(own)}, {bind(states)}::text[], {bind(known[partner])}::uuid, {most}))"


def _narrowed(actor: Actor, chosen: OrderFilter, bind: Bind) -> list[str]:
    side = side_of(actor, chosen)
    parts = [f"o.{side} = $1", scoped(actor, "orders:read", "o", bind)]
    equal = ("supplier_id", "buyer_id", "on_hold", "currency", "created_by")
    parts += [f"o.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    parts += [f"o.{name} = any({bind(wanted)}::text[])" for name, wanted in _codes_of(chosen).items() if wanted]
    if chosen.overdue:
        parts.append(OVERDUE)
    if chosen.narrowing is not None:
        parts.append(_waiting(actor, chosen.narrowing, bind))
    if chosen.contract_id is not None:
        parts.append(f"o.id in (select order_id from contract_call_off where contract_id = {bind(chosen.contract_id)})")
    if chosen.mine:
        parts.append(f"o.created_by = {bind(actor.person_id)}::uuid")
    if _words(chosen):
        parts.append("o.id in (select found from worded)")
    return parts + _dated(actor, chosen, bind)


def _codes_of(chosen: OrderFilter) -> dict[str, list[str] | None]:
    return {"state": codes("state", chosen.state, NAMES), "kind": codes("kind", chosen.kind, KINDS)}


def _dated(actor: Actor, chosen: OrderFilter, bind: Bind) -> list[str]:
    """Days of entry begin and end where the reader is; a requested date is a date and nothing else."""
    parts = []
    zone = bind(actor.time_zone) if chosen.created_from or chosen.created_to else ""
    if chosen.created_from:
        parts.append(f"o.created_at >= {bind(chosen.created_from)}::date::timestamp at time zone {zone}")
    if chosen.created_to:
        parts.append(f"o.created_at < ({bind(chosen.created_to)}::date + 1)::timestamp at time zone {zone}")
    if chosen.requested_before:
        parts.append(f"o.requested_date < {bind(chosen.requested_before)}")
    return parts


def orders_worded(text: str, bind: Callable[[Any], str], *, buys: bool) -> str:
    """A subquery of the ids of one side's orders in which all the words occur: number, partner, note, lines."""
    side = "buyer" if buys else "supplier"
    return f"(select portal.find_orders({bind(patterns(text))}, {bind(side)}, {MOST_FOUND}))"


def _worded(actor: Actor, chosen: OrderFilter, bind: Bind, most: int) -> str:
    """The orders in which all the words occur, the newest of them, looked up once for the page and its count."""
    if not _words(chosen):
        return ""
    side = "supplier" if side_of(actor, chosen) == "shown_to" else "buyer"
    found = f"portal.find_orders({bind(patterns(_words(chosen)))}, {bind(side)}, {most})"
    return f"with worded as materialized (select found from {found} found) "


def _words(chosen: OrderFilter) -> str:
    return (chosen.query or "").strip()


def _by_words_alone(actor: Actor, chosen: OrderFilter) -> bool:
    """Whether nothing else decides which orders are listed: the newest that are found are the page then."""
    return chosen == OrderFilter(query=chosen.query) and _whole(actor, side_of(actor, chosen))


def _whole(actor: Actor, side: str) -> bool:
    """Whether the reader sees all orders of this side of their organisation."""
    return scoped(actor, "orders:read", "o", Bind()) in WHOLE[side]


def _listed(view: View, records: list[Any]) -> list[Listed]:
    def may(permission: str) -> bool:
        return allowed(view.actor, permission)

    return [
        Listed(visible(_row(record), GUARDED, may), bool(record["overdue"]), record.get("declined"))
        for record in records
    ]


def _row(record: Any) -> OrderRow:
    own = {name: record[name] for name in OrderRow.__struct_fields__ if name not in _OWN}
    return OrderRow(
        **own,
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        totals=TotalsOut(record["net"], record["tax"], record["gross"]),
    )
