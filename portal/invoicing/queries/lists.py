"""Lists of invoices: one statement a page, each naming its reader's side."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.invoicing.forms import InvoiceRow, OrderRef
from portal.invoicing.queries.open import OPEN, READY
from portal.invoicing.queries.told import sums_out
from portal.invoicing.states import NAMES, status_code
from portal.orders.queries import orders_worded
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.guarded import FIELDS
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of
from portal.platform.scope import visible
from portal.platform.search import patterns
from portal.platform.work import View
from portal.shipments.queries import within_orders

SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "due": Sort("payable_on", date.fromisoformat, "date"),
    "gross": Sort("gross_minor", int, "bigint"),
}
GUARDED = FIELDS["invoice-row"]
MOST_FOUND = 1000
MATCH_STATES = ("unmatched", "matched", "exceptions", "resolved")
SELLING, BUYING = "supplier_id", "shown_to"
_COLUMNS = (
    "i.id, i.number, i.version, i.state, i.match_state, i.order_id, i.order_number, i.buyer_id, i.buyer_name, "
    "i.supplier_id, i.supplier_name, i.currency, i.net, i.tax, i.gross, i.gross_minor, i.prepaid, i.rounding, "
    "i.gross - i.prepaid + i.rounding as due, i.issue_date, i.due_date, i.payable_on, i.created_at, i.submitted_at"
)
_CREDITED = (
    "(select coalesce(sum(c.gross + c.rounding), 0) from credit_note c "
    "where c.invoice_id = i.id and c.state not in ('draft', 'rejected'))"
)
_PAID = "(select coalesce(sum(p.amount + p.credited + p.discount), 0) from payment p where p.invoice_id = i.id)"
_MADE = {"status_code", "order", "buyer", "supplier", "totals"}


class InvoiceFilter(msgspec.Struct, kw_only=True):
    """What a list of invoices is narrowed by; absent is no narrowing. `state` takes several codes with commas.

    `due_before` is about the day by which they are paid.
    """

    state: str | None = None
    match_state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    query: str | None = None
    due_before: date | None = None
    open: str | None = None


class Listed(NamedTuple):
    """An invoice in a list, and whether it is approved and its day has passed where its reader is."""

    invoice: InvoiceRow
    overdue: bool


class Owed(NamedTuple):
    """An invoice that waits for somebody, and what is owed of it; None to who sees no prices."""

    invoice: InvoiceRow
    amount: Decimal | None


class InvoiceList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[Listed]
    newer: str | None
    older: str | None
    found: int


class ToInvoice(msgspec.Struct):
    """An order with lines that can be billed now."""

    id: UUID
    number: str
    buyer_name: str
    issued_at: datetime | None
    lines: int


def side_of(actor: Actor, chosen: InvoiceFilter | None = None) -> str:
    """The column that names the reader's side: a supplier sees its drafts, a buyer what was submitted to it.

    Who is both asks for one side by naming its own organisation there; otherwise it sells if invoicing is its work.
    """
    if actor.is_buyer and actor.is_supplier:
        asked = chosen or InvoiceFilter()
        if asked.supplier_id == actor.organisation_id:
            return SELLING
        if asked.buyer_id == actor.organisation_id:
            return BUYING
    return SELLING if not actor.is_buyer or allowed(actor, "invoices:create") else BUYING


def sorts_for(actor: Actor) -> dict[str, Sort]:
    """An order of rows, and a cursor, would tell amounts to who may not see them."""
    return SORTS if allowed(actor, "prices:read") else {name: s for name, s in SORTS.items() if name != "gross"}


async def invoices(
    view: View, chosen: InvoiceFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[InvoiceRow]:
    """One page of the invoices its reader may see, for programs: without a count."""
    found = await invoice_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page([row.invoice for row in found.rows], found.older)


async def invoice_list(
    view: View,
    chosen: InvoiceFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> InvoiceList:
    """One page of the invoices its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(sorts_for(view.actor), sort, cursor)
    side, late = side_of(view.actor, chosen), overdue(view.actor, bind)
    where = " and ".join([mine(view.actor, side, bind), *_narrowed(view.actor, chosen, bind, side)])
    after, ending = order.sql("i", bind, limit)
    found = f"(select count(*) from (select from invoice i where {where} limit {MOST_FOUND + 1}) c)" if counted else "0"
    sql = f"select {_COLUMNS}, {late} as overdue, {found} as found from invoice i where {where} and {after} {ending}"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    rows = [Listed(_row(view.actor, record), record["overdue"]) for record in page.rows]
    return InvoiceList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def waiting_invoices(
    view: View, condition: str | Callable[[Actor, Bind], str], *, side: str, limit: int = 8
) -> tuple[int, list[Owed]]:
    """A work queue of one side: how many invoices wait (counted up to 1,000) and those that are due first, with what is
    owed of each: what was credited or paid is not."""
    bind = Bind(view.actor.organisation_id)
    wanted = condition if isinstance(condition, str) else condition(view.actor, bind)
    sql = (
        f"with waiting as (select {_COLUMNS} from invoice i "
        f"where {mine(view.actor, side, bind)} and {wanted} limit 1000) "
        f"select *, due - {_CREDITED} - {_PAID} as owed, count(*) over () as waiting from waiting i "
        f"order by payable_on, created_at limit {limit}"
    )
    records = await view.fetch(sql, *bind.values)
    rows = [_row(view.actor, record) for record in records]
    owed = [record["owed"] if row.totals.gross is not None else None for row, record in zip(rows, records, strict=True)]
    return (records[0]["waiting"] if records else 0), [Owed(*each) for each in zip(rows, owed, strict=True)]


