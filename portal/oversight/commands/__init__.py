"""Acts on emergencies, on campaigns and on who answers for roles."""

from portal.oversight.commands.closing import close, look_after, remind
from portal.oversight.commands.deciding import decide, keep_all
from portal.oversight.commands.emergencies import NEVER, ask, decline, end, end_lapsed, grant, review, withdraw
from portal.oversight.commands.opening import (
    DAYS_OF_REVIEW,
    find_reviewers,
    open_quarterly,
    open_review,
    propose_days,
    set_owners,
)

__all__ = [
    "DAYS_OF_REVIEW",
    "NEVER",
    "ask",
    "close",
    "decide",
    "decline",
    "end",
    "end_lapsed",
    "find_reviewers",
    "grant",
    "keep_all",
    "look_after",
    "open_quarterly",
    "open_review",
    "propose_days",
    "remind",
    "review",
    "set_owners",
    "withdraw",
]
