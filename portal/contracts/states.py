"""The life of a contract (domain: contract)."""

from enum import StrEnum
from typing import Any

from portal.contracts.rules import goes_on
from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    """A contract that never came into force is cancelled; one that was in force expires or is terminated."""

    DRAFT = "draft"
    IN_NEGOTIATION = "in_negotiation"
    APPROVED = "approved"
    AWAITING_SIGNATURES = "awaiting_signatures"
    ACTIVE = "active"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


NAMES = {
    S.DRAFT: _("Draft"),
    S.IN_NEGOTIATION: _("In negotiation"),
    S.APPROVED: _("Approved"),
    S.AWAITING_SIGNATURES: _("Waits for signatures"),
    S.ACTIVE: _("In force"),
    S.EXPIRED: _("Expired"),
    S.TERMINATED: _("Terminated"),
    S.CANCELLED: _("Cancelled"),
}
KINDS = {"quantity": _("Quantity agreement"), "value": _("Blanket up to a value")}
PRICE_DAYS = {"order_date": _("The day of the order"), "delivery_date": _("The requested day of delivery")}
PER = {"day": _("Day"), "week": _("Week")}
OPEN = (S.DRAFT, S.IN_NEGOTIATION)  # its terms may still be written
BEFORE_FORCE = (*OPEN, S.APPROVED, S.AWAITING_SIGNATURES)


def agreed(contract: Any) -> Message | None:
    if contract.agreed_at is None:
        return _("The supplier has not agreed to these terms yet.")
    return None


def recorded(contract: Any) -> Message | None:
    if contract.recorded_at is None:
        return _("Nobody has recorded the signed paper yet.")
    return None


def not_presented(contract: Any) -> Message | None:
    if contract.signing_id is not None:
        return _("Both sides sign it in the portal now. Whoever wants it otherwise withdraws it there first.")
    return None


def itself(contract: Any) -> Message | None:
    if contract.amends_id is not None:
        return _("This is an amendment. Act on the contract that it amends.")
    return None


def renewed(contract: Any) -> Message | None:
    if not goes_on(contract):
        return _("It is not renewed: it ends on its last day.")
    return None


CONTRACT = StateTable(
    _("contract"),
    NAMES,
    [
        # verb             from                       to                     permission          provided
        Transition("offer", (S.DRAFT,), S.IN_NEGOTIATION, "contracts:edit"),
        Transition("agree", (S.IN_NEGOTIATION,), S.IN_NEGOTIATION, "contracts:respond"),
        Transition("object", (S.IN_NEGOTIATION,), S.IN_NEGOTIATION, "contracts:respond"),
        Transition("approve", (S.IN_NEGOTIATION,), S.APPROVED, "contracts:approve", (agreed,)),
        Transition("reopen", (S.APPROVED, S.AWAITING_SIGNATURES), S.IN_NEGOTIATION, "contracts:edit", (not_presented,)),
        Transition("sign", (S.APPROVED,), S.AWAITING_SIGNATURES, "contracts:edit"),
        Transition("record", (S.AWAITING_SIGNATURES,), S.AWAITING_SIGNATURES, "contracts:record", (not_presented,)),
        Transition("acknowledge", (S.AWAITING_SIGNATURES,), S.ACTIVE, "contracts:respond", (recorded,)),
        Transition(
            "present", (S.APPROVED, S.AWAITING_SIGNATURES), S.AWAITING_SIGNATURES, "contracts:edit", (not_presented,)
        ),
        # Follow from the end of a signing, whose acts were asked for their own permissions.
        Transition("activate", (S.AWAITING_SIGNATURES,), S.ACTIVE, "signatures:read"),
        Transition("give_back", (S.AWAITING_SIGNATURES,), S.IN_NEGOTIATION, "signatures:read"),
        Transition("give_notice", (S.ACTIVE,), S.ACTIVE, "contracts:notice", (itself, renewed)),
        Transition("renew", (S.ACTIVE,), S.ACTIVE, "contracts:expire", (itself, renewed)),
        Transition("amend", (S.ACTIVE,), S.ACTIVE, "contracts:create", (itself,)),
        # Follows from the end of what it amended, or from the next amendment.
        Transition("replace", (S.ACTIVE,), S.EXPIRED, "contracts:read"),
        Transition("expire", (S.ACTIVE,), S.EXPIRED, "contracts:expire", (itself,)),
        Transition("terminate", (S.ACTIVE,), S.TERMINATED, "contracts:terminate", (itself,)),
        Transition("cancel", BEFORE_FORCE, S.CANCELLED, "contracts:edit", (not_presented,)),
    ],
    of="contract",
)


class D(StrEnum):
    """A deliverable that was refused is due again."""

    DUE = "due"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"


DELIVERABLE = StateTable(
    _("deliverable"),
    {D.DUE: _("Due"), D.DELIVERED: _("Delivered"), D.ACCEPTED: _("Accepted")},
    [
        Transition("deliver", (D.DUE,), D.DELIVERED, "contracts:deliver"),
        Transition("accept", (D.DELIVERED,), D.ACCEPTED, "contracts:accept"),
        Transition("refuse", (D.DELIVERED,), D.DUE, "contracts:accept"),
    ],
    of="contract_deliverable",
)
