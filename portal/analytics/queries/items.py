"""What was open at the end of a day: ordered not received, received not invoiced, invoiced not settled.

The ledger of an order line knows only now. Another day's quantities are the present ones less what was booked since,
so that goods of migrated orders, which have no receipts, count on every day. What was ordered comes from the revision
that was in force on the day; of a line that was closed short by then, what stays wanted. Amounts of order lines are net
of tax, in proportion to the line's net amount, each rounded half up to the currency's decimals. The buyer sees all of
it in its own currency too, at the rates that orders and invoices keep; what keeps none has no such amount.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import scoped
from portal.analytics.forms import OpenItem, OpenItems, OpenPair, OpenSums
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.calendar import day_begins
from portal.platform.money import MINOR_UNITS, decimals, round_amount
from portal.platform.paging import Bind
from portal.platform.work import View
from portal.shipments.queries import within_orders

WHOLE = [code for code in MINOR_UNITS if decimals(code) == 0]
RUNNING = ["issued", "accepted", "conditionally_accepted"]  # states of orders that go on
_BILLED_TO = {"buyer_id": "shown_to", "shown_to": "supplier_id"}  # an invoice is the supplier's own
KINDS = ("not_received", "not_invoiced", "not_settled")

# {mine}: whose orders; {after}: the end of the day; {whole}: currencies without decimals; {open}: which can be open.
_ORDERS = """
  select o.id, o.number, o.revision, o.currency, o.buyer_id, o.buyer_name, o.supplier_id, o.supplier_name,
    case when o.currency = any({whole}) then 0 else 2 end as decimals,
    case when o.currency = b.currency then 1 when o.own_currency = b.currency then o.exchange_rate end as worth,
    b.currency as own_currency,
    coalesce(o.cancelled_at, 'infinity') >= {after}
      and coalesce(o.closed_at, case when o.state = 'closed' then o.issued_at else 'infinity' end) >= {after}
      and (o.state <> 'rejected' or o.responded_at >= {after}) as live
  from purchase_order o join organisation b on b.id = o.buyer_id where o.issued_at < {after} and {mine}{open}"""
# Today only these can be open: orders that still run, and those of which more came than was billed. Of another day
# every order may have been.
_STILL_OPEN = """ and o.id in (
    select r.id from purchase_order r where r.{side} = $1 and r.state = any({running}::text[])
    union select l.order_id from purchase_order_line l
    where l.{side} = $1 and l.accepted > l.invoiced - l.credited)"""
_LINES = """
booked as (
  select g.order_line_id, g.accepted, r.booked_at as at, r.reversed_at
  from goods_receipt r join goods_receipt_line g on g.receipt_id = r.id join orders_then o on o.id = g.order_id
  union all
  select i.order_line_id, i.accepted, i.created_at, i.reversed_at
  from goods_inspection i join orders_then o on o.id = i.order_id
  union all
  select s.order_line_id, s.quantity, s.decided_at, e.reversed_at
  from service_entry e join service_entry_line s on s.entry_id = e.id join orders_then o on o.id = s.order_id
  where s.state = 'accepted'),
came_since as (
  select order_line_id, sum(case when at < {after} then accepted else -accepted end) as accepted from booked
  where (at >= {after} and reversed_at is null) or (at < {after} and reversed_at >= {after}) group by 1),
billed_since as (
  select b.order_line_id, sum(case when i.submitted_at < {after} then b.quantity else -b.quantity end) as quantity
  from invoice i join invoice_line b on b.invoice_id = i.id join orders_then o on o.id = b.order_id
  where (i.submitted_at >= {after} and i.state <> 'rejected')
    or (i.submitted_at < {after} and i.state = 'rejected' and i.decided_at >= {after})
  group by 1),
credited_since as (
  select l.order_line_id, sum(l.booked) as quantity, sum(l.returned) as returned
  from credit_note c join credit_note_line l on l.credit_note_id = c.id join orders_then o on o.id = l.order_id
  where c.booked_at >= {after} group by 1),
lines_then as (
  select o.*, l.line, l.description, l.unit, l.kind as line_kind, coalesce(l.promised_date, l.requested_date) as due,
    case when l.short_closed_at < {after} then greatest(l.closed_to - l.rejected + l.returned_for_replacement, 0)
      else coalesce(then_.quantity, l.quantity) end as wanted,
    coalesce(then_.quantity, l.quantity) as quantity, coalesce(then_.net, l.net) as net,
    l.accepted + coalesce(c.accepted, 0) as accepted,
    l.invoiced - l.credited + coalesce(b.quantity, 0) + coalesce(n.quantity, 0) as invoiced,
    l.returned - coalesce(n.returned, 0) as returned
  from orders_then o join purchase_order_line l on l.order_id = o.id
  left join came_since c on c.order_line_id = l.id left join billed_since b on b.order_line_id = l.id
  left join credited_since n on n.order_line_id = l.id
  left join lateral (
    select (was ->> 'quantity')::numeric as quantity, (was ->> 'net')::numeric as net
    from (select r.snapshot from order_revision r where r.order_id = o.id and r.issued_at < {after}
      order by r.revision desc limit 1) r, jsonb_array_elements(r.snapshot -> 'lines') was
    where (was ->> 'line')::int = l.line) then_ on o.revision > 1),
