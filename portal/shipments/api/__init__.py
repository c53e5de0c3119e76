"""Despatch advices for programs: as JSON, and as the UBL documents that other systems send and take."""

from litestar import Router

from portal.shipments.api import advices, documents

router = Router("/despatch-advices", route_handlers=[*advices.HANDLERS, *documents.HANDLERS], tags=["Despatch advices"])
