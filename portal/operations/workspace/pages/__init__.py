"""The auditors' workspace in a browser."""

from litestar import Router

from portal.operations.workspace.pages import records, then

router = Router("/", route_handlers=[*records.HANDLERS, *then.HANDLERS])

__all__ = ["router"]
