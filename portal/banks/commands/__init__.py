"""What is done with bank accounts, by their supplier and by each buyer."""

from portal.banks.commands.accounts import confirm, decline, end, enter, withdraw
from portal.banks.commands.approvals import approve, propose, refuse, revoke
from portal.banks.commands.cool_off import COOL_OFF, propose_cool_off
from portal.banks.commands.offers import OFFER, offer_missing
from portal.banks.commands.reveal import reveal_own, reveal_payable
from portal.banks.commands.staff import forget_own, tell_own

__all__ = [
    "COOL_OFF",
    "OFFER",
    "approve",
    "confirm",
    "decline",
    "end",
    "enter",
    "forget_own",
    "offer_missing",
    "propose",
    "propose_cool_off",
    "refuse",
    "reveal_own",
    "reveal_payable",
    "revoke",
    "tell_own",
    "withdraw",
]
