"""How the nodes of a timeline look, by the code of what happened: what stands not here is a plain done."""

from typing import NamedTuple


class Mark(NamedTuple):
    """How a timeline shows an event; `state` is failed for what was refused or undone."""

    icon: str = "check"
    state: str = "done"


MARKS = {
    "purchase-order.created": Mark("file-plus"),
    "purchase-order.edited": Mark("pencil"),
    "purchase-order.submitted": Mark("hourglass"),
    "purchase-order.returned": Mark("arrow-back-up", "failed"),
    "purchase-order.withdrawn": Mark("arrow-back-up"),
    "purchase-order.discarded": Mark("trash", "failed"),
    "purchase-order.issued": Mark("send"),
    "purchase-order.viewed": Mark("eye-check"),
    "purchase-order.acknowledged": Mark("mail-opened"),
    "purchase-order.countered": Mark("replace"),
    "purchase-order.rejected": Mark("x", "failed"),
    "purchase-order.counter-offer-declined": Mark("x", "failed"),
    "purchase-order.held": Mark("player-pause", "failed"),
    "purchase-order.released": Mark("player-play"),
    "purchase-order.closed": Mark("lock"),
    "purchase-order.cancelled": Mark("ban", "failed"),
    "purchase-order.line-closed": Mark("lock"),
    "purchase-order.line-reopened": Mark("arrow-back-up"),
    "despatch-advice.created": Mark("package-export"),
    "despatch-advice.despatched": Mark("truck-delivery"),
    "despatch-advice.cancelled": Mark("ban", "failed"),
    "despatch-advice.ended": Mark("ban", "failed"),
    "goods-receipt.booked": Mark("package-import"),
    "goods-receipt.reversed": Mark("arrow-back-up", "failed"),
    "goods-inspection.booked": Mark("checklist"),
    "goods-inspection.reversed": Mark("arrow-back-up", "failed"),
    "service-entry.created": Mark("file-plus"),
    "service-entry.edited": Mark("pencil"),
    "service-entry.submitted": Mark("send"),
    "service-entry.cancelled": Mark("ban", "failed"),
    "service-entry.accepted": Mark("checklist"),
    "service-entry.rejected": Mark("x", "failed"),
    "service-entry.reversed": Mark("arrow-back-up", "failed"),
    "file-import.opened": Mark("upload"),
    "file-import.changed": Mark("pencil"),
    "file-import.started": Mark("clock"),
    "file-import.begun": Mark("loader"),
    "file-import.ended": Mark("checklist"),
    "file-import.cancelled": Mark("ban", "failed"),
    "file-import.discarded": Mark("trash", "failed"),
    "invoice.created": Mark("file-plus"),
    "invoice.submitted": Mark("file-invoice"),
    "invoice.matched": Mark("checklist"),
    "invoice.disputed": Mark("message-report", "failed"),
    "invoice.rejected": Mark("x", "failed"),
    "invoice.settled": Mark("coins"),
    "invoice.exception-answered": Mark("message-report"),
    "invoice.paid-in-part": Mark("coins"),
    "invoice.payment-reversed": Mark("arrow-back-up", "failed"),
    "credit-note.submitted": Mark("receipt-refund"),
    "credit-note.rejected": Mark("x", "failed"),
}
