"""Emergencies and reviews of access for programs."""

from litestar import Router

from portal.oversight.api import emergencies, reviews

routers = (
    Router("/emergency-access", route_handlers=list(emergencies.HANDLERS), tags=["Emergency access"]),
    Router("/access-reviews", route_handlers=list(reviews.HANDLERS), tags=["Access reviews"]),
    Router("/role-owners", route_handlers=list(reviews.OWNERS), tags=["Access reviews"]),
)
