"""What belongs to an order besides its row, as commands and answers read it."""

from uuid import UUID

from portal.orders.forms import ResponseOut
from portal.orders.tables import PurchaseOrderLine, ScheduleLine
from portal.platform.work.parts import Wanted, json_part, rows_part

LINES = rows_part(PurchaseOrderLine, "p.order_id = $1", "p.line")
SCHEDULE = rows_part(ScheduleLine, "p.order_id = $1", "p.line_id, p.sequence")
_COLUMNS = ", ".join(f"r.{name}" for name in ResponseOut.__struct_fields__ if name != "lines")
RESPONSES = json_part(
    f"""select coalesce(json_agg(given order by given.created_at), '[]') from (select {_COLUMNS},
      (select coalesce(json_agg(l order by l.line, l.sequence), '[]') from order_response_line l
        where l.response_id = r.id) as lines from order_response r where r.order_id = $1) given""",
    list[ResponseOut],
    ["order_response", "order_response_line"],
)


def told_of(order_id: UUID) -> tuple[Wanted, ...]:
    """What an answer tells of an order besides its row."""
    return LINES.of(order_id), RESPONSES.of(order_id)
