"""Ratings as colleagues read them, and what they come to by supplier."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.access.queries import names
from portal.orders.queries import order_row
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.decimals import half_up
from portal.platform.i18n import _
from portal.platform.paging import Bind, Sort, Turned, order_of
from portal.platform.refusals import Malformed, NotFound
from portal.platform.wiring import Narrowing
from portal.platform.work import View
from portal.ratings.forms import RatedOut, RatingOut, SupplierRatingsOut
from portal.ratings.rules import ASPECTS, LEAST_RATERS, MOST_STARS, changeable_until

READ = "orders:rated"
NEWEST = "-rated"
SORTS = {
    "rated": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "stars": Sort("stars", int, "int"),
}
_COLUMNS = "r.*, o.supplier_name"
_ASPECT = "case when count(distinct r.created_by) filter (where r.{0} is not null) >= {1} then avg(r.{0}) end as {0}"
_SUMMED = f"""
select count(*) as number, count(distinct r.created_by) as raters, avg(r.stars) as average,
  {", ".join(_ASPECT.format(name, LEAST_RATERS) for name in ASPECTS)}, array_agg(r.stars) as stars
from organisation b join order_rating r on r.buyer_id = b.id
where b.id = $1 and r.supplier_id = $2 and r.created_at >=
  (date_trunc('month', portal.now() at time zone b.time_zone) - interval '11 months') at time zone b.time_zone
"""


def _to_rate(actor: Actor, bind: Callable[[Any], str]) -> str:
    """Finished orders of which goods or services came in the last thirty days, taken or asked for by the reader, who
    did not rate them."""
    own, who = bind(actor.organisation_id), f"{bind(actor.person_id)}::uuid"
    return (
        "o.issued_at is not null and (o.state = 'closed' or o.receipt_status = 'complete') and o.source is null "
        f"and not exists (select from order_rating r where r.order_id = o.id and r.created_by = {who}) "
        f"and o.id in ({_TAKEN.format(own=own)}) "
        f"and (o.created_by = {who} or o.id in ({_TAKEN.format(own=own)} and taken.who = {who}))"
    )


_TAKEN = """select taken.order_id from (
  select l.order_id, g.created_by as who from goods_receipt g join goods_receipt_line l on l.receipt_id = g.id
  where g.buyer_id = {own} and g.state = 'booked' and g.booked_at > portal.now() - interval '30 days'
  union all
  select e.order_id, e.decided_by from service_entry e
  where e.shown_to = {own} and e.state = 'accepted' and e.decided_at > portal.now() - interval '30 days'
    and e.created_at > portal.now() - interval '120 days') taken
  where true"""
ORDERS_OPEN = {"rate": Narrowing(_("Orders to rate"), _to_rate, "orders:rate", "buyer_id")}


class RatingFilter(msgspec.Struct, kw_only=True):
    """What a list of ratings is narrowed to."""

    id: UUID | None = None
    supplier_id: UUID | None = None
    order_id: UUID | None = None
    stars: int | None = None


async def ratings(
    view: View, chosen: RatingFilter, *, sort: str = NEWEST, cursor: str | None = None, limit: int = 50
) -> Turned:
    """One page of what the company's people said of orders that the reader may see."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    after, ending = order.sql("r", bind, limit)
    parts = ["r.buyer_id = $1", scoped(view.actor, READ, "o", bind), after]
    narrows = {name: value for name, value in msgspec.structs.asdict(chosen).items() if value is not None}
    parts += [f"r.{name} = {bind(value)}" for name, value in narrows.items()]
    sql = f"select {_COLUMNS} from order_rating r join purchase_order o on o.id = r.order_id where "
    found = await view.fetch(f"{sql} {' and '.join(parts)} {ending}", *bind.values)
    turned = order.turned(found, limit, lambda record: record[order.sort.column])
    return turned._replace(rows=await _told(view, turned.rows))


async def ratings_of_order(view: View, order_id: UUID) -> list[RatingOut]:
    """What colleagues say of an order, for its reader; newest first."""
    await order_row(view, order_id, READ)
    return (await ratings(view, RatingFilter(order_id=order_id))).rows


