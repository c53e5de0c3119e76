"""Acts on a contract that the other side reads the reason of: without one they are not done, whoever asks for them."""

from types import MappingProxyType
from typing import Final

from portal.platform.i18n import _
from portal.platform.refusals import Invalid

_WHY: Final = _("Say why: both sides read it.")
INSISTS: Final = MappingProxyType(
    {
        "object": _("Say what is to change."),
        "reopen": _WHY,
        "give_notice": _WHY,
        "terminate": _WHY,
        "cancel": _WHY,
        "deliver": _("Say what was delivered, and how."),
        "refuse": _("Say what is missing."),
    }
)


def said(verb: str, reason: str) -> str:
    """The reason without blanks around it; raises `Invalid` where nothing is said."""
    if not (reason := reason.strip()):
        raise Invalid.field("reason", INSISTS[verb])
    return reason
