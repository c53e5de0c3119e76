"""The one writer of versions: proposing, deciding on them, applying those whose day has come."""

from portal.settings.commands.apply import apply_due
from portal.settings.commands.decide import approve, decline, withdraw
from portal.settings.commands.propose import lower, propose, propose_tolerances, propose_within

__all__ = [
    "apply_due",
    "approve",
    "decline",
    "lower",
    "propose",
    "propose_tolerances",
    "propose_within",
    "withdraw",
]