async def rated_by_reader(view: View, order_id: UUID) -> RatingOut | None:
    """What the reader said of an order."""
    sql = f"select {_COLUMNS} from order_rating r join purchase_order o on o.id = r.order_id"
    found = await view.fetch(f"{sql} where r.order_id = $1 and r.created_by = $2", order_id, view.actor.person_id)
    return next(iter(await _told(view, found)), None)


async def is_changeable(view: View, rating: RatingOut) -> bool:
    """Whether its author may still change it, by the database's clock."""
    return await view.value("select portal.now() <= $1", rating.changeable_until)


async def supplier_ratings(
    view: View, supplier_id: UUID, buyer_id: UUID | None = None, *, cursor: str | None = None, limit: int = 50
) -> SupplierRatingsOut:
    """The averages of a supplier, and the ratings themselves for who may read those."""
    buyer = await _buyer_of(view, supplier_id, buyer_id)
    summary = await rated(view, supplier_id, buyer)
    page = Turned([], None, None)
    if buyer == view.actor.organisation_id and allowed(view.actor, READ):
        page = await ratings(view, RatingFilter(supplier_id=supplier_id), cursor=cursor, limit=limit)
    return SupplierRatingsOut(items=page.rows, next_cursor=page.older, summary=summary)


async def rated(view: View, supplier_id: UUID, buyer_id: UUID) -> RatedOut:
    """What twelve months of ratings come to: for the buyer's reader those that they may see, up to now; for the
    supplier what the buyer opens to it, if anything."""
    if supplier_id == view.actor.organisation_id:
        found = await view.one("select * from portal.ratings_shown($1)", buyer_id)
        return _summed(supplier_id, buyer_id, dict(found) if found else None)
    found = await view.one(_SUMMED, buyer_id, supplier_id)
    return _summed(supplier_id, buyer_id, dict(found) if found else None)


async def is_shown(view: View) -> bool:
    """Whether the reader's company lets suppliers see averages."""
    return await view.value("select ratings_shown from organisation where id = $1", view.actor.organisation_id)


def _summed(supplier_id: UUID, buyer_id: UUID, told: Mapping[str, Any] | None) -> RatedOut:
    known = told or {"number": None, "raters": None}
    enough = (known["raters"] or 0) >= LEAST_RATERS
    stars: Sequence[int] | None = known.get("stars") if enough else None
    spread = {str(n): stars.count(n) for n in range(MOST_STARS, 0, -1)} if stars else None
    return RatedOut(
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        number=known["number"],
        raters=known["raters"],
        least_raters=LEAST_RATERS,
        average=_tenth(known["average"]) if enough else None,
        distribution=spread,
        **{name: _tenth(known[name]) if enough else None for name in ASPECTS},
    )


def _tenth(value: Decimal | None) -> Decimal | None:
    return None if value is None else half_up(value, 1)


async def _buyer_of(view: View, supplier_id: UUID, buyer_id: UUID | None) -> UUID:
    """Whose people are meant. Raises `NotFound` for others', `Malformed` if one of several customers is meant."""
    own = view.actor.organisation_id
    if supplier_id != own and buyer_id not in (None, own):
        raise NotFound()
    meant = buyer_id if supplier_id == own else own
    pair = "supplier_id = $1 and buyer_id = coalesce($2, buyer_id)"
    found = await view.fetch(f"select buyer_id from trading_relationship where {pair} limit 2", supplier_id, meant)
    if not found:
        raise NotFound()
    if len(found) > 1:
        raise Malformed(_("You have several customers. Say which one with buyer_id."))
    return found[0]["buyer_id"]


async def _told(view: View, records: Sequence[Any]) -> list[RatingOut]:
    people = await names(view, list({record["created_by"] for record in records})) if records else {}
    return [_out(view, record, people.get(record["created_by"], ("",))[0]) for record in records]


def _out(view: View, record: Any, name: str) -> RatingOut:
    same = ("id", "version", "order_id", "order_number", "stars", *ASPECTS, "comment", "changed_at")
    return RatingOut(
        **{each: record[each] for each in same},
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        rated_by=record["created_by"],
        rated_by_name=name,
        own=record["created_by"] == view.actor.person_id,
        rated_at=record["created_at"],
        changeable_until=changeable_until(record["created_at"]),
    )
