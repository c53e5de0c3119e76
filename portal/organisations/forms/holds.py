"""What a buyer holds of a supplier for a time: orders, invoices, payments."""

from datetime import date
from typing import ClassVar, Literal

import msgspec

from portal.platform.fields import Day, Why
from portal.platform.i18n import Message, _

HELD: dict[str, Message] = {"orders": _("Orders"), "invoices": _("Invoices"), "payments": _("Payments")}
Held = Literal["orders", "invoices", "payments"]


class SupplierHoldForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Until the end of which day, at the buyer's, something of a supplier is held, and why: that is the buyer's own."""

    EXAMPLE: ClassVar[dict[str, str]] = {"until": "2026-12-31", "reason": "The certificate has run out."}

    until: Day
    reason: Why


class HoldOut(msgspec.Struct, kw_only=True):
    """What is held of a supplier, for its buyer; `until` is the last day."""

    what: Held
    until: date
    reason: str
