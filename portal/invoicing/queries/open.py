"""What is still to be done about invoices, and what of orders is to be invoiced: as filters of their lists."""

from portal.platform.i18n import _
from portal.platform.wiring import Narrowing

TO_BE_DECIDED = (
    "i.state in ('submitted', 'disputed') and exists (select from match_exception e where e.invoice_id = i.id "
    "and e.resolution = 'open' and e.owner_role = 'buyer' and e.answer = '')"
)
# What the buyer answered so that the supplier has to move.
TO_BE_CORRECTED = (
    "i.state in ('submitted', 'disputed') and exists (select from match_exception e where e.invoice_id = i.id "
    "and e.resolution = 'open' and e.answer in ('corrected_invoice', 'credit_note', 'reject_line'))"
)
READY = (
    "o.receipt_status <> 'none' and o.invoice_status <> 'complete' and not o.on_hold and exists "
    "(select from purchase_order_line l where l.order_id = o.id and l.accepted - l.returned > l.invoiced - l.credited)"
)
TO_BE_APPROVED = "i.state = 'submitted' and i.match_state in ('matched', 'resolved')"
OPEN = {
    "approve": Narrowing(_("Invoices to approve"), lambda _actor, _bind: TO_BE_APPROVED, "invoices:approve"),
    "correct": Narrowing(
        _("Invoices to correct"), lambda _actor, _bind: TO_BE_CORRECTED, "invoices:create", "supplier_id"
    ),
    "explain": Narrowing(
        _("Invoices with differences for you to decide"), lambda _actor, _bind: TO_BE_DECIDED, "invoices:resolve"
    ),
}
ORDERS_OPEN = {"invoice": Narrowing(_("Ready to invoice"), lambda _actor, _bind: READY, "orders:read", "shown_to")}
