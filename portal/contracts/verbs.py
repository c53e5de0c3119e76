"""The acts on a contract that need nothing but the contract, and at most a reason."""

from portal.access.verbs import Verb
from portal.contracts import commands
from portal.contracts.commands import INSISTS
from portal.platform.i18n import _

EDIT, RESPOND = "contracts:edit", "contracts:respond"

VERBS = [
    Verb("offer", commands.offer, EDIT, "offerContract", _("{number} is shown to the supplier.")),
    Verb("agree", commands.agree, RESPOND, "agreeToContract", _("You agreed to {number}. The customer is told.")),
    Verb(
        "object", commands.object_to, RESPOND, "objectToContract",
        _("The customer reads what you want otherwise."), True, INSISTS["object"],
    ),
    Verb("approve", commands.approve, "contracts:approve", "approveContract", _("{number} is approved.")),
    Verb(
        "reopen", commands.reopen, EDIT, "reopenContract",
        _("{number} is in negotiation again."), True, INSISTS["reopen"],
    ),
    Verb("sign", commands.sign, EDIT, "signContract", _("{number} waits for signatures.")),
    Verb("acknowledge", commands.acknowledge, RESPOND, "acknowledgeContract", _("{number} is in force.")),
    Verb(
        "give-notice", commands.give_notice, "contracts:notice", "giveContractNotice",
        _("{number} ends on its last day. The other side is told."), True, INSISTS["give_notice"],
    ),
    Verb(
        "terminate", commands.terminate, "contracts:terminate", "terminateContract",
        _("{number} is terminated."), True, INSISTS["terminate"],
    ),
    Verb("cancel", commands.cancel, EDIT, "cancelContract", _("{number} is cancelled."), True, INSISTS["cancel"]),
]  # fmt: skip
# On one of the things that a supplier owes under a contract.
OF_DELIVERABLES = [
    Verb(
        "deliver", commands.deliver, "contracts:deliver", "reportDeliverable",
        _("The customer reads what you delivered under {number}."), True, INSISTS["deliver"],
    ),
    Verb("accept", commands.accept, "contracts:accept", "acceptDeliverable", _("Accepted. The supplier is told.")),
    Verb(
        "refuse", commands.refuse, "contracts:accept", "refuseDeliverable",
        _("The supplier reads what is missing."), True, INSISTS["refuse"],
    ),
]  # fmt: skip
