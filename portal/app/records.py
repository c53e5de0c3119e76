"""What records are besides rows: PDFs of them, and files that are attached to them."""

from typing import Any

import portal.analytics.queries
import portal.contracts.queries
import portal.debits.queries
import portal.invoicing.queries
import portal.orders.queries
import portal.receipts.queries
import portal.scorecards.queries
import portal.services.queries
import portal.shipments.queries
from portal.platform.wiring import DocumentKind

# Kind of record → the PDF of it: who freezes what it says, the template that sets it, who may have it.
DOCUMENTS: tuple[Any, ...] = (
    {
        "contract": DocumentKind(
            portal.contracts.queries.snapshot_of_contract, "documents/contract.html", "prices:read", archival=True
        ),
        "purchase-order": DocumentKind(
            portal.orders.queries.snapshot_of_order, "documents/purchase_order.html", "prices:read"
        ),
        "despatch-advice": DocumentKind(
            portal.shipments.queries.snapshot_of_advice, "documents/despatch_advice.html", "despatch-advices:read"
        ),
        "service-entry": DocumentKind(
            portal.services.queries.snapshot_of_entry, "documents/service_entry.html", "prices:read"
        ),
        "invoice": DocumentKind(
            portal.invoicing.queries.snapshot_of_invoice,
            "documents/invoice.html",
            "prices:read",
            portal.invoicing.queries.inside,
        ),
        "credit-note": DocumentKind(
            portal.invoicing.queries.snapshot_of_credit,
            "documents/credit_note.html",
            "prices:read",
            portal.invoicing.queries.inside,
        ),
        "debit-note": DocumentKind(portal.debits.queries.snapshot_of_debit, "documents/debit_note.html", "prices:read"),
        "statement": DocumentKind(
            portal.analytics.queries.snapshot_of_statement, "documents/statement.html", "open-items:read"
        ),
        "scorecard": DocumentKind(
            portal.scorecards.queries.snapshot_of_scorecard, "documents/scorecard.html", "scorecards:read"
        ),
    },
)
# Kind of record → its row as its reader may see it: files may be attached to it.
EVIDENCE: dict[str, Any] = {
    "contract": portal.contracts.queries.contract_row,
    "purchase-order": portal.orders.queries.order_row,
    "despatch-advice": portal.shipments.queries.advice_row,
    "service-entry": portal.services.queries.entry_row,
    "goods-receipt": portal.receipts.queries.receipt_row,
    "invoice": portal.invoicing.queries.invoice_row,
    "credit-note": portal.invoicing.queries.credit_row,
}
