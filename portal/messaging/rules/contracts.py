"""What people are told of contracts: one row a notice, by the event's stable code."""

from portal.messaging.rules.shapes import Involved, May, Notice
from portal.platform.i18n import _

_OPEN = _("Open the contract")
_AUTHORS, _DESK = Involved(("created_by", "submitted_by")), May("contracts:respond")

ON_CONTRACTS: dict[str, Notice] = {
    "contract.offered": Notice(
        "reader",
        _DESK,
        _("{partner} offers you contract {number}"),
        _("Read its terms, then agree or say what is to change."),
        _OPEN,
        waits="in_negotiation",
    ),
    "contract.agreed": Notice(
        "owner",
        May("contracts:approve"),
        _("Contract {number} waits for your approval"),
        _("{partner} agreed to its terms. It goes on when somebody approves it."),
        _OPEN,
        waits="in_negotiation",
    ),
    "contract.objected": Notice(
        "owner",
        _AUTHORS,
        _("{partner} asks for other terms of contract {number}"),
        _("Change the terms, or talk about them."),
        _OPEN,
        ("reason",),
    ),
    "contract.approved": Notice(
        "owner",
        _AUTHORS,
        _("Contract {number} was approved"),
        _("Have it signed by both sides."),
        _OPEN,
    ),
    "contract.reopened": Notice(
        "reader",
        _DESK,
        _("Contract {number} is in negotiation again"),
        _("{partner} took it back. What you agreed to does not hold any more."),
        _OPEN,
        ("reason",),
    ),
    "contract.declined": Notice(
        "owner",
        _AUTHORS,
        _("{partner} does not sign contract {number}"),
        _("It is in negotiation again. Change the terms, or talk about them."),
        _OPEN,
        ("reason",),
    ),
    "contract.signing": Notice(
        "reader",
        _DESK,
        _("Contract {number} is to be signed"),
        _("It was approved as you agreed to it. It is in force when both sides have signed."),
        _OPEN,
        waits="awaiting_signatures",
    ),
    "contract.recorded": Notice(
        "reader",
        _DESK,
        _("Confirm the signed paper of contract {number}"),
        _("{partner} recorded that both sides signed. The contract is in force once you confirm it."),
        _OPEN,
        waits="awaiting_signatures",
    ),
    "contract.activated": Notice(
        "owner",
        _AUTHORS,
        _("Contract {number} is in force"),
        _("Both sides signed it."),
        _OPEN,
    ),
    "contract.ending": Notice(
        "owner",
        May("contracts:edit"),
        _("Contract {number} ends soon"),
        _("Negotiate the next one in time, or let it end."),
        _OPEN,
        waits="active",
    ),
    "contract.last-days": Notice(
        "owner",
        May("contracts:edit"),
        _("Contract {number} ends within a week"),
        _("Orders after its last day have no price of it any more."),
        _OPEN,
        waits="active",
    ),
    "contract.nearly-used": Notice(
        "owner",
        May("contracts:edit"),
        _("Four fifths of contract {number} are called off"),
        _("Negotiate the next one in time: past its limit and the allowance no order is issued under it."),
        _OPEN,
        waits="active",
    ),
    "contract.used-up": Notice(
        "owner",
        May("contracts:edit"),
        _("All of contract {number} is called off"),
        _("Only its allowance is left. Past that no order is issued under it."),
        _OPEN,
        waits="active",
    ),
    "contract.terminated": Notice(
        "reader",
        _DESK,
        _("Contract {number} was terminated"),
        _("{partner} ended it before its last day."),
        _OPEN,
        ("reason",),
    ),
}
