"""What belongs to an order besides its row, as commands and answers read it."""

from uuid import UUID

from portal.orders.forms import ResponseOut
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.platform.work.parts import Each, Wanted, json_part, rows_part

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


class Ledgers:
    """The orders that lines of another record are of, locked, with all of their own lines: what `book` works on."""

    def __init__(self, table: str, column: str, *, several: bool = False) -> None:
        named = "any($1::uuid[])" if several else "$1"
        orders = f"(select order_id from {table} where {column} = {named})"
        self._orders = rows_part(PurchaseOrder, f"p.id in {orders}", locked=True)
        self._lines = rows_part(PurchaseOrderLine, f"p.order_id in {orders}", "p.line", each=Each(LINES, "order_id"))

    def of(self, record_id: UUID | list[UUID]) -> tuple[Wanted, ...]:
        return self._orders.of(record_id), self._lines.of(record_id)
