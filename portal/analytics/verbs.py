"""How a supplier answers a statement."""

from portal.access.verbs import Verb
from portal.analytics import commands
from portal.platform.i18n import _

VERBS = [
    Verb("agree", commands.agree, "statements:answer", "agreeToStatement", _("You agreed to {number}.")),
    Verb(
        "object", commands.object_to, "statements:answer", "objectToStatement",
        _("You objected to {number}. The customer reads why."), True, _("Say what your books say instead."),
    ),
]  # fmt: skip
