"""Everything that is read about despatch advices, and what of an order is still to be despatched or received."""

from portal.shipments.queries.lines import DespatchableLine, OpenLine, despatchable, open_lines
from portal.shipments.queries.lists import AdviceFilter, advices, advices_of_order
from portal.shipments.queries.one import advice_out, advice_row, snapshot_of_advice
from portal.shipments.queries.side import reads_as_buyer, within_orders
from portal.shipments.queries.waiting import Arriving, ToDespatch, arriving, drafts, to_despatch

__all__ = [
    "AdviceFilter",
    "Arriving",
    "DespatchableLine",
    "OpenLine",
    "ToDespatch",
    "advice_out",
    "advice_row",
    "advices",
    "advices_of_order",
    "arriving",
    "despatchable",
    "drafts",
    "open_lines",
    "reads_as_buyer",
    "snapshot_of_advice",
    "to_despatch",
    "within_orders",
]
