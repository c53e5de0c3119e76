"""Everything that is read about despatch advices, and what of an order is still to be despatched or received."""

from portal.shipments.queries.documents import advice_document, named_lines
from portal.shipments.queries.lines import (
    DESPATCHABLE,
    DespatchableLine,
    OpenLine,
    despatchable,
    despatchable_of,
    open_lines,
)
from portal.shipments.queries.lists import (
    MOST_FOUND,
    AdviceFilter,
    AdviceList,
    Listed,
    advice_list,
    advices,
    advices_of_order,
    row_of,
)
from portal.shipments.queries.one import advice_out, advice_row, out_of, snapshot_of_advice
from portal.shipments.queries.parts import ARRIVING, GOODS, LEDGERS
from portal.shipments.queries.side import reads_as_buyer, within_orders
from portal.shipments.queries.waiting import (
    ADVICES_OPEN,
    ORDERS_OPEN,
    Companion,
    ToDespatch,
    arriving,
    companions,
    drafts,
    to_despatch,
)

__all__ = [
    "ADVICES_OPEN",
    "ARRIVING",
    "DESPATCHABLE",
    "GOODS",
    "LEDGERS",
    "MOST_FOUND",
    "ORDERS_OPEN",
    "AdviceFilter",
    "AdviceList",
    "Companion",
    "DespatchableLine",
    "Listed",
    "OpenLine",
    "ToDespatch",
    "advice_document",
    "advice_list",
    "advice_out",
    "advice_row",
    "advices",
    "advices_of_order",
    "arriving",
    "companions",
    "despatchable",
    "despatchable_of",
    "drafts",
    "named_lines",
    "open_lines",
    "out_of",
    "reads_as_buyer",
    "row_of",
    "snapshot_of_advice",
    "to_despatch",
    "within_orders",
]