async def orders_to_invoice(view: View, *, limit: int = 8) -> tuple[int, list[ToInvoice]]:
    """A supplier's orders of which more was accepted than is invoiced (counted up to 1,000), oldest first."""
    bind = Bind(view.actor.organisation_id)
    sql = (
        "with ready as (select o.id, o.number, o.buyer_name, o.issued_at, (select count(*) from purchase_order_line l "
        "where l.order_id = o.id and l.accepted - l.returned > l.invoiced - l.credited) as lines from purchase_order o "
        f"where o.shown_to = $1 and {scoped(view.actor, 'orders:read', 'o', bind)} and {READY} "
        "order by o.created_at limit 1000) "
        f"select *, count(*) over () as waiting from ready order by issued_at limit {limit}"
    )
    records = await view.fetch(sql, *bind.values)
    rows = [ToInvoice(**{name: record[name] for name in ToInvoice.__struct_fields__}) for record in records]
    return (records[0]["waiting"] if records else 0), rows


async def invoices_of_order(view: View, order: Any) -> list[InvoiceRow]:
    """All invoices that bill a line of the order, oldest first."""
    bind = Bind(view.actor.organisation_id)
    side = SELLING if order.supplier_id == view.actor.organisation_id else BUYING
    sql = (
        f"select {_COLUMNS} from invoice i where {mine(view.actor, side, bind)} and i.id in "
        f"(select invoice_id from invoice_line where order_id = {bind(order.id)}) order by i.created_at limit 200"
    )
    return [_row(view.actor, record) for record in await view.fetch(sql, *bind.values)]


async def invoices_of_advice(view: View, advice: Any) -> list[InvoiceRow]:
    """All invoices that were made of a despatch advice, oldest first."""
    bind = Bind(view.actor.organisation_id)
    side = SELLING if advice.supplier_id == view.actor.organisation_id else BUYING
    sql = (
        f"select {_COLUMNS} from invoice i where {mine(view.actor, side, bind)} "
        f"and i.despatch_advice_id = {bind(advice.id)} and i.id in (select invoice_id from invoice_line where order_id "
        f"in (select order_id from despatch_line where advice_id = {bind(advice.id)})) order by i.created_at limit 200"
    )
    return [_row(view.actor, record) for record in await view.fetch(sql, *bind.values)]


