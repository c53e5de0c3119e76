"""How states of debit notes look: a proposal waits for somebody."""

from portal.debits.states import NAMES, S
from portal.web.looks import Look

STATES = {
    S.PROPOSED: Look(NAMES[S.PROPOSED], "warning", "hourglass"),
    S.ACCEPTED: Look(NAMES[S.ACCEPTED], "info", "check"),
    S.WAIVED: Look(NAMES[S.WAIVED], "neutral", "ban"),
    S.WITHDRAWN: Look(NAMES[S.WITHDRAWN], "neutral", "arrow-back-up"),
}
