"""Orders and their answers as UBL: written from frozen snapshots, so they are the same each time."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.orders.queries.one import order_out, order_row, snapshot_of_order
from portal.orders.rules.ubl.answer import ORDER_RESPONSE
from portal.orders.rules.ubl.answering import answer_of
from portal.orders.rules.ubl.order import ORDER, ORDER_CANCELLATION
from portal.orders.rules.ubl.ordering import cancellation_of, order_of
from portal.orders.states import S
from portal.platform.calendar import local_date
from portal.platform.einvoice.syntax import write
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import View

_REVISION = "select snapshot from order_revision where order_id = $1 and revision = $2"


class Written(NamedTuple):
    """A document, and what a disk calls it."""

    name: str
    xml: bytes


async def order_document(view: View, order_id: UUID) -> Written:
    """The newest issued revision as a UBL Order; a draft has none (409)."""
    said = msgspec.to_builtins(await snapshot_of_order(view, order_id))
    order = order_of(said, _issued(said))
    return Written(f"{order.number}.xml", await asyncio.to_thread(write, ORDER, order))


async def cancellation_document(view: View, order_id: UUID) -> Written:
    """A cancelled order as a UBL OrderCancellation; one that is not cancelled, or was never issued, has none (409)."""
    row = await order_row(view, order_id)
    if row.state != S.CANCELLED or row.cancelled_at is None:
        raise Conflict(_("This order is not cancelled."), subject_id=order_id)
    said = msgspec.to_builtins(await snapshot_of_order(view, order_id))
    day = local_date(row.cancelled_at, zone_of(said, "buyer"))
    document = cancellation_of(said, _issued(said), day, row.reason)
    return Written(f"{row.number}-cancellation.xml", await asyncio.to_thread(write, ORDER_CANCELLATION, document))


async def response_document(view: View, order_id: UUID, response_id: UUID) -> Written:
    """One answer of the supplier as a UBL OrderResponse."""
    order = await order_out(view, order_id)
    response = next((each for each in order.responses if each.id == response_id), None)
    snapshot = await view.value(_REVISION, order_id, response.revision) if response else None
    if response is None or snapshot is None:
        raise NotFound()
    day = local_date(response.created_at, zone_of(snapshot, "supplier"))
    document = answer_of(response, snapshot, day)
    return Written(f"{order.number}-{response.code}.xml", await asyncio.to_thread(write, ORDER_RESPONSE, document))


def issued_on(issued_at: datetime | None, parties: Mapping[str, Any]) -> date | None:
    """The day of a revision where its buyer is: the one that its document names."""
    return local_date(issued_at, zone_of(parties, "buyer")) if issued_at else None


def _issued(said: Mapping[str, Any]) -> date | None:
    at = said["order"]["issued_at"]
    return issued_on(datetime.fromisoformat(at) if at else None, said)


def zone_of(parties: Mapping[str, Any], side: str) -> str:
    return (parties.get(side) or {}).get("time_zone") or "UTC"
