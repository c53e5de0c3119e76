"""Scores for programs: one supplier's scorecard and facts, all of them ranked, frozen months, excuses, settings."""

from litestar import Router

from portal.scorecards.api import all_suppliers, excuses, frozen, one

router = Router(
    "/",
    route_handlers=[
        Router("/suppliers", route_handlers=[*one.OF_SUPPLIERS, *frozen.OF_SUPPLIERS], tags=["Suppliers"]),
        Router(
            "/scorecards", route_handlers=[*all_suppliers.HANDLERS, *frozen.HANDLERS, *one.OWN], tags=["Scorecards"]
        ),
        Router("/score-excuses", route_handlers=excuses.HANDLERS, tags=["Scorecards"]),
    ],
)
