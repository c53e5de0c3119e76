"""How a second person decides on settings."""

from portal.access.verbs import Verb
from portal.platform.i18n import _
from portal.settings import commands
from portal.web import formats


def _told(version):
    return {"day": formats.day(version.effective_from)}


VERBS = [
    Verb(
        "approve", commands.approve, "settings:check", "approveSetting", _("Approved: this holds from {day} on."),
        told=_told,
    ),
    Verb(
        "decline", commands.decline, "settings:check", "declineSetting", _("Declined. The value stays as it is."), True,
        _("Say why: who proposed it reads this."), told=_told,
    ),
    Verb(
        "withdraw", commands.withdraw, "settings:withdraw", "withdrawSetting",
        _("Taken back. The value stays as it is."), True, told=_told,
    ),
]  # fmt: skip
