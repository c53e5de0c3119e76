"""What each event is called on a timeline, how it looks there, and which ones are not worth a node.

Codes are stable and known here as text alone, so that the log can name what capabilities above it did. A code without
a row is shown as it is written, made readable.
"""

from typing import NamedTuple

from portal.platform.i18n import Message, _


class Sentence(NamedTuple):
    """`state` is a timeline node's: done, or failed for what was refused or undone."""

    title: Message | str
    icon: str
    state: str = "done"


SENTENCES = {
    "purchase-order.created": Sentence(_("Order entered"), "file-plus"),
    "purchase-order.edited": Sentence(_("Draft changed"), "pencil"),
    "purchase-order.submitted": Sentence(_("Submitted for approval"), "send"),
    "purchase-order.approved": Sentence(_("Approved"), "circle-check"),
    "purchase-order.returned": Sentence(_("Returned to its author"), "arrow-back-up", "failed"),
    "purchase-order.issued": Sentence(_("Issued to the supplier"), "send"),
    "purchase-order.viewed": Sentence(_("Opened by the supplier"), "eye-check"),
    "purchase-order.acknowledged": Sentence(_("Receipt of the order confirmed"), "mail-opened"),
    "purchase-order.accepted": Sentence(_("Accepted by the supplier"), "circle-check"),
    "purchase-order.countered": Sentence(_("Counter-offer by the supplier"), "replace"),
    "purchase-order.rejected": Sentence(_("Rejected by the supplier"), "circle-x", "failed"),
    "purchase-order.counter-offer-accepted": Sentence(_("Counter-offer accepted"), "circle-check"),
    "purchase-order.counter-offer-declined": Sentence(_("Counter-offer declined"), "circle-x", "failed"),
    "purchase-order.held": Sentence(_("Put on hold"), "player-pause", "failed"),
    "purchase-order.released": Sentence(_("Released from hold"), "player-play"),
    "purchase-order.closed": Sentence(_("Order closed"), "lock"),
    "purchase-order.cancelled": Sentence(_("Order cancelled"), "ban", "failed"),
    "despatch-advice.created": Sentence(_("Despatch advice prepared"), "package-export"),
    "despatch-advice.despatched": Sentence(_("Goods despatched"), "truck-delivery"),
    "goods-receipt.booked": Sentence(_("Goods received"), "package-import"),
    "goods-receipt.reversed": Sentence(_("Receipt reversed"), "arrow-back-up", "failed"),
    "invoice.created": Sentence(_("Invoice prepared"), "file-invoice"),
    "invoice.submitted": Sentence(_("Invoice submitted"), "file-invoice"),
    "invoice.matched": Sentence(_("Invoice compared with order and receipt"), "checklist"),
    "invoice.approved": Sentence(_("Invoice approved"), "circle-check"),
    "invoice.disputed": Sentence(_("Invoice disputed"), "message-report", "failed"),
    "invoice.rejected": Sentence(_("Invoice rejected"), "circle-x", "failed"),
    "invoice.settled": Sentence(_("Invoice paid"), "coins"),
}
# They accompany another event of the same moment, which says it all.
SILENT = frozenset({"purchase-order.deliveries-promised"})


def sentence(code: str) -> Sentence:
    """The event in words; an unknown `thing.came-to-be` reads “Thing: came to be”."""
    thing, _dot, happened = code.replace("-", " ").partition(".")
    return SENTENCES.get(code) or Sentence(f"{thing.capitalize()}: {happened}" if happened else thing, "circle-dot")
