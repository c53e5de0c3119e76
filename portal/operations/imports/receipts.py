"""Loading receipts: what came of orders that were imported before, for systems that keep it in files of its own.

A file states all that came of a line, in one row or several; what it states is booked once. Where it says on which day
goods came, that is a goods receipt too. Orders entered in the portal have their receipts booked there.
"""

from portal.operations.imports.deliveries import days, document
from portal.operations.imports.staging import Check, Load, ask, outcomes
from portal.operations.imports.targets import OURS
from portal.orders.commands import take_over
from portal.orders.queries import IS_LIVE
from portal.platform.i18n import _

RESOLVE = (
    f"""
update import_receipt s set order_id = p.id from purchase_order p
where p.buyer_id = {OURS} and p.number = s.order_number
""",
    """
update import_receipt s set line_id = l.id from purchase_order_line l
where l.order_id = s.order_id and coalesce(l.source->>'key', l.line::text) = s.line
""",
    """
update import_receipt set received = coalesce(received, coalesce(accepted, 0) + coalesce(rejected, 0)),
  accepted = coalesce(accepted, received - coalesce(rejected, 0), 0),
  rejected = coalesce(rejected, received - accepted, 0)
""",
    """
update import_receipt s set outcome = case
  when coalesce((l.source->'receipts'->>'accepted')::numeric, 0) = a.accepted
    and coalesce((l.source->'receipts'->>'rejected')::numeric, 0) = a.rejected then 'same'
  when l.received = 0 then 'new' else 'other' end
from purchase_order_line l join (
  select line_id, sum(accepted) as accepted, sum(rejected) as rejected from import_receipt group by line_id) a
  on a.line_id = l.id
where l.id = s.line_id
""",
)

CHECKS = [
    Check(
        "receipts",
        "order_number",
        _("There is no order of this number. Import orders first."),
        """select place, order_number as value from import_receipt s where order_id is null and order_number is not null
        and not exists (select from import_order x where x.number = s.order_number)""",
    ),
    Check(
        "receipts",
        "order_number",
        _("This order was entered in the portal itself: book its receipts there."),
        """select s.place, s.order_number as value from import_receipt s join purchase_order p on p.id = s.order_id
        where p.source is null""",
    ),
    Check(
        "receipts",
        "order_number",
        _("Goods cannot have come of an order in this state: {other}. Let the mapping of orders say which it was in."),
        f"""select s.place, s.order_number as value, o.state as other from import_receipt s
        join purchase_order o on o.id = s.order_id
        where o.source is not null and not ({IS_LIVE} or o.state = 'closed') and s.received > 0""",
    ),
    Check(
        "receipts",
        "line",
        _("The order has no such line."),
        """select place, line as value from import_receipt
        where order_id is not null and line_id is null and line is not null""",
    ),
    Check(
        "receipts",
        "received",
        _("What was received is not the sum of what was accepted and rejected, {other}."),
        """select place, received as value, accepted + rejected as other from import_receipt
        where received <> accepted + rejected or least(accepted, rejected) < 0""",
    ),
    Check(
        "receipts",
        "line",
        _("Other receipts of this line are booked already: {other} accepted."),
        """select s.place, s.line as value, l.accepted as other from import_receipt s
        join purchase_order_line l on l.id = s.line_id where s.outcome = 'other'""",
    ),
    *days("receipts", "(select * from import_receipt where outcome is distinct from 'same') s"),
]

CAME = """
select line_id, sum(received) as received, sum(accepted) as accepted, sum(rejected) as rejected, min(place) as place,
  bool_and(delivered_at is not null or received = 0) as dated
from import_receipt where outcome = 'new' group by line_id
"""
QUANTITIES = f"""
select c.line_id, l.confirmed, c.received, c.accepted, c.rejected,
  case when o.state = 'closed' and not l.source ? 'invoiced' then greatest(c.accepted, l.invoiced) else l.invoiced end
    as invoiced
from ({CAME}) c join purchase_order_line l on l.id = c.line_id join purchase_order o on o.id = l.order_id
"""
# $1: what every record says of the file it comes from.
MARK = f"""
update purchase_order_line l set source = l.source || jsonb_build_object('dated', c.dated, 'receipts',
  $1::jsonb || jsonb_build_object('row', c.place, 'accepted', c.accepted::text, 'rejected', c.rejected::text))
from ({CAME}) c where c.line_id = l.id
"""


async def prepare(load: Load, kind: str) -> dict[str, dict[str, int]]:
    """Find the orders and lines, and what of it is booked already."""
    for statement in RESOLVE:
        await load.change.connection.execute(statement)
    await ask(load, CHECKS)
    return {kind: await outcomes(load, kind)}


async def write(load: Load, kind: str) -> None:
    """Hand over what came to the ledgers of the orders, keep with each line where it was said, and document it."""
    await take_over(load.change, QUANTITIES)
    await load.change.connection.execute(MARK, load.marks[kind])
    await document(load, load.marks[kind], "new")
