"""How the states of an import look; those it shares with other records look alike everywhere."""

from portal.operations.desk.states import NAMES, S
from portal.web.looks import Look

LOOKS = {
    S.DRAFT: Look(NAMES[S.DRAFT], "neutral", "pencil"),
    S.QUEUED: Look(NAMES[S.QUEUED], "warning", "clock"),
    S.RUNNING: Look(NAMES[S.RUNNING], "progress", "loader"),
    S.REFUSED: Look(NAMES[S.REFUSED], "danger", "alert-triangle"),
    S.TRIED: Look(NAMES[S.TRIED], "info", "checklist"),
    S.IMPORTED: Look(NAMES[S.IMPORTED], "success", "circle-check"),
    S.UNCHANGED: Look(NAMES[S.UNCHANGED], "neutral", "circle-check"),
    S.CANCELLED: Look(NAMES[S.CANCELLED], "neutral", "ban"),
    S.INTERRUPTED: Look(NAMES[S.INTERRUPTED], "warning", "alert-triangle"),
    S.FAILED: Look(NAMES[S.FAILED], "danger", "alert-triangle"),
    S.DISCARDED: Look(NAMES[S.DISCARDED], "neutral", "trash"),
}
