"""The acts on an item that need nothing but the item."""

from portal.access.verbs import Verb
from portal.catalogue import commands
from portal.platform.i18n import _

WHY = _("Say why: your colleagues read it.")
VERBS = [
    Verb("retire", commands.retire_item, "items:edit", "retireItem", _("{number} is not ordered any more."), True, WHY),
    Verb("reinstate", commands.reinstate_item, "items:edit", "reinstateItem", _("{number} is ordered again.")),
]
