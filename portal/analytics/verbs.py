"""How a supplier answers a statement, and its author an objection."""

from portal.access.verbs import Verb
from portal.analytics import commands
from portal.platform.i18n import _

VERBS = [
    Verb("agree", commands.agree, "statements:answer", "agreeToStatement", _("You agreed to {number}.")),
    Verb(
        "object", commands.object_to, "statements:answer", "objectToStatement",
        _("You objected to {number}. The customer reads why."), True, _("Say what your books say instead."),
    ),
    Verb(
        "reply", commands.reply, "statements:send", "replyToObjection",
        _("{number}: the supplier reads your reply, and answers again."), True, _("Say what the supplier asks about."),
    ),
    Verb(
        "correct", commands.correct, "statements:send", "correctStatement",
        _("{number} takes its place. The supplier agrees or objects to that one."), True, _("Say what was corrected."),
    ),
    Verb(
        "withdraw", commands.withdraw, "statements:send", "withdrawStatement",
        _("{number} is withdrawn. The supplier reads why."), True, _("Say why it does not hold."),
    ),
]  # fmt: skip