async def is_billable(view: View, advice_id: UUID) -> bool:
    """Whether a line of the despatch advice is not billed in full yet."""
    sql = (
        "select exists (select from despatch_line d join purchase_order_line l on l.id = d.order_line_id "
        "where d.advice_id = $1 and l.invoiced - l.credited < l.despatched - l.rejected - l.returned)"
    )
    return await view.value(sql, advice_id)


class Unpaid(NamedTuple):
    """An invoice that is not paid yet: whether somebody has to decide on it, and whether its days count from when its
    goods came."""

    id: UUID
    undecided: bool
    counts_from_goods: bool


async def unpaid_of_order(view: View, order_id: UUID) -> list[Unpaid]:
    """The invoices that bill the order and on which its goods have a bearing still, in the sequence they were sent."""
    records = await view.fetch(
        "select i.id, i.state in ('submitted', 'disputed') as undecided, "
        "coalesce(i.terms ->> 'base' in ('goods_receipt', 'acceptance'), false) as counts_from_goods "
        "from invoice i where i.state in ('submitted', 'disputed', 'approved') and i.id in "
        "(select invoice_id from invoice_line where order_id = $1) order by i.submitted_at, i.id",
        order_id,
    )
    return [Unpaid(**record) for record in records]


def overdue(actor: Actor, bind: Bind) -> str:
    """SQL: the day by which an approved invoice is paid has passed in the reader's time zone."""
    passed = f"i.payable_on < (portal.now() at time zone {bind(actor.time_zone)})::date)"
    return f"(i.state = 'approved' and i.terms_due is not null and {passed}"


def mine(actor: Actor, side: str, bind: Bind) -> str:
    """The invoices that the reader's role reaches: one of the orders an invoice bills lies in its scope."""
    lines = "select from invoice_line l join purchase_order o on o.id = l.order_id where l.invoice_id = i.id"
    return f"i.{side} = $1 and {within_orders(scoped(actor, 'invoices:read', 'o', bind), lines)}"


def _narrowed(actor: Actor, chosen: InvoiceFilter, bind: Bind, side: str) -> list[str]:
    equal = ("supplier_id", "buyer_id")
    parts = [f"i.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    for name, known in (("state", NAMES), ("match_state", MATCH_STATES)):
        if chosen_codes := codes(name, getattr(chosen, name), known):
            parts.append(f"i.{name} = any({bind(chosen_codes)}::text[])")
    if waits := one_of("open", chosen.open, OPEN):
        parts.append(waits.sql(actor, bind))
    if chosen.order_id:
        parts.append(f"i.id in (select invoice_id from invoice_line where order_id = {bind(chosen.order_id)})")
    if chosen.due_before:
        parts.append(f"i.payable_on < {bind(chosen.due_before)}")
    if words := patterns(chosen.query or ""):
        of_side = "supplier" if side == SELLING else "buyer"
        own = f"i.id in (select portal.find_invoices({bind(words)}, {bind(of_side)}, {MOST_FOUND}))"
        of_orders = orders_worded(chosen.query or "", bind, buys=side == BUYING)
        parts.append(f"({own} or i.id in (select invoice_id from invoice_line where order_id in {of_orders}))")
    return parts


def _row(actor: Actor, record: Any) -> InvoiceRow:
    own = {name: record[name] for name in InvoiceRow.__struct_fields__ if name not in _MADE}
    row = InvoiceRow(
        **own,
        status_code=status_code(record["state"], record["match_state"]),
        order=OrderRef(record["order_id"], record["order_number"]),
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        totals=sums_out(record),
    )
    return visible(row, GUARDED, lambda permission: allowed(actor, permission))