open_lines as (
  select 'not_received' as kind, t.*, t.wanted - t.accepted as open from lines_then t
  where t.live and t.line_kind <> 'charge' and t.wanted > t.accepted
  union all
  select 'not_invoiced', t.*, t.accepted - t.returned - t.invoiced from lines_then t
  where t.accepted - t.returned > t.invoiced),
"""
# A credit note lowers what is owed on, from when it was sent. Either may be of several orders: a reader whose scope one
# of them lies in sees it.
_BILLED = """
  select '{kind}' as record, i.id, i.number, i.currency, i.buyer_id, i.buyer_name, i.supplier_id, i.supplier_name,
    {columns}, b.currency as own_currency,
    case when i.currency = b.currency then 1 when i.own_currency = b.currency then i.exchange_rate end as worth
  from {table} i join organisation b on b.id = i.buyer_id
  where i.submitted_at < {{after}} and (i.state <> 'rejected' or i.decided_at >= {{after}})
    and (i.settled_on is null or i.settled_on > {{day}}) and {{of_{table}}}"""
# What was paid of an invoice by then is open no more. A credit note lowers what its invoice owes on the invoice's day.
_INVOICED = """i.payable_on as due, i.gross - coalesce((select sum(p.amount + p.credited) from payment p
      where p.invoice_id = i.id and p.paid_on <= {day}), 0) as gross, i.order_number as told"""
_CREDITED = """(select n.payable_on from invoice n where n.id = i.invoice_id) as due, -i.gross as gross,
    i.invoice_number as told"""
_BILLS = " union all ".join(
    (
        _BILLED.format(kind="invoice", table="invoice", columns=_INVOICED),
        _BILLED.format(
            kind="credit-note",
            table="credit_note",
            columns=_CREDITED,
        ),
    )
)
_ALL = """
found as (
  select kind, 'purchase-order' as record, buyer_id, buyer_name, supplier_id, supplier_name, id as record_id, number,
    line, description, open as quantity, unit, currency, due,
    round(case when open = quantity then net else net * open / quantity end, decimals) as amount, own_currency, worth
  from open_lines
  union all
  select 'not_settled', record, buyer_id, buyer_name, supplier_id, supplier_name, id, number, null, told, null, '',
    currency, due, gross, own_currency, worth
  from open_invoices),
items as (
  select kind, record, buyer_id, buyer_name, supplier_id, supplier_name, record_id, number, line, description, quantity,
    unit, currency, due, amount, own_currency,
    round(amount * worth, case when own_currency = any({whole}) then 0 else 2 end) as own_amount
  from found)
"""


class Asked(NamedTuple):
    """As of the end of which day of the reader's, and with whom and in which currency, where that is narrowed."""

    as_of: date
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    currency: str | None = None


async def today(view: View) -> date:
    """The day on the reader's wall."""
    return await view.value("select (portal.now() at time zone $1)::date", view.actor.time_zone)


async def open_items(view: View, asked: Asked) -> OpenItems:
    """The sums of each pair and currency, largest sum unsettled first, and of each currency."""
    bind = Bind(view.actor.organisation_id)
    sql = f"""with {await _source(view, asked, bind)}
    select buyer_id, max(buyer_name) as buyer_name, supplier_id, max(supplier_name) as supplier_name, currency,
      {", ".join(f"coalesce(sum(amount) filter (where kind = '{kind}'), 0) as {kind}" for kind in KINDS)},
      greatest(least(coalesce(sum(amount) filter (where kind = 'not_settled' and due < {bind(asked.as_of)}), 0),
        coalesce(sum(amount) filter (where kind = 'not_settled'), 0)), 0) as overdue,
      max(own_currency) as own_currency,
      case when count(*) = count(own_amount) then sum(own_amount) filter (where kind = 'not_settled') end
        as own_not_settled
    from items group by buyer_id, supplier_id, currency order by not_settled desc, 2, 4, currency"""
    pairs = [_pair(dict(record), view.actor.organisation_id) for record in await view.fetch(sql, *bind.values)]
    return OpenItems(asked.as_of, pairs, sums_of(pairs))


