"""Sentences for what the database refuses by name, where the code did not say it first."""

from collections.abc import Callable
from typing import Any

from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied, Refusal

OTHER_SIDE = _("You acted for the other side of this order, so somebody else must do this.")
DOMAIN_TAKEN = _("Another company signs in with this domain.")
REFUSALS: dict[str, Callable[[], Refusal]] = {
    "one_side_of_an_order": lambda: Denied(OTHER_SIDE),
    "identity_provider_domain_active": lambda: Conflict(DOMAIN_TAKEN),
    "legal_hold": lambda: Conflict(_("A legal hold keeps this. It must be released first.")),
    "one_name_of_a_person": lambda: Conflict(_("You have a template of this name already. Choose another one.")),
    "emergency_access_one": lambda: Conflict(_("Your last emergency access stands until somebody has reviewed it.")),
    "access_review_open": lambda: Conflict(_("A review is open already. Close it first.")),
    "item_organisation_id_number_key": lambda: Conflict(_("There is an item of this number already.")),
    "supplier_price_key": lambda: Conflict(_("There is a price from this day and quantity on already.")),
    "trading_relationship_number": lambda: Conflict(_("Another supplier has this number already.")),
    "trading_relationship_buyer_id_supplier_id_key": lambda: Conflict(_("You trade with this supplier already.")),
    "one_side_of_a_relationship": lambda: Conflict(
        _("Somebody would be a member of both sides of a trading relationship. Nobody acts for both.")
    ),
}


def refusal_of(error: Any) -> Refusal | None:
    """The refusal that a violated constraint stands for, if it is one that people can run into."""
    refusal = REFUSALS.get(getattr(error, "constraint_name", None) or "")
    return refusal() if refusal else None
