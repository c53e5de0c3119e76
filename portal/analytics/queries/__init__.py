"""What is open, the statements of it, and what was bought of whom at what price."""

from portal.analytics.queries.bought import (
    AgreedPrice,
    OrderedLine,
    PaidItem,
    Point,
    SupplierOfItem,
    orders_of_item,
    paid_to,
    prices_of_item,
    prices_then,
    suppliers_of_item,
)
from portal.analytics.queries.items import Asked, asked_of, every_item, open_items, sums_of, today
from portal.analytics.queries.months import Month, months_of
from portal.analytics.queries.statements import (
    READ,
    Statements,
    snapshot_of_statement,
    stated_invoices,
    statement_out,
    statement_row,
    statements,
    statements_of_month,
)

__all__ = [
    "READ",
    "AgreedPrice",
    "Asked",
    "Month",
    "OrderedLine",
    "PaidItem",
    "Point",
    "Statements",
    "SupplierOfItem",
    "asked_of",
    "every_item",
    "months_of",
    "open_items",
    "orders_of_item",
    "paid_to",
    "prices_of_item",
    "prices_then",
    "snapshot_of_statement",
    "stated_invoices",
    "statement_out",
    "statement_row",
    "statements",
    "statements_of_month",
    "sums_of",
    "suppliers_of_item",
    "today",
]
