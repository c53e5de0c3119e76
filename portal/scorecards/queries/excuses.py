"""Excuses: those that were asked for, granted or refused; and whether a fact can be excused at all."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import require
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind, Sort, codes, order_of
from portal.platform.refusals import Malformed, NotFound
from portal.platform.work import View
from portal.scorecards.forms import ExcuseOut
from portal.scorecards.queries.definition import FACTS
from portal.scorecards.queries.lines import of_orders_seen
from portal.scorecards.rules import CRITERIA
from portal.scorecards.states import S
from portal.scorecards.tables import Excuse

SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
MOST_WAITING = 1000


class Excuses(NamedTuple):
    """One page of the list, newest first; `found` counts all pages, up to a cap."""

    rows: list[ExcuseOut]
    newer: str | None
    older: str | None
    found: int


async def excusable(view: View, criterion: str, fact_id: UUID) -> Any:
    """The fact that counts for a criterion, with both sides' names; None if the reader's side has no such fact."""
    if criterion not in FACTS:
        raise Malformed(_("A criterion is one of: {names}.", names=", ".join(CRITERIA)))
    sql = f"""select f.*, r.supplier_name, b.name as buyer_name from ({FACTS[criterion]}) f
      join trading_relationship r on r.buyer_id = f.buyer_id and r.supplier_id = f.supplier_id
      join organisation b on b.id = f.buyer_id where f.id = $1 and $2 in (f.buyer_id, f.supplier_id)"""
    bind = Bind(fact_id, view.actor.organisation_id)
    return await view.one(f"{sql} and {of_orders_seen(view.actor, 'f', bind)}", *bind.values)


async def excuses(
    view: View,
    state: str | None = None,
    supplier_id: UUID | None = None,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Excuses:
    """The excuses of the reader's side, of one supplier or in some states where that is asked."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("x", bind, limit)
    parts = [f"x.{_side(view.actor, supplier_id)} = $1", of_orders_seen(view.actor, "x", bind)]
    if chosen := codes("state", state, [str(each) for each in S]):
        parts.append(f"x.state = any({bind(chosen)}::text[])")
    if supplier_id is not None:
        parts.append(f"x.supplier_id = {bind(supplier_id)}")
    where = " and ".join(parts)
    count = f"(select count(*) from (select from score_excuse x where {where} limit {MOST_WAITING + 1}) c) as found"
    found = await view.fetch(
        f"select x.*, {count} from score_excuse x where {where} and {after} {ending}", *bind.values
    )
    page = order.turned(found, limit, lambda record: record["created_at"])
    return Excuses([out_of(each) for each in page.rows], page.newer, page.older, found[0]["found"] if found else 0)


async def excuse_row(view: View, excuse_id: UUID) -> Excuse:
    bind = Bind(excuse_id)
    seen = of_orders_seen(view.actor, "x", bind)
    record = await view.one(f"select x.* from score_excuse x where x.id = $1 and {seen}", *bind.values)
    if record is None:
        raise NotFound()
    require(view.actor, "scorecards:read")
    return Excuse.of(record)


async def excuse_out(view: View, excuse_id: UUID) -> ExcuseOut:
    return out_of(vars(await excuse_row(view, excuse_id)))


async def excuses_waiting(view: View) -> tuple[int, list[ExcuseOut]]:
    """What suppliers asked for and nobody decided yet, the oldest first."""
    bind = Bind(view.actor.organisation_id)
    where = f"x.buyer_id = $1 and x.state = 'asked' and {of_orders_seen(view.actor, 'x', bind)}"
    sql = f"select count(*) from (select from score_excuse x where {where} limit {MOST_WAITING}) c"
    count = await view.value(sql, *bind.values)
    sql = f"select x.* from score_excuse x where {where} order by x.created_at, x.id limit 5"
    return count, [out_of(record) for record in await view.fetch(sql, *bind.values)]


def _side(actor: Actor, supplier_id: UUID | None) -> str:
    """Who is both buyer and supplier reads as supplier where it names itself, else as buyer."""
    sells = not actor.is_buyer or (actor.is_supplier and supplier_id == actor.organisation_id)
    return "shown_to" if sells else "buyer_id"


def out_of(record: Any) -> ExcuseOut:
    return ExcuseOut(**{name: record[name] for name in ExcuseOut.__struct_fields__})
