"""Scores in a browser: one supplier's and the facts behind them, all ranked or side by side, frozen months, excuses."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry
from portal.scorecards.pages import compare, excuses, frozen, levels, lines, ranking, scores, settings

PANELS = scores.PANELS | levels.PANELS
QUEUES = excuses.QUEUES
SUBJECTS = excuses.SUBJECTS | frozen.SUBJECTS
SETTINGS = settings.SETTINGS
MENU = [
    MenuEntry(_("Scorecards"), "/scorecards", "chart-bar", "scorecards:read", 68, "buyer"),
    MenuEntry(_("Your score"), "/scorecard", "chart-bar", "own-scorecards:read", 70),
    MenuEntry(_("Score settings"), "/scorecards/settings", "adjustments", "scorecards:configure", 71, "buyer"),
]
router = Router(
    "/",
    route_handlers=[
        *(*scores.HANDLERS, *lines.HANDLERS, *settings.HANDLERS),
        *(*ranking.HANDLERS, *compare.HANDLERS, *frozen.HANDLERS, *excuses.HANDLERS),
    ],
)
