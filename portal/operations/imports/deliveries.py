"""Goods receipts of history: what came on a known day is a document of that day, with the order's number on it.

A receipt of an order stands for all that came of it at one moment with one delivery note. It counts as booked when the
goods came, and has no number of the portal's own.
"""

from typing import Any

from portal.operations.imports.staging import Check, Load
from portal.operations.imports.targets import OURS
from portal.platform.i18n import _

# The first day on which an order of the company's own was out, or today: history is of the days before.
FIRST_DAY = f"""
select least(portal.now(), min(issued_at))::date as day from purchase_order where buyer_id = {OURS} and source is null
"""


def days(part: str, rows: str) -> tuple[Check, Check]:
    """Nothing has come on a day that is still to come, and what came since orders are placed here was booked here."""
    came = f"""select s.place, s.delivered_at::date as value, first.day as other, portal.now()::date as today
      from ({FIRST_DAY}) first, {rows} where s.received > 0 and s.delivered_at::date >= first.day"""
    late, here = (
        f"select place, value, other from ({came}) came where {when}" for when in ("value > today", "value <= today")
    )
    return (
        Check(part, "delivered_at", _("Goods cannot have come on a day that is still to come."), late),
        Check(
            part, "delivered_at", _("Orders are placed here since {other}: what came since then is booked here."), here
        ),
    )


# Asked before what came is worked out: a line by itself where a column says that its order is open, else all at once.
_BY_DATE = """from import_order_line l join import_order o on o.number = l.order_number
  where l.delivered_at is not null and l.received is null and l.accepted is null and o.state <> 'closed'"""
BY_DATE = Check(
    "lines",
    "delivered_at",
    _("The order is open ({other}), and only this day says that all of the line came: it counts as received in full."),
    f"select l.place, l.delivered_at::date as value, o.state as other {_BY_DATE}",
)
ALL_BY_DATE = Check(
    "lines",
    "delivered_at",
    _("Lines of open orders that count as received in full, for only a day of delivery says so: {other}."),
    f"select min(l.place) as place, '' as value, count(*) as other {_BY_DATE} having count(*) > 0",
)

# A text such as “not captured” is no day: whether such goods came, only their quantity says.
UNDATED = Check(
    "lines",
    "delivered_at",
    _(
        "Lines of closed orders that count as never delivered, for they have no day of delivery: {other}. "
        "If they came, map their quantity to what was received."
    ),
    """select min(l.place) as place, '' as value, count(*) as other
    from import_order_line l join import_order o on o.number = l.order_number
    where l.delivered_at is null and l.received is null and l.accepted is null and l.rejected is null
      and o.state = 'closed' having count(*) > 0""",
)

# Lines whose day of delivery is known wait with the receipts of files of their own, for the same documents. $1: an
# outcome that no other receipt has.
FROM_LINES = """
insert into import_receipt (place, digest, kept, order_number, order_id, line_id, received, accepted, rejected,
  delivered_at, delivery_note, outcome)
select l.place, '', '{}', l.order_number, o.id, l.id, l.received, l.accepted, l.rejected, l.delivered_at, '', $1
from import_order_line l join import_order o on o.number = l.order_number
where o.outcome = 'new' and l.received > 0 and l.delivered_at is not null
"""
DONE = "delete from import_receipt where outcome = $1"

# $1: what every record says of the file it comes from; $2: the outcome of the receipts that are meant.
DOCUMENT = (
    f"""
with came as (
  select order_id, delivered_at, coalesce(delivery_note, '') as delivery_note, min(place) as place
  from import_receipt where outcome = $2 and delivered_at is not null and received > 0 group by 1, 2, 3),
had as (
  select order_id, count(distinct receipt_id) as receipts from goods_receipt_line
  where order_id in (select order_id from came) group by order_id)
insert into goods_receipt (id, buyer_id, supplier_id, shown_to, buyer_name, supplier_name, number, site_id,
  delivered_at, booked_at, delivery_note, source)
select uuidv7(), {OURS}, o.supplier_id, o.supplier_id, o.buyer_name, o.supplier_name,
  o.number || '/' || coalesce(h.receipts, 0) + row_number() over (
    partition by o.id order by c.delivered_at, c.delivery_note),
  o.site_id, c.delivered_at, c.delivered_at, c.delivery_note,
  $1::jsonb || jsonb_build_object('row', c.place, 'order_id', o.id)
from came c join purchase_order o on o.id = c.order_id left join had h on h.order_id = c.order_id
""",
    f"""
insert into goods_receipt_line (id, receipt_id, buyer_id, supplier_id, shown_to, position, order_id, order_line_id,
  order_number, line, item_number, description, unit, accepted, rejected)
select uuidv7(), g.id, {OURS}, g.supplier_id, g.supplier_id, row_number() over (partition by g.id order by s.place),
  l.order_id, l.id, s.order_number, l.line, l.item_number, l.description, l.unit, s.accepted, s.rejected
from import_receipt s join purchase_order_line l on l.id = s.line_id
join goods_receipt g on g.buyer_id = {OURS} and g.delivered_at = s.delivered_at
  and g.delivery_note = coalesce(s.delivery_note, '') and g.source->>'run' = $1::jsonb->>'run'
  and g.source->>'order_id' = s.order_id::text
where s.outcome = $2 and s.received > 0
""",
)


async def document(load: Load, mark: dict[str, Any], outcome: str) -> None:
    """Write the goods receipts of what was staged with this outcome, as far as the day is known."""
    for statement in DOCUMENT:
        await load.change.connection.execute(statement, mark, outcome)


async def document_lines(load: Load) -> None:
    """Write the goods receipts of the new orders' lines."""
    await load.change.connection.execute(FROM_LINES, "dated")
    await document(load, load.marks["lines"], "dated")
    await load.change.connection.execute(DONE, "dated")
