"""Proposing what late deliveries cost, and deciding on it. Nothing is booked: a debit note is a claim, no payment."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.debits.events import DebitAccepted, DebitProposed, DebitWaived, DebitWithdrawn
from portal.debits.rules import Part, Terms, damage, late_parts
from portal.debits.states import DEBIT
from portal.debits.tables import DebitNote
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.money import line_net
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing

MOST = 200  # receipts that one run looks at; the next run goes on
_CAME = "{0}.accepted + {0}.rejected + {0}.to_inspect"
# Receipts under contracts of which something came after the day on which it was due and the free days, and is not told
# of yet; by the buyer's own day. What was agreed on as the day of delivery counts, else what was wanted; the terms are
# those of the version of the contract that held when it came.
_LATE = f"""
with came as (
  select r.id as receipt_line_id, r.receipt_id, g.number as receipt_number, {_CAME.format("r")} as came,
    (g.delivered_at at time zone b.time_zone)::date as delivered_on, l.id as order_line_id, l.line, l.item_number,
    l.description, l.unit, l.unit_price, l.base_quantity, l.price_factor, l.discount, o.id as order_id,
    o.number as order_number, o.currency, c.id as contract_id, c.number as contract_number, c.supplier_id,
    c.buyer_name, c.supplier_name, v.late_rate, v.late_per, v.late_grace, v.late_cap, s.dues, s.quantities,
    (select coalesce(sum({_CAME.format("p")}), 0) from goods_receipt_line p
      join goods_receipt pg on pg.id = p.receipt_id where p.order_line_id = l.id and pg.state = 'booked'
      and (pg.delivered_at, p.id) < (g.delivered_at, r.id)) as before
  from contract c join organisation b on b.id = c.buyer_id
    join purchase_order_line l on l.contract_id = c.id and l.kind = 'goods' and l.unit_price > 0
    join purchase_order o on o.id = l.order_id
    join goods_receipt_line r on r.order_line_id = l.id
    join goods_receipt g on g.id = r.receipt_id and g.state = 'booked' and g.delivered_at >= c.activated_at
    join contract v on v.late_rate is not null and v.id = coalesce(
      (select a.id from contract a where a.amends_id = c.id and a.applied_at <= g.delivered_at
        order by a.applied_at desc limit 1), case when c.amendment_id is null then c.id end)
    cross join lateral (select array_agg(due order by due) as dues, array_agg(quantity order by due) as quantities
      from (select coalesce(promised_date, requested_date) as due, quantity from schedule_line where line_id = l.id
        union all select coalesce(l.promised_date, l.requested_date), l.quantity
        where not exists (select from schedule_line where line_id = l.id)) each where due is not null) s
  where c.buyer_id = $1 and exists (
      select from contract w where (w.id = c.id or w.amends_id = c.id) and w.late_rate is not null)
    and not exists (select from debit_note d where d.receipt_line_id = r.id))
select * from came where exists (
  select from (select due, quantity, sum(quantity) over (order by due rows unbounded preceding) as until
    from unnest(came.dues, came.quantities) as part (due, quantity)) part
  where until > before and until - quantity < before + came and due < delivered_on - late_grace)
