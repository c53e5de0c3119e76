"""Everything that is read about invoices. One list is one statement."""

from portal.invoicing.queries.duplicates import same_number
from portal.invoicing.queries.lists import (
    InvoiceFilter,
    ToInvoice,
    invoices,
    invoices_of_order,
    orders_to_invoice,
    sells,
    side_of,
    undecided_of_order,
    waiting_invoices,
)
from portal.invoicing.queries.matching import limits, match_lines, matching, open_exceptions
from portal.invoicing.queries.one import invoice_out, invoice_row, snapshot_of_invoice, submitted_snapshot
from portal.invoicing.queries.source import Billable, OrderHead, advised, billable, order_heads, orders_of

__all__ = [
    "Billable",
    "InvoiceFilter",
    "OrderHead",
    "ToInvoice",
    "advised",
    "billable",
    "invoice_out",
    "invoice_row",
    "invoices",
    "invoices_of_order",
    "limits",
    "match_lines",
    "matching",
    "open_exceptions",
    "order_heads",
    "orders_of",
    "orders_to_invoice",
    "same_number",
    "sells",
    "side_of",
    "snapshot_of_invoice",
    "submitted_snapshot",
    "undecided_of_order",
    "waiting_invoices",
]
