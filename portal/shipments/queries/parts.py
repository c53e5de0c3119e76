"""What belongs to a despatch advice besides its row, as commands and answers read it."""

from portal.orders.queries import Ledgers
from portal.platform.work.parts import rows_part
from portal.shipments.tables import DespatchAdvice, DespatchLine

GOODS = rows_part(DespatchLine, "p.advice_id = $1", "p.position")
ARRIVING = rows_part(DespatchAdvice, "p.id = $1", locked=True)
LEDGERS = Ledgers("despatch_line", "advice_id")
LEDGERS_OF_LINES = Ledgers("purchase_order_line", "id", several=True)
