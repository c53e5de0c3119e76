"""Everything that is read about invoices. One list is one statement."""

from portal.invoicing.queries.duplicates import same_number
from portal.invoicing.queries.lists import (
    BUYING,
    MOST_FOUND,
    SELLING,
    InvoiceFilter,
    InvoiceList,
    ToInvoice,
    invoice_list,
    invoices,
    invoices_of_order,
    orders_to_invoice,
    side_of,
    undecided_of_order,
    waiting_invoices,
)
from portal.invoicing.queries.matching import limits, match_lines, matching, open_exceptions
from portal.invoicing.queries.one import (
    invoice_out,
    invoice_row,
    out_of,
    seen,
    snapshot_of_invoice,
    submitted_snapshot,
)
from portal.invoicing.queries.open import OPEN, ORDERS_OPEN, TO_BE_EXPLAINED
from portal.invoicing.queries.source import Advised, Billable, OrderHead, Source, advised, billable, orders_of, source

__all__ = [
    "BUYING",
    "MOST_FOUND",
    "OPEN",
    "ORDERS_OPEN",
    "SELLING",
    "TO_BE_EXPLAINED",
    "Advised",
    "Billable",
    "InvoiceFilter",
    "InvoiceList",
    "OrderHead",
    "Source",
    "ToInvoice",
    "advised",
    "billable",
    "invoice_list",
    "invoice_out",
    "invoice_row",
    "invoices",
    "invoices_of_order",
    "limits",
    "match_lines",
    "matching",
    "open_exceptions",
    "orders_of",
    "orders_to_invoice",
    "out_of",
    "same_number",
    "seen",
    "side_of",
    "snapshot_of_invoice",
    "source",
    "submitted_snapshot",
    "undecided_of_order",
    "waiting_invoices",
]
