"""What was open at the end of a day: ordered not received, received not invoiced, invoiced not settled.

`ordered` and `billed` say what each of the three is, and of which columns. Amounts of order lines are net of tax, in
proportion to the line's net amount, each rounded half up to the currency's decimals. The buyer sees all of it in its
own currency too, at the rates that orders and invoices keep; what keeps none has no such amount.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import scoped
from portal.analytics.forms import OpenItem, OpenItems, OpenPair, OpenSums
from portal.analytics.queries.billed import ACCOUNTS, CREDITS, INVOICES
from portal.analytics.queries.ordered import LINES, ORDERS, RUNNING, STILL_OPEN
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.calendar import day_begins
from portal.platform.i18n import _
from portal.platform.money import MINOR_UNITS, decimals, round_amount
from portal.platform.paging import Bind
from portal.platform.refusals import Invalid
from portal.platform.work import View
from portal.shipments.queries import within_orders

WHOLE = [code for code in MINOR_UNITS if decimals(code) == 0]
_BILLED_TO = {"buyer_id": "shown_to", "shown_to": "supplier_id"}  # an invoice is the supplier's own
KINDS = ("not_received", "not_invoiced", "not_settled")

_ALL = """
found as (
  select kind, 'purchase-order' as record, buyer_id, buyer_name, supplier_id, supplier_name, id as record_id, number,
    line, description, open as quantity, unit, currency, due,
    round(case when open = quantity then net else net * open / quantity end, decimals) as amount, own_currency, worth
  from open_lines
  union all
  select 'not_settled', record, buyer_id, buyer_name, supplier_id, supplier_name, id, number, null, told, null, '',
    currency, due, amount, own_currency, worth
  from open_bills),
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


def require_past(as_of: date | None, today: date) -> None:
    if as_of is not None and as_of > today:
        raise Invalid.field("as_of", _("That day is still to come: what will be open then, nobody knows."))


async def asked_of(
    view: View, as_of: date | None, supplier: UUID | None, buyer: UUID | None, code: str | None
) -> Asked:
    """What is asked for; absent, the day is today. Raises `Invalid` for a day to come."""
    now = await today(view)
    require_past(as_of, now)
    return Asked(as_of or now, supplier, buyer, code)


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
    orders, invoices, credits = [], [], []
    for side in _sides(view.actor, asked):
        still = STILL_OPEN.format(side=side, running=bind(RUNNING)) if now else ""
        orders.append(ORDERS.format(mine=_mine(view.actor, asked, bind, side), open=still, **given))
        bills = _BILLED_TO[side]
        of = {kind: _mine(view.actor, asked, bind, bills, kind) for kind in ("invoice", "credit_note")}
        invoices.append(INVOICES.format(side=side, bills=bills, of=of["invoice"], **given))
        credits.append(CREDITS.format(of=of["credit_note"], **given))
    parts = {"orders_then": orders, "invoices_then": invoices, "credits_then": credits}
    named = [f"{name} as ({' union all '.join(sides)})," for name, sides in parts.items()]
    return "".join((*named, LINES.format(**given), ACCOUNTS, _ALL.format(**given)))


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
