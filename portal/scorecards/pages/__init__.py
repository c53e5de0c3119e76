"""Scores in a browser: a supplier's score, the facts behind it, how customers see oneself; and the buyer's settings."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry
from portal.scorecards.pages import scores, settings

PANELS = scores.PANELS
MENU = [
    MenuEntry(_("Your score"), "/scorecard", "chart-bar", "own-scorecards:read", 70),
    MenuEntry(_("Score settings"), "/scorecards/settings", "adjustments", "scorecards:configure", 71, "buyer"),
]
router = Router("/", route_handlers=[*scores.HANDLERS, *settings.HANDLERS])
