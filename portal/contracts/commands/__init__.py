"""What one can do with a contract: each verb is one function and one transaction.

`signed_by_all` and `not_signed` are what follows from signatures in the portal, `consume` how orders count against a
contract: they join the change of their caller.
"""

from portal.contracts.commands.amend import amend, take_effect
from portal.contracts.commands.call_off import BeyondContract, consume
from portal.contracts.commands.clauses import set_clauses
from portal.contracts.commands.comment import comment_on
from portal.contracts.commands.draft import cancel, create, edit
from portal.contracts.commands.end import review, terminate
from portal.contracts.commands.negotiate import agree, approve, object_to, offer, reopen
from portal.contracts.commands.perform import accept, deliver, refuse, set_performance
from portal.contracts.commands.present import not_signed, present, signed_by_all
from portal.contracts.commands.reasons import INSISTS
from portal.contracts.commands.renew import give_notice
from portal.contracts.commands.sign import REVIEW, acknowledge, record, sign

__all__ = [
    "INSISTS",
    "REVIEW",
    "BeyondContract",
    "accept",
    "acknowledge",
    "agree",
    "amend",
    "approve",
    "cancel",
    "comment_on",
    "consume",
    "create",
    "deliver",
    "edit",
    "give_notice",
    "not_signed",
    "object_to",
    "offer",
    "present",
    "record",
    "refuse",
    "reopen",
    "review",
    "set_clauses",
    "set_performance",
    "sign",
    "signed_by_all",
    "take_effect",
    "terminate",
]
