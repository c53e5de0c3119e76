"""How states of contracts look."""

from portal.contracts.states import DELIVERABLE, NAMES, D, S
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
OWED = {
    D.DUE: Look(DELIVERABLE.names[D.DUE], "progress", "hourglass"),
    D.DELIVERED: Look(DELIVERABLE.names[D.DELIVERED], "warning", "package"),
    D.ACCEPTED: Look(DELIVERABLE.names[D.ACCEPTED], "success", "circle-check"),
}
