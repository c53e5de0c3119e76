"""The acts on a service entry that need nothing but the entry, and at most a reason."""

from portal.access.verbs import Verb
from portal.platform.i18n import _
from portal.services import commands

SUBMITTED = _("{number} is submitted. The customer decides on it.")

VERBS = [
    Verb("submit", commands.submit, "service-entries:submit", "submitServiceEntry", SUBMITTED),
    Verb("cancel", commands.cancel, "service-entries:cancel", "cancelServiceEntry", _("{number} is cancelled."), True),
    Verb("accept", commands.accept, "service-entries:decide", "acceptServiceEntry", _("{number} is accepted.")),
    Verb(
        "reject", commands.reject, "service-entries:decide", "rejectServiceEntry",
        _("{number} is rejected."), True, _("Say why the services are not accepted."),
    ),
    Verb(
        "reverse", commands.reverse, "service-entries:reverse", "reverseServiceEntry",
        _("{number} is reversed."), True, _("Say why the acceptance is reversed."),
    ),
]  # fmt: skip
