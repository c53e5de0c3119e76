"""The acts on a trading relationship that need nothing but the supplier, and at most a reason."""

from portal.access.verbs import Verb
from portal.organisations import commands
from portal.organisations.tables import TradingRelationship
from portal.platform.i18n import _

WHY = _("Say why: your colleagues read it.")


def _told(relationship: TradingRelationship) -> dict[str, str]:
    return {"supplier": relationship.supplier_name}


VERBS = [
    Verb(
        "approve", commands.approve_again, "suppliers:edit", "approveSupplier",
        _("Orders may be issued to {supplier}."), told=_told,
    ),
    Verb(
        "suspend", commands.suspend_relationship, "suppliers:edit", "suspendSupplier",
        _("No orders are issued to {supplier} until you approve it again."), True, WHY, _told,
    ),
    Verb(
        "end", commands.end_relationship, "suppliers:edit", "endSupplier",
        _("Nothing new is ordered from {supplier}."), True, WHY, _told,
    ),
    Verb(
        "reinstate", commands.reinstate_relationship, "suppliers:edit", "reinstateSupplier",
        _("You trade with {supplier} again."), told=_told,
    ),
]  # fmt: skip
