"""The acts on a contract that need nothing but the contract, and at most a reason."""

from portal.access.verbs import Verb
from portal.contracts import commands
from portal.platform.i18n import _

EDIT, RESPOND = "contracts:edit", "contracts:respond"
WHY = _("Say why: both sides read it.")

VERBS = [
    Verb("offer", commands.offer, EDIT, "offerContract", _("{number} is shown to the supplier.")),
    Verb("agree", commands.agree, RESPOND, "agreeToContract", _("You agreed to {number}. The customer is told.")),
    Verb(
        "object", commands.object_to, RESPOND, "objectToContract",
        _("The customer reads what you want otherwise."), True, _("Say what is to change."),
    ),
    Verb("approve", commands.approve, "contracts:approve", "approveContract", _("{number} is approved.")),
    Verb("reopen", commands.reopen, EDIT, "reopenContract", _("{number} is in negotiation again."), True, WHY),
    Verb("sign", commands.sign, EDIT, "signContract", _("{number} waits for signatures.")),
    Verb("acknowledge", commands.acknowledge, RESPOND, "acknowledgeContract", _("{number} is in force.")),
    Verb(
        "give-notice", commands.give_notice, "contracts:notice", "giveContractNotice",
        _("{number} ends on its last day. The other side is told."), True, WHY,
    ),
    Verb(
        "terminate", commands.terminate, "contracts:terminate", "terminateContract",
        _("{number} is terminated."), True, WHY,
    ),
    Verb("cancel", commands.cancel, EDIT, "cancelContract", _("{number} is cancelled."), True, WHY),
]  # fmt: skip
# On one of the things that a supplier owes under a contract.
OF_DELIVERABLES = [
    Verb(
        "deliver", commands.deliver, "contracts:deliver", "reportDeliverable",
        _("The customer reads what you delivered under {number}."), True, _("Say what was delivered, and how."),
    ),
    Verb("accept", commands.accept, "contracts:accept", "acceptDeliverable", _("Accepted. The supplier is told.")),
    Verb(
        "refuse", commands.refuse, "contracts:accept", "refuseDeliverable",
        _("The supplier reads what is missing."), True, _("Say what is missing."),
    ),
]  # fmt: skip
