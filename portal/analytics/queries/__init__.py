"""What is open, and the statements of it."""

from portal.analytics.queries.items import Asked, every_item, open_items, sums_of, today
from portal.analytics.queries.statements import (
    Statements,
    snapshot_of_statement,
    statement_out,
    statement_row,
    statements,
)

__all__ = [
    "Asked",
    "Statements",
    "every_item",
    "open_items",
    "snapshot_of_statement",
    "statement_out",
    "statement_row",
    "statements",
    "sums_of",
    "today",
]
