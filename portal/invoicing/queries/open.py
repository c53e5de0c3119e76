"""What is still to be done about invoices, and what of orders is to be invoiced: as filters of their lists."""

from collections.abc import Callable
from typing import Any

from portal.access.duties import counterparts
from portal.platform.actor import Actor
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


def to_decide(actor: Actor, bind: Callable[[Any], str]) -> str:
    """SQL: invoices with differences that wait for purchasing, and that this person may decide on."""
    excluding = list(counterparts().get("invoices:resolve", ()))
    return (
        f"{TO_BE_DECIDED} and not exists (select from invoice_line b join duty_taken t on t.root_id = b.order_id "
        f"where b.invoice_id = i.id and t.person_id = {bind(actor.person_id)}::uuid "
        f"and t.permission = any({bind(excluding)}::text[]))"
    )


OPEN = {
    "approve": Narrowing(_("Invoices to approve"), lambda _actor, _bind: TO_BE_APPROVED, "invoices:approve"),
    "correct": Narrowing(
        _("Invoices to correct"), lambda _actor, _bind: TO_BE_CORRECTED, "invoices:create", "supplier_id"
    ),
    "explain": Narrowing(_("Invoices with differences for you to decide"), to_decide, "invoices:resolve"),
}
ORDERS_OPEN = {"invoice": Narrowing(_("Ready to invoice"), lambda _actor, _bind: READY, "orders:read", "shown_to")}
