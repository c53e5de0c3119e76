"""Purchase orders for programs: as JSON, and as the UBL documents that other systems send and take."""

from litestar import Router

from portal.orders.api import documents, orders

router = Router("/purchase-orders", route_handlers=[*orders.HANDLERS, *documents.HANDLERS], tags=["Purchase orders"])
