"""Work that waits: orders to despatch and drafts to finish at the supplier, deliveries to receive at the buyer."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import scoped
from portal.orders.queries import IS_LIVE
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.wiring import Narrowing
from portal.platform.work import View
from portal.shipments.queries.lines import OPEN
from portal.shipments.queries.lists import COLUMNS, MOST_FOUND, Listed, listed, overdue
from portal.shipments.queries.side import READ, readable

_SHOWN = 8
_MOST_COMPANIONS = 50
_SOMETHING_OPEN = (
    f"exists (select from purchase_order_line l where l.order_id = o.id and {OPEN.format(done='despatched')} > 0)"
)
_OF_OPEN_ORDER = (
    "exists (select from despatch_line l join purchase_order o on o.id = l.order_id where l.advice_id = d.id "
    f"and {IS_LIVE})"
)


class ToDespatch(NamedTuple):
    """An agreed order of which something is still to leave."""

    id: UUID
    number: str
    buyer_name: str
    requested_date: date | None
    despatch_status: str
    overdue: bool


def _to_leave(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    """Orders both sides agree on; what is on hold waits for its release."""
    return f"o.state = 'accepted' and o.despatch_status <> 'complete' and not o.on_hold and {_SOMETHING_OPEN}"


def _to_come(late: bool) -> Callable[[Actor, Callable[[Any], str]], str]:
    """Deliveries to receive whose day has passed (`late`), or all others.

    What nobody can receive any more, because its orders are over, does not wait.
    """

    def sql(actor: Actor, bind: Callable[[Any], str]) -> str:
        passed = f"{'' if late else 'not '}{overdue(actor, bind)}"
        return f"d.state = 'despatched' and d.receipt_status <> 'complete' and {passed} and {_OF_OPEN_ORDER}"

    return sql


ORDERS_OPEN = {"despatch": Narrowing(_("Orders to despatch"), _to_leave, "orders:read", "shown_to")}
ADVICES_OPEN = {
    "late": Narrowing(_("Late deliveries"), _to_come(True), READ, "shown_to"),
    "expected": Narrowing(_("Expected deliveries"), _to_come(False), READ, "shown_to"),
}


async def to_despatch(view: View) -> tuple[int, list[ToDespatch]]:
    """Agreed orders of which something is still to leave, by the day they are wanted."""
    waits, bind = ORDERS_OPEN["despatch"], Bind(view.actor.organisation_id)
    where = f"o.shown_to = $1 and {scoped(view.actor, waits.permission, 'o', bind)} and {waits.sql(view.actor, bind)}"
    today = f"(portal.now() at time zone {bind(view.actor.time_zone)})::date"
    sql = (
        f"with waiting as (select o.* from purchase_order o where {where} limit {MOST_FOUND}) "
        f"select id, number, buyer_name, requested_date, despatch_status, "
        f"coalesce(requested_date < {today}, false) as overdue, count(*) over () as waiting "
        f"from waiting order by requested_date nulls last, created_at limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return _counted(records), [ToDespatch(*(record[name] for name in ToDespatch._fields)) for record in records]


class Companion(NamedTuple):
    """Another order of the same buyer, to the same place, whose goods may leave with these."""

    id: UUID
    number: str
    requested_date: date | None


async def companions(view: View, buyer_id: UUID, of: UUID) -> list[Companion]:
    """Agreed orders of the buyer of which something is still to leave to where the order `of` goes, by their day."""
    bind = Bind(view.actor.organisation_id, buyer_id, of)
    sql = (
        "select o.id, o.number, o.requested_date from purchase_order o where o.shown_to = $1 and o.buyer_id = $2 "
        "and o.id <> $3 and o.ship_to = (select ship_to from purchase_order where id = $3) "
        f"and {_to_leave(view.actor, bind)} and {scoped(view.actor, 'orders:read', 'o', bind)} "
        f"order by o.requested_date nulls last, o.created_at limit {_MOST_COMPANIONS}"
    )
    return [Companion(**record) for record in await view.fetch(sql, *bind.values)]


async def drafts(view: View) -> tuple[int, list[Listed]]:
    """Despatch advices that were begun, newest first."""
    bind = Bind(view.actor.organisation_id)
    return await _waiting(view, "d.supplier_id = $1 and d.state = 'draft'", "created_at desc", bind)


async def arriving(view: View, *, late: bool) -> tuple[int, list[Listed]]:
    """Deliveries to receive, by the day they are expected: those whose day has passed (`late`), or all others."""
    waits, bind = ADVICES_OPEN["late" if late else "expected"], Bind(view.actor.organisation_id)
    condition = f"d.shown_to = $1 and {waits.sql(view.actor, bind)}"
    return await _waiting(view, condition, "expected_date nulls last, despatched_at", bind)


async def _waiting(view: View, condition: str, by: str, bind: Bind) -> tuple[int, list[Listed]]:
    late = overdue(view.actor, bind)
    where = f"{condition} and {readable(view.actor, 'd', bind)}"
    sql = (
        f"with d as (select * from despatch_advice d where {where} limit {MOST_FOUND}) "
        f"select {COLUMNS}, {late} as overdue, count(*) over () as waiting from d order by {by} limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return _counted(records), listed(records)


def _counted(records: list[Any]) -> int:
    return records[0]["waiting"] if records else 0
