"""The auditors' workspace in a browser."""

from litestar import Router

from portal.operations.workspace.pages import engagements, evidence, papers, records, reports, then

PARTS = (records, then, reports, engagements, papers, evidence)
router = Router("/", route_handlers=[handler for part in PARTS for handler in part.HANDLERS])
MENU, SUBJECTS = engagements.MENU, engagements.SUBJECTS

__all__ = ["MENU", "SUBJECTS", "router"]
