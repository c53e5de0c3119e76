"""The acts on an alert."""

from typing import Any

from portal.access.verbs import Verb
from portal.alerts import commands
from portal.platform.i18n import _


def _told(_alert: Any) -> dict[str, Any]:
    return {}


VERBS = [
    Verb("take", commands.take, "alerts:resolve", "takeAlert", _("You look after this alert."), told=_told),
    Verb(
        "resolve", commands.resolve, "alerts:resolve", "resolveAlert", _("The alert is resolved."), True,
        _("Say what it was, and what was done."), _told,
    ),
]  # fmt: skip
