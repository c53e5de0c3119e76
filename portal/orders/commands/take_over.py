"""Quantities of orders that another system kept until now: the ledger's entrance for imports, set by set.

What came before the portal knew of it has no despatch, receipt or invoice here that `book` could be told of. It is
taken over as it is, for migrated orders alone; the orders' statuses follow by the rule that `rules.statuses` states.
"""

from portal.orders.queries import DELIVERED, GOODS, IS_LIVE
from portal.platform.work import Change

# What a live order's supplier was found wanting of is to be delivered again, as receipts in the portal have it.
REPLACED = f"case when {IS_LIVE} then q.rejected else 0 end"
# The columns of the ledger that lines come with, and what stands in them, of quantities `q` that may be none.
TAKEN = "confirmed, received, accepted, rejected, returned_for_replacement, invoiced"
CAME = ", ".join(
    f"coalesce({each}, 0)" for each in ("q.confirmed", "q.received", "q.accepted", "q.rejected", REPLACED, "q.invoiced")
)
# A ceiling is never less than what came, or was invoiced.
_LEDGER = f"""
update purchase_order_line l set confirmed = q.confirmed, received = q.received, accepted = q.accepted,
  rejected = q.rejected, returned_for_replacement = q.replaced, invoiced = q.invoiced, receive_ceiling = case
    when l.receive_ceiling is not null then greatest(l.receive_ceiling, q.received - q.replaced) end,
  invoice_ceiling = case when l.invoice_ceiling is not null then greatest(l.invoice_ceiling, q.invoiced) end
from (select q.*, {REPLACED} as replaced
  from ({{quantities}}) q join purchase_order_line x on x.id = q.line_id join purchase_order o on o.id = x.order_id
  where o.source is not null) q
where q.line_id = l.id
"""
_STATUSES = f"""
with concerned as (
  select distinct order_id from purchase_order_line where id in (select line_id from ({{quantities}}) q)),
awaited as (
  select l.*, despatched - returned_for_replacement as sent, received - returned_for_replacement as came,
    invoiced - credited as billed,
    case when short_closed then closed_to
    when bool_or(confirmed > 0) over (partition by order_id) then confirmed else quantity end as wanted
  from purchase_order_line l join concerned using (order_id)),
far as (
  select order_id,
    case when coalesce(bool_or(despatched > 0) filter (where {GOODS}), false) is false then 'none'
      when bool_and(sent >= wanted) filter (where {GOODS}) then 'complete' else 'partial' end as despatch,
    case when coalesce(bool_or(received > 0) filter (where {DELIVERED}), false) is false then 'none'
      when bool_and(came >= wanted) filter (where {DELIVERED}) then 'complete' else 'partial' end as receipt,
    case when not bool_or(billed > 0) then 'none' when bool_and(billed >= wanted) then 'complete'
      else 'partial' end as invoice
  from awaited l group by order_id)
update purchase_order o set despatch_status = far.despatch, receipt_status = far.receipt,
  invoice_status = far.invoice, version = o.version + 1
from far where far.order_id = o.id and o.source is not null
  and (o.despatch_status, o.receipt_status, o.invoice_status)
    is distinct from (far.despatch, far.receipt, far.invoice)
"""


async def take_over(change: Change, quantities: str) -> None:
    """`quantities` is a SELECT of line_id, confirmed, received, accepted, rejected and invoiced; it is asked twice.

    It is written at once and not with the flush: what follows in the import reads it. The import's own entry in the log
    says where it came from.
    """
    await change.connection.execute(_LEDGER.format(quantities=quantities))
    await follow_ledger(change, quantities)


async def follow_ledger(change: Change, quantities: str) -> None:
    """The orders' statuses follow what their lines were written with."""
    await change.connection.execute(_STATUSES.format(quantities=quantities))
