"""Populations: all records of a kind that fit a filter, with the control totals that say they are all there."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.operations.workspace.forms import PopulationForm, PopulationOut, SumOut
from portal.platform.decimals import plain
from portal.platform.i18n import Message, _
from portal.platform.paging import Bind
from portal.platform.refusals import Invalid
from portal.platform.work import View

MOST: Final = 200_000


class Member(NamedTuple):
    """A record of a population, as it stands in its control totals."""

    id: UUID
    kind: str
    number: str
    party: str
    dated: date
    amount: Decimal | None
    currency: str


_PARTY: Final = "case when r.buyer_id = $1 then r.supplier_name else r.buyer_name end"
_OTHER: Final = "case when r.buyer_id = $1 then r.supplier_id else r.buyer_id end"
_MINE: Final = "(r.buyer_id = $1 or r.shown_to = $1)"
_BILLED: Final = "(r.supplier_id = $1 or r.shown_to = $1)"
_INVOICE: Final = f"""
select r.id, 'invoice' as kind, r.number, {_PARTY} as party, {{dated}} as dated, r.gross as amount, r.currency,
  {_OTHER} as other from invoice r where {_BILLED} and {{which}}
"""
_POPULATIONS: Final[dict[str, tuple[Message, str]]] = {
    "orders": (
        _("Orders that were issued"),
        f"""select r.id, 'purchase-order' as kind, r.number, {_PARTY} as party,
  (r.issued_at at time zone 'UTC')::date as dated, r.gross as amount, r.currency, {_OTHER} as other
  from purchase_order r where {_MINE} and r.issued_at is not null""",
    ),
    "invoices": (
        _("Invoices that were sent"),
        _INVOICE.format(dated="r.issue_date", which="r.submitted_at is not null"),
    ),
    "payments": (
        _("Invoices whose payment was noted"),
        _INVOICE.format(dated="r.settled_on", which="r.settled_on is not null"),
    ),
    "receipts": (
        _("Goods receipts that stand, at the prices of their orders"),
        f"""select r.id, 'goods-receipt' as kind, r.number, {_PARTY} as party,
  (r.delivered_at at time zone 'UTC')::date as dated, g.amount, coalesce(g.currency, '') as currency, {_OTHER} as other
  from goods_receipt r left join lateral (
    select sum(round(l.net * c.accepted / nullif(l.quantity, 0), 2)) as amount,
      case when count(distinct o.currency) = 1 then min(o.currency) end as currency
    from goods_receipt_line c join purchase_order_line l on l.id = c.order_line_id
    join purchase_order o on o.id = l.order_id where c.receipt_id = r.id) g on true
  where {_MINE} and r.state = 'booked'""",
    ),
}
KINDS: Final[dict[str, Message]] = {kind: told[0] for kind, told in _POPULATIONS.items()}
_AMOUNT: Final = "p.amount"


async def population(view: View, form: PopulationForm) -> list[Member]:
    """Every record that fits, by id; `Invalid` for more than a sample can be drawn from at once."""
    bind = Bind(view.actor.organisation_id)
    narrowed = [
        f"{column} {sign} {bind(value)}"
        for column, sign, value in (
            ("p.dated", ">=", form.from_day),
            ("p.dated", "<=", form.until_day),
            ("p.currency", "=", form.currency),
            ("p.other", "=", form.party_id),
            (_AMOUNT, ">=", form.at_least),
        )
        if value is not None
    ]
    where = " and ".join(narrowed) or "true"
    sql = f"select * from ({_POPULATIONS[form.kind][1]}) p where {where} order by p.id limit {MOST + 1}"
    rows = await view.fetch(sql, *bind.values)
    if len(rows) > MOST:
        raise Invalid(_("These are more than {most} records: narrow them down by their date.", most=MOST))
    return [Member(*(row[name] for name in Member._fields)) for row in rows]


def totals(kind: str, members: Sequence[Member], as_of: datetime) -> PopulationOut:
    """Count, sums by currency, and a hash over a line a record: id, number, date, amount, currency, by id."""
    lines = hashlib.sha256()
    sums: dict[str, SumOut] = {}
    for member in members:
        amount = "" if member.amount is None else plain(member.amount)
        lines.update(f"{member.id}|{member.number}|{member.dated}|{amount}|{member.currency}\n".encode())
        found = sums.setdefault(member.currency, SumOut(member.currency, 0, Decimal(0), Decimal(0)))
        found.count += 1
        found.total += member.amount or 0
        found.below += min(member.amount or Decimal(0), Decimal(0))
    return PopulationOut(kind, as_of, len(members), sorted(sums.values(), key=_currency), lines.hexdigest())


def _currency(told: Any) -> str:
    return told.currency
