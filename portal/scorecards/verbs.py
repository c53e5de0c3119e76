"""How a buyer decides on excuses."""

from portal.access.verbs import Verb
from portal.platform.i18n import _
from portal.scorecards import commands

VERBS = [
    Verb("grant", commands.grant, "excuses:decide", "grantExcuse", _("{number} is excused."), True),
    Verb(
        "refuse", commands.refuse, "excuses:decide", "refuseExcuse",
        _("{number} counts as it is. The supplier reads why."), True, _("Say why it counts: the supplier reads this."),
    ),
    Verb(
        "withdraw", commands.withdraw, "excuses:decide", "withdrawExcuse", _("{number} counts again."), True,
        _("Say why it counts again: the supplier reads this."),
    ),
]  # fmt: skip
