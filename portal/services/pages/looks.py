"""How states of service entries look: a submitted one waits for somebody, and says so."""

from portal.platform.i18n import _
from portal.web.looks import Look

STATES = {
    "draft": Look(_("Draft"), "neutral", "pencil"),
    "submitted": Look(_("Waits for acceptance"), "warning", "hourglass"),
    "waiting": Look(_("Waits for acceptance"), "warning", "hourglass"),
    "accepted": Look(_("Accepted"), "success", "circle-check"),
    "rejected": Look(_("Rejected"), "danger", "circle-x"),
    "cancelled": Look(_("Cancelled"), "neutral", "ban"),
    "reversed": Look(_("Reversed"), "warning", "arrow-back-up"),
}