async def every_item(view: View, asked: Asked, most: int = 100_000) -> AsyncIterator[OpenItem]:
    """Each open line and invoice, by partner, kind and number."""
    bind = Bind(view.actor.organisation_id)
    sql = f"""with {await _source(view, asked, bind)}
    select * from items order by supplier_name, buyer_name, currency, array_position({bind(list(KINDS))}, kind),
      number, line limit {bind(most)}"""
    async for record in view.connection.cursor(sql, *bind.values, prefetch=500):
        values = dict(record)
        if view.actor.organisation_id != values["buyer_id"]:
            values["own_amount"], values["own_currency"] = None, ""
        yield OpenItem(**_parties(values), **values)


def sums_of(pairs: Iterable[OpenSums]) -> list[OpenSums]:
    """The sums of each currency, in the order of their codes."""
    totals: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys((*KINDS, "overdue"), Decimal(0)))
    for pair in pairs:
        for name in (*KINDS, "overdue"):
            totals[pair.currency][name] += getattr(pair, name)
    return [OpenSums(currency=code, **totals[code]) for code in sorted(totals)]


def summed(items: Iterable[OpenItem], currency: str, as_of: date) -> OpenSums:
    """The sums of these items, all of one currency."""
    nothing = round_amount(Decimal(0), currency)
    sums = OpenSums(currency=currency, **dict.fromkeys((*KINDS, "overdue"), nothing))
    for item in items:
        setattr(sums, item.kind, getattr(sums, item.kind) + item.amount)
        if item.kind == "not_settled" and item.due is not None and item.due < as_of:
            sums.overdue += item.amount
    sums.overdue = max(min(sums.overdue, sums.not_settled), nothing)
    return sums


async def _source(view: View, asked: Asked, bind: Bind) -> str:
    """The named queries up to `items`, of each of the reader's sides by itself: an index leads to either."""
    after = day_begins(asked.as_of + timedelta(days=1), view.actor.time_zone)
    given = {
        "after": f"{bind(after)}::timestamptz",
        "day": f"{bind(asked.as_of)}::date",
        "whole": f"{bind(WHOLE)}::text[]",
    }
    now = asked.as_of >= await today(view)
    orders, bills = [], []
    for side in _sides(view.actor, asked):
        still = _STILL_OPEN.format(side=side, running=bind(RUNNING)) if now else ""
        orders.append(_ORDERS.format(mine=_mine(view.actor, asked, bind, side), open=still, **given))
        of = {
            f"of_{kind}": _mine(view.actor, asked, bind, _BILLED_TO[side], kind) for kind in ("invoice", "credit_note")
        }
        bills.append(_BILLS.format(**given, **of))
    named = (f"orders_then as ({' union all '.join(orders)}),", _LINES.format(**given))
    return "".join((*named, f"open_invoices as ({' union all '.join(bills)}),", _ALL.format(**given)))


def _sides(actor: Actor, asked: Asked) -> list[str]:
    """As what the reader's organisation takes part, in what was asked for. Who is both sees both."""
    own = actor.organisation_id
    buys = actor.is_buyer and asked.supplier_id != own and asked.buyer_id in (None, own)
    sells = actor.is_supplier and asked.buyer_id != own and asked.supplier_id in (None, own)
    return [side for side, taken in (("buyer_id", buys), ("shown_to", sells)) if taken] or ["buyer_id"]


def _mine(actor: Actor, asked: Asked, bind: Bind, side: str, bill: str = "") -> str:
    """The orders `o`, or invoices or credit notes `i`, of one side, and what was narrowed."""
    wanted = {"supplier_id": asked.supplier_id, "buyer_id": asked.buyer_id, "currency": asked.currency}
    alias, scope = "i" if bill else "o", scoped(actor, "open-items:read", "o", bind)
    if bill and "o." in scope:
        lines = f"select from {bill}_line x join purchase_order o on o.id = x.order_id where x.{bill}_id = i.id"
        scope = within_orders(scope, lines)
    narrowed = [f"{alias}.{name} = {bind(value)}" for name, value in wanted.items() if value is not None]
    return " and ".join([f"{alias}.{side} = $1", f"{alias}.shown_to is not null", scope, *narrowed])


def _pair(record: dict[str, Any], reader: UUID) -> OpenPair:
    amounts = {name: round_amount(record.pop(name), record["currency"]) for name in (*KINDS, "overdue")}
    parties = _parties(record)
    own: dict[str, Any] = {}
    if parties["buyer"].id == reader and record["own_currency"] != record["currency"]:
        own = {"own_currency": record["own_currency"], "own_not_settled": record["own_not_settled"]}
    return OpenPair(currency=record["currency"], buyer=parties["buyer"], supplier=parties["supplier"], **amounts, **own)


def _parties(values: dict[str, Any]) -> dict[str, PartyOut]:
    return {side: PartyOut(values.pop(f"{side}_id"), values.pop(f"{side}_name")) for side in ("buyer", "supplier")}
