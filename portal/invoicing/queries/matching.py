"""The match: each billed line beside order and ledger, and what was found to differ."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.guards import allowed
from portal.invoicing.forms import ExceptionOut, MatchedLine, MatchingOut, MatchLineOut, MatchSettingsOut
from portal.invoicing.rules import Limits, basis_of, entitled
from portal.invoicing.tables import Invoice, MatchException
from portal.organisations.queries import Terms
from portal.platform.guarded import FIELDS
from portal.platform.refusals import NotFound
from portal.platform.scope import visible
from portal.platform.work import View
from portal.platform.work.parts import json_part, rows_part
from portal.settings.queries import tolerance_of

GUARDED = FIELDS["match"]
PRICED = frozenset({"price", "charge", "total", "prepaid"})

# What was billed before this invoice: the ledger less this invoice and those submitted after it, so that of two early
# invoices the first one matches when half of the goods have come. What was credited of an invoice counts with it.
# A price that was corrected is lower by what each piece that was left then got back.
# Nothing of a cancelled order is wanted any more, so that nothing of it is paid unasked.
# Of a migrated order it is told how much was accepted in the portal itself.
_LINES = """
select il.line, il.order_id, o.number as order_number, il.order_line_id, l.line as order_line, l.kind, il.description,
  il.unit, case when o.state = 'cancelled' then 0 else l.quantity end as ordered,
  l.confirmed, l.received, l.accepted, l.rejected,
  l.returned_for_replacement, l.returned, l.match_basis, l.tolerances,
  l.invoiced - coalesce(since.quantity, 0) - (l.credited - coalesce(back.here, 0) - coalesce(back.later, 0))
    as invoiced_before, il.quantity, coalesce(back.here, 0) as credited, coalesce(lower.by, 0) as corrected,
  l.unit_price as ordered_price, il.unit_price, il.base_quantity, il.price_unit,
  il.price_factor, il.discount, il.charge, il.net,
  l.tax_category as ordered_tax_category, l.tax_rate as ordered_tax_rate, il.tax_category, il.tax_rate,
  case when o.source is not null then coalesce(here.accepted, 0) end as booked_here
from invoice_line il
join purchase_order_line l on l.id = il.order_line_id join purchase_order o on o.id = il.order_id
left join lateral (
  select sum(other.quantity) as quantity from invoice_line other join invoice i on i.id = other.invoice_id
  where other.order_line_id = il.order_line_id and i.state not in ('draft', 'rejected')
    and (i.submitted_at, i.id) >= ($2::timestamptz, $1::uuid)) since on true
left join lateral (
  select sum(c.booked) filter (where i.id = $1) as here, sum(c.booked) filter (where i.id <> $1
    and (i.submitted_at, i.id) > ($2::timestamptz, $1::uuid)) as later
  from credit_note_line c join credit_note n on n.id = c.credit_note_id and n.booked_at is not null
  join invoice i on i.id = n.invoice_id where c.order_line_id = il.order_line_id) back on true
left join lateral (
  select sum(came.quantity) as accepted from (
    select r.accepted as quantity from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id
    where r.order_line_id = il.order_line_id and g.state = 'booked' and g.source is null
    union all
    select i.accepted from goods_inspection i where i.order_line_id = il.order_line_id and i.state = 'booked'
    union all
    select s.quantity from service_entry_line s join service_entry e on e.id = s.entry_id
    where s.order_line_id = il.order_line_id and s.state = 'accepted' and e.state <> 'reversed') came) here
  on o.source is not null
left join lateral (
  select sum(c.unit_price * c.quantity / (il.quantity - coalesce(earlier.booked, 0))) as by
  from credit_note_line c join credit_note n on n.id = c.credit_note_id and n.kind = 'price' and n.booked_at is not null
  cross join lateral (select sum(e.booked) as booked from credit_note_line e join credit_note m
    on m.id = e.credit_note_id and m.state not in ('draft', 'rejected') and m.submitted_at < n.submitted_at
    where e.invoice_line_id = il.id) earlier
  where c.invoice_line_id = il.id) lower on true
where il.invoice_id = $1 order by il.line
"""
_EXCEPTIONS = f"""
select {", ".join(ExceptionOut.__struct_fields__)} from match_exception where invoice_id = $1
order by (resolution <> 'open'), line nulls last, kind, created_at
"""


# Of an invoice, and the moment in which it was submitted.
MATCHED = json_part(
    f"select coalesce(json_agg(found), '[]') from ({_LINES}) found",
    list[MatchedLine],
    ["invoice_line", "purchase_order_line", "credit_note_line", "credit_note", "goods_receipt"],
)
FINDINGS = rows_part(MatchException, "p.invoice_id = $1", "p.created_at, p.id")


async def match_lines(view: View, invoice: Invoice) -> list[MatchedLine]:
    """The billed lines with the order's and the ledger's figures as they are now."""
    lines = await view.part(MATCHED, invoice.id, invoice.submitted_at)
    for line in lines:
        line.match_basis, line.entitled = basis_of(line), entitled(line)
    return lines


async def matching(view: View, invoice: Invoice) -> MatchingOut:
    """Lines side by side and all findings, without what is the buyer's own business."""
    lines = await match_lines(view, invoice)
    exceptions = await view.structs(ExceptionOut, _EXCEPTIONS, invoice.id)
    for line in lines:
        line.differs = [each.kind for each in exceptions if each.line == line.line and each.resolution == "open"]
    if view.actor.organisation_id != invoice.buyer_id:
        for each in exceptions:
            each.tolerance = each.resolution_reason = None
    if not allowed(view.actor, "prices:read"):
        for each in exceptions:
            if each.kind in PRICED:
                each.expected = each.actual = None
    told = [MatchLineOut(**{name: getattr(line, name) for name in MatchLineOut.__struct_fields__}) for line in lines]
    shown = MatchingOut(invoice.match_state, told, exceptions)
    return visible(shown, GUARDED, lambda permission: allowed(view.actor, permission))


async def open_exceptions(view: View, invoice_id: UUID) -> Sequence[MatchException]:
    """The findings nobody has decided on."""
    waiting = [each for each in await view.part(FINDINGS, invoice_id) if each.resolution == "open"]
    return sorted(waiting, key=lambda each: (each.line is None, each.line, each.kind))


async def match_settings(view: View) -> MatchSettingsOut:
    """By what the reader's own organisation matches invoices; only buyers do."""
    sql = "select version, match_basis from organisation where id = $1"
    found = await view.struct(MatchSettingsOut, sql, view.actor.organisation_id) if view.actor.is_buyer else None
    if found is None:
        raise NotFound()
    return found


def limits(agreement: Terms) -> Limits:
    """The buyer's tolerances. A total is limited only where the buyer said so: the lines' limits bound it anyway."""
    said = (agreement.supplier_tolerances, agreement.company_tolerances)
    limited = any(tolerance_of(level, "invoice_total") for level in said)
    total = agreement.tolerance("invoice_total") if limited else None
    return Limits(agreement.tolerance("invoice_quantity"), agreement.tolerance("invoice_price"), total)


def limits_of(agreement: Terms, line: MatchedLine) -> Limits:
    """The same for one line, as its order and its item said when the order was issued."""
    quantity, price = (agreement.tolerance(step, line.tolerances) for step in ("invoice_quantity", "invoice_price"))
    return Limits(quantity, price)
