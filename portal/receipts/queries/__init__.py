"""Everything that is read about goods receipts. One list is one statement; a receipt is two."""

from portal.receipts.queries.lists import ReceiptFilter, receipts, receipts_of_order
from portal.receipts.queries.one import ReceivableLine, receipt_out, receipt_row, receivable

__all__ = [
    "ReceiptFilter",
    "ReceivableLine",
    "receipt_out",
    "receipt_row",
    "receipts",
    "receipts_of_order",
    "receivable",
]
