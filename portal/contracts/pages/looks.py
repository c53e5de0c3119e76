"""How states of contracts look."""

from portal.contracts.states import NAMES, S
from portal.web.looks import Look

STATES = {
    S.DRAFT: Look(NAMES[S.DRAFT], "neutral", "pencil"),
    S.IN_NEGOTIATION: Look(NAMES[S.IN_NEGOTIATION], "progress", "message"),
    S.APPROVED: Look(NAMES[S.APPROVED], "info", "check"),
    S.AWAITING_SIGNATURES: Look(NAMES[S.AWAITING_SIGNATURES], "warning", "hourglass"),
    S.ACTIVE: Look(NAMES[S.ACTIVE], "success", "circle-check"),
    S.EXPIRED: Look(NAMES[S.EXPIRED], "neutral", "history"),
    S.TERMINATED: Look(NAMES[S.TERMINATED], "danger", "circle-x"),
    S.CANCELLED: Look(NAMES[S.CANCELLED], "neutral", "ban"),
}
