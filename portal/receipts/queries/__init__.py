"""Everything that is read about goods receipts. One list is one statement; a receipt is two."""

from portal.receipts.queries.documents import receipt_document
from portal.receipts.queries.lists import (
    MOST_FOUND,
    RECEIPTS_OPEN,
    ReceiptFilter,
    ReceiptList,
    receipt_list,
    receipts,
    receipts_of_advice,
    receipts_of_order,
    row_of,
    to_inspect,
)
from portal.receipts.queries.one import (
    LINES,
    RECEIVABLE,
    ReceivableLine,
    lines_told,
    out_of,
    receipt_out,
    receipt_row,
    receivable,
)

__all__ = [
    "LINES",
    "MOST_FOUND",
    "RECEIPTS_OPEN",
    "RECEIVABLE",
    "ReceiptFilter",
    "ReceiptList",
    "ReceivableLine",
    "lines_told",
    "out_of",
    "receipt_document",
    "receipt_list",
    "receipt_out",
    "receipt_row",
    "receipts",
    "receipts_of_advice",
    "receipts_of_order",
    "receivable",
    "row_of",
    "to_inspect",
]
