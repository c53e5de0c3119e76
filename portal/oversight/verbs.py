"""What is decided on an emergency with one button."""

from portal.access.verbs import Verb
from portal.oversight import commands
from portal.platform.i18n import _

VERBS = [
    Verb("grant", commands.grant, "emergency-access:grant", "grantEmergencyAccess", _("Granted. They sign in again.")),
    Verb(
        "decline", commands.decline, "emergency-access:grant", "declineEmergencyAccess", _("Declined."), True,
        _("Say why: who asked reads this."),
    ),
    Verb(
        "withdraw", commands.withdraw, "emergency-access:withdraw", "withdrawEmergencyAccess", _("Withdrawn."),
    ),
    Verb("end", commands.end, "emergency-access:end", "endEmergencyAccess", _("The roles are given back.")),
]  # fmt: skip
