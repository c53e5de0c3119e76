"""What made a fact: its item, and the receipts, service entries or invoices that it follows from.

One statement serves a whole page of facts.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.decimals import ZERO
from portal.platform.work import View
from portal.scorecards.forms import FactOut, SourceOut

# What came for an order line, newest last; what was undone is no source any more.
_CAME = """
  select f.id, d.receipt_id as source, d.delivered_on as day from schedule_fact f join delivery_fact d using (line_id)
  where f.id = any($1::uuid[]) and d.accepted + d.rejected > 0
"""
_RECEIPT = """
select m.id, f.item_number, f.received, coalesce(r.number, s.number) as number, m.day, m.source,
  case when r.id is not null then 'goods-receipt' when s.id is not null then 'service-entry' end as kind
from schedule_fact f left join made m using (id) left join goods_receipt r on r.id = m.source
left join service_entry s on s.id = m.source where f.id = any($1::uuid[]) order by m.day, number
"""
_OF_LINES = f"with made as ({_CAME}) {_RECEIPT.replace('select m.id', 'select f.id')}"
_OF_RECEIPTS = """
select d.id, f.item_number, 0::numeric as received, coalesce(r.number, s.number) as number, d.delivered_on as day,
  d.receipt_id as source,
  case when r.id is not null then 'goods-receipt' when s.id is not null then 'service-entry' end as kind
from delivery_fact d join schedule_fact f on f.line_id = d.line_id and f.sequence = 1
left join goods_receipt r on r.id = d.receipt_id left join service_entry s on s.id = d.receipt_id
where d.id = any($1::uuid[])
"""
_OF_PRICES = """
select x.id, f.item_number, 0::numeric as received, i.number, i.issue_date as day, i.id as source, 'invoice' as kind
from invoice_fact x join schedule_fact f on f.line_id = x.line_id and f.sequence = 1
join invoice i on i.id = x.invoice_id
where x.id = any($1::uuid[])
"""
_OF_INVOICES = """
select i.id, string_agg(distinct f.line || coalesce(' · ' || nullif(f.item_number, ''), ''), ', ') as item_number,
  0::numeric as received, i.number, i.issue_date as day, i.id as source, 'invoice' as kind
from invoice i join invoice_fact x on x.invoice_id = i.id and x.exceptions > 0
join schedule_fact f on f.line_id = x.line_id and f.sequence = 1
where i.id = any($1::uuid[]) group by i.id
union all
select i.id, '', 0, i.number, i.issue_date, i.id, 'invoice' from invoice i
where i.id = any($1::uuid[])
  and not exists (select from invoice_fact x where x.invoice_id = i.id and x.exceptions > 0)
"""
_SOURCES: Mapping[str, str] = {
    **dict.fromkeys(("on_time_requested", "on_time_first_confirmed", "on_time_last_confirmed", "fill_rate"), _OF_LINES),
    "quality": _OF_RECEIPTS,
    "price": _OF_PRICES,
    "invoice_accuracy": _OF_INVOICES,
}


class Made(NamedTuple):
    """What is known of one fact beyond its figures; `received` is what came of its schedule line, whenever it came."""

    item_number: str
    received: Decimal
    sources: list[SourceOut]


async def with_sources(view: View, criterion: str, facts: Sequence[FactOut]) -> list[FactOut]:
    """The same facts with their items, what made them, and how each promise ended."""
    made = await _made(view, criterion, [fact.id for fact in facts])
    for fact in facts:
        found = made.get(fact.id, Made("", ZERO, []))
        fact.item_number, fact.sources = found.item_number, found.sources
        if criterion.startswith("on_time"):
            fact.outcome = outcome(fact, found.received)
    return list(facts)


async def _made(view: View, criterion: str, ids: Sequence[UUID]) -> dict[UUID, Made]:
    if criterion not in _SOURCES or not ids:
        return {}
    made: dict[UUID, Made] = {}
    for row in await view.fetch(_SOURCES[criterion], ids):
        each = made.setdefault(row["id"], Made(row["item_number"], row["received"], []))
        if row["kind"] is not None:
            each.sources.append(_source(row))
    return made


def _source(row: Any) -> SourceOut:
    return SourceOut(kind=row["kind"], id=row["source"], number=row["number"], day=row["day"])


def outcome(fact: FactOut, received: Decimal) -> str:
    """How a promise ended. Late is what came after its day, or never; what came by then and was too little is short."""
    wanted, by_then = fact.expected or ZERO, fact.actual or ZERO
    if fact.achieved == fact.base:
        return "on_time"
    if fact.happened_on is not None and fact.happened_on <= fact.counts_on:
        return "early" if received >= wanted else "short"
    return "partly_late" if by_then > ZERO else "late"