order by receipt_line_id limit {MOST}
"""
_UNDONE = f"""buyer_id = $1 and state = 'proposed' and exists (select from goods_receipt g
  where g.id = debit_note.receipt_id and g.state <> 'booked') order by id limit {MOST} for no key update"""
# Locked: nobody reverses it while what came late by it is claimed.
_RECEIPT = "select state from goods_receipt where id = $1 for no key update"
_OF_LINE = (
    "receipt_line_id", "receipt_id", "receipt_number", "delivered_on", "order_line_id", "line", "item_number",
    "description", "unit", "order_id", "order_number", "currency", "contract_id", "contract_number", "supplier_id",
    "buyer_name", "supplier_name",
)  # fmt: skip


async def propose(actor: Actor) -> int:
    """Propose a debit note for what came late under contracts that say what a delay costs, and withdraw proposals
    whose receipt was undone; gives how many proposals there are more."""
    async with changing(actor) as change:
        change.require("debit-notes:propose")
        for note in await change.rows(DebitNote, _UNDONE, actor.organisation_id):
            DEBIT.take("withdraw", note, change)
            note.decided_at = change.now
            change.write(note)
            change.record(DebitWithdrawn(note.id), note)
        late = await change.fetch(_LATE, actor.organisation_id)
        notes = [note for record in late for note in _notes(change, record)]
        for note in notes:
            change.add(note)
            change.record(DebitProposed(note.id), note)
    return len(notes)


async def accept(actor: Actor, debit_note_id: UUID) -> DebitNote:
    """Claim what a delay costs: the supplier sees it from now on, and how it was reckoned."""
    async with changing(actor, DebitNote, debit_note_id) as (change, note):
        DEBIT.take("accept", note, change)
        if await change.value(_RECEIPT, note.receipt_id) != "booked":
            text = _("Receipt {number} was reversed, so nothing came late by it.", number=note.receipt_number)
            raise Conflict(text, subject_id=note.id)
        note.shown_to, note.number = note.supplier_id, await change.number("DN")
        note.decided_by, note.decided_at = actor.person_id, change.now
        change.write(note)
        await _keep_parties(change, note)
        change.record(DebitAccepted(note.id), note)
    return note


async def waive(actor: Actor, debit_note_id: UUID, reason: str = "") -> DebitNote:
    """Claim nothing, or take back a claim: for a reason, which the supplier reads of what it saw."""
    async with changing(actor, DebitNote, debit_note_id) as (change, note):
        DEBIT.take("waive", note, change)
        if not reason:
            raise Conflict(_("Say why nothing is claimed: it is kept with the debit note."), subject_id=note.id)
        note.reason, note.decided_by, note.decided_at = reason, actor.person_id, change.now
        change.write(note)
        change.record(DebitWaived(note.id, reason), note)
    return note


async def _keep_parties(change: Change, note: DebitNote) -> None:
    """Both sides as they are now: its document says so for as long as it is kept."""
    agreement = await terms(change, note.buyer_id, note.supplier_id)
    assert agreement is not None, "what came late was ordered within a trading relationship"
    parties = (msgspec.to_builtins(each) for each in (agreement.buyer, agreement.supplier))
    change.sql(
        "insert into debit_note_parties (debit_note_id, buyer_id, shown_to, accepted_at, buyer, supplier) "
        "values ($1, $2, $3, $4, $5, $6)",
        *(note.id, note.buyer_id, note.supplier_id, change.now, *parties),
    )


def _notes(change: Change, record: Any) -> Iterable[DebitNote]:
    """A note for each day on which something was due that came with this receipt, and late beyond the free days."""
    day, terms = record["delivered_on"], Terms(*(record[f"late_{name}"] for name in Terms._fields))
    schedule = [Part(*pair) for pair in zip(record["dues"], record["quantities"], strict=True)]
    for part in late_parts(schedule, record["before"], record["came"], day):
        value = _value(record, part.quantity)
        found = damage(terms, value, (day - part.due).days, record["currency"])
        if found is not None:
            yield DebitNote(
                id=new_id(),
                buyer_id=change.actor.organisation_id,
                **{name: record[name] for name in _OF_LINE},
                due=part.due,
                quantity=part.quantity,
                value=value,
                **found._asdict(),
                **terms._asdict(),
                created_at=change.now,
            )


def _value(record: Any, quantity: Decimal) -> Decimal:
    """What so much of the line costs net, as the order reckons it."""
    return line_net(
        record["unit_price"],
        quantity,
        record["currency"],
        base_quantity=record["base_quantity"],
        factor=record["price_factor"],
        discount=record["discount"],
    )
