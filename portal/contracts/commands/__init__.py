"""What one can do with a contract: each verb is one function and one transaction.

`activated` is how signatures made here bring a contract into force, `consume` how orders count against it: both join
the change of their caller.
"""

from portal.contracts.commands.call_off import BeyondContract, consume
from portal.contracts.commands.draft import cancel, create, edit
from portal.contracts.commands.end import REVIEW, review, terminate
from portal.contracts.commands.negotiate import agree, approve, object_to, offer, reopen
from portal.contracts.commands.sign import acknowledge, activated, record, sign

__all__ = [
    "REVIEW",
    "BeyondContract",
    "acknowledge",
    "activated",
    "agree",
    "approve",
    "cancel",
    "consume",
    "create",
    "edit",
    "object_to",
    "offer",
    "record",
    "reopen",
    "review",
    "sign",
    "terminate",
]
