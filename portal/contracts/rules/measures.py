"""By what a service level is measured: figures of scorecards, by the codes that they have there."""

from collections.abc import Mapping
from typing import Final

from portal.platform.i18n import Message, _

MEASURES: Final[Mapping[str, Message]] = {
    "on_time_requested": _("On time, in full: as requested"),
    "on_time_first_confirmed": _("On time, in full: as first confirmed"),
    "quality": _("Quality"),
    "fill_rate": _("Fill rate"),
    "responsiveness": _("Responsiveness"),
    "price": _("Invoiced price"),
    "invoice_accuracy": _("Invoice accuracy"),
}
