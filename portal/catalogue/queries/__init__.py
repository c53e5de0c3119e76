"""Items and what suppliers ask for them. Prices are only ever read through the reader's own side."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed
from portal.catalogue.forms import ItemOut, ItemPage, ItemRow, PartyOut, PriceOut
from portal.platform.guarded import FIELDS
from portal.platform.paging import Bind, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.scope import visible
from portal.platform.search import patterns
from portal.platform.work import View

GUARDED = FIELDS["item"]
SORTS = {"number": Sort("number", str, "text")}
MOST_FOUND = 1000
SUGGESTED = 20
_ROW = "id, number, name, unit, category, tax_category, tax_rate, gtin, active"


class Needed(NamedTuple):
    """So much of an item is to be ordered."""

    item_id: UUID
    quantity: Decimal
    unit: str


class Offered(msgspec.Struct):
    """An item as an order line takes it over: with what this supplier asks for it, if it has a price."""

    id: UUID
    number: str
    name: str
    unit: str
    tax_category: str
    tax_rate: Decimal
    currency: str | None
    unit_price: Decimal | None
    base_quantity: Decimal | None
    price_unit: str | None
    minimum_quantity: Decimal | None
    lead_time_days: int | None


async def items(
    view: View, words: str = "", *, sort: str = "number", cursor: str | None = None, limit: int = 50
) -> ItemPage:
    """One page of the organisation's items by number; `words` narrow it."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    where = " and ".join(["i.organisation_id = $1", *_worded(words, bind)])
    after, ending = order.sql("i", bind, limit)
    found = f"(select count(*) from (select from item i where {where} limit {MOST_FOUND + 1}) c) as found"
    records = await view.fetch(f"select {_ROW}, {found} from item i where {where} and {after} {ending}", *bind.values)
    page = order.turned(records, limit, lambda record: record["number"])
    rows = [ItemRow(**{name: record[name] for name in ItemRow.__struct_fields__}) for record in page.rows]
    return ItemPage(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def item(view: View, item_id: UUID) -> ItemOut:
    """One item with the prices of its suppliers, hidden from who may not see prices; unseen is 404."""
    record = await view.one(f"select {_ROW}, version from item where id = $1", item_id)
    if record is None:
        raise NotFound()
    prices = [_price(row) for row in await view.fetch(_PRICES, item_id)]
    return visible(ItemOut(**record, prices=prices), GUARDED, lambda permission: allowed(view.actor, permission))


async def tolerance_levels(view: View, item_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    """What the item and the company say of tolerances: its supplier, between them, is one of each order."""
    sql = """select i.tolerances as item, o.tolerances as company from item i join organisation o
      on o.id = i.organisation_id where i.id = $1 and i.organisation_id = $2"""
    found = await view.one(sql, item_id, view.actor.organisation_id)
    return [] if found is None else [(level, found[level]) for level in ("item", "company")]


async def prices_of_supplier(view: View, supplier_id: UUID, limit: int = 50) -> list[Any]:
    """What one supplier asks for, for its page."""
    return await view.fetch(_ASKED, view.actor.organisation_id, supplier_id, limit)


async def lists_between(view: View, item_id: UUID, buyer_id: UUID, supplier_id: UUID) -> list[Any]:
    """All that a supplier's price lists ever asked for an item."""
    return await view.fetch(_BETWEEN, item_id, buyer_id, supplier_id)


async def suggested(view: View, words: str, supplier_id: UUID | None, currency: str = "") -> list[Offered]:
    """The first items that fit what somebody is typing, an exact number first, with the supplier's price of today."""
    bind = Bind(view.actor.organisation_id, supplier_id, currency, words.strip())
    where = " and ".join(["i.active", *_worded(words, bind)])
    ending = f"order by i.number <> $4, i.number limit {SUGGESTED}"
    return await view.structs(Offered, f"{_OFFERED} where i.organisation_id = $1 and {where} {ending}", *bind.values)


async def offered(
    view: View, numbers: Sequence[str], supplier_id: UUID | None, currency: str = ""
) -> dict[str, Offered]:
    """Items by their exact numbers, with the supplier's price of today; in a currency, where that is known."""
    sql = f"{_OFFERED} where i.organisation_id = $1 and i.active and i.number = any($4::text[])"
    found = await view.structs(Offered, sql, view.actor.organisation_id, supplier_id, currency, list(numbers))
    return {each.number: each for each in found}


async def offered_again(
    view: View, needed: Sequence[Needed], supplier_id: UUID, currency: str
) -> dict[Needed, Offered]:
    """Those of the items that are still ordered, with the supplier's price of today for such a quantity."""
    wanted = [need._asdict() | {"place": place} for place, need in enumerate(needed)]
    rows = await view.fetch(_OFFERED_AGAIN, view.actor.organisation_id, supplier_id, currency, wanted)
    return {needed[row["place"]]: Offered(**{name: row[name] for name in Offered.__struct_fields__}) for row in rows}


def _worded(words: str, bind: Bind) -> list[str]:
    each = patterns(words)
    return [f"i.id in (select portal.find_items({bind(each)}, {MOST_FOUND}))"] if each else []


def _price(record: Any) -> PriceOut:
    own = {name: record[name] for name in PriceOut.__struct_fields__ if name != "supplier"}
    return PriceOut(**own, supplier=PartyOut(record["supplier_id"], record["supplier_name"]))


# Prices hold for days of the buyer's own calendar. While nobody knows how much is wanted, the newest from the smallest
# quantity on is offered; a break for more is for whoever enters the order to take. Of a known quantity it is the price
# of the break that it falls into; a quantity in another unit than the price's falls into none that is known. A price
# list that is newer and in force ends all breaks of an older one for the same item and currency: none of them survives
# because the newer list has no break for so much.
_TODAY = """cross join lateral (
  select (portal.now() at time zone o.time_zone)::date as day from organisation o where o.id = $1) today"""
_ITEM = """i.id, i.number, i.name, i.unit, i.tax_category, i.tax_rate, p.currency, p.unit_price, p.base_quantity,
  p.unit as price_unit, p.minimum_quantity, p.lead_time_days"""
_IN_FORCE = """select * from supplier_price p where p.buyer_id = $1 and p.supplier_id = $2 and p.item_id = i.id
  and $3 in ('', p.currency) and coalesce(p.valid_from, '-infinity') <= today.day
  and coalesce(p.valid_to, 'infinity') >= today.day
  and not exists (select from supplier_price n where n.buyer_id = p.buyer_id and n.supplier_id = p.supplier_id
    and n.item_id = p.item_id and n.currency = p.currency and n.valid_from > coalesce(p.valid_from, '-infinity')
    and n.valid_from <= today.day and coalesce(n.valid_to, 'infinity') >= today.day)"""
# The lead time agreed for an order line `l` of an order `o`, by the price list in force on a day.
AGREED_LEAD_TIME = """
select p.lead_time_days from supplier_price p where p.buyer_id = o.buyer_id and p.supplier_id = o.supplier_id
  and p.item_id = l.item_id and p.lead_time_days is not null
  and coalesce(p.valid_from, '-infinity') <= {day} and coalesce(p.valid_to, 'infinity') >= {day}
order by p.currency = o.currency desc, p.valid_from desc nulls last,
  coalesce(p.minimum_quantity, 0) <= l.quantity desc, p.minimum_quantity desc nulls last limit 1
"""
_OFFERED = f"""
select {_ITEM} from item i {_TODAY} left join lateral (
  {_IN_FORCE} order by coalesce(p.minimum_quantity, 0), p.valid_from desc nulls last limit 1) p on true
"""
_OFFERED_AGAIN = f"""
select w.place, {_ITEM}
from jsonb_to_recordset($4) as w (item_id uuid, quantity numeric, unit text, place int)
join item i on i.id = w.item_id {_TODAY} left join lateral (
  {_IN_FORCE} and (w.unit <> p.unit or w.quantity >= coalesce(p.minimum_quantity, 0)
    and w.quantity <= coalesce(p.maximum_quantity, 'infinity'))
  order by case when w.unit = p.unit then -1 else 1 end * coalesce(p.minimum_quantity, 0), p.valid_from desc nulls last
  limit 1) p on true
where i.organisation_id = $1 and i.active
"""
_PRICES = """
select p.id, p.version, p.supplier_id, r.supplier_name, p.supplier_item_number, p.currency, p.unit_price,
  p.base_quantity, p.unit, p.minimum_quantity, p.maximum_quantity, p.lead_time_days, p.valid_from, p.valid_to
from supplier_price p join trading_relationship r on r.buyer_id = p.buyer_id and r.supplier_id = p.supplier_id
where p.item_id = $1 order by r.supplier_name, p.minimum_quantity nulls first, p.valid_from nulls first limit 500
"""
_BETWEEN = """
select id, currency, unit_price, base_quantity, unit, coalesce(minimum_quantity, 0) as minimum_quantity,
  maximum_quantity, valid_from, valid_to
from supplier_price where item_id = $1 and buyer_id = $2 and supplier_id = $3
order by valid_from desc nulls last, minimum_quantity nulls first limit 200
"""
_ASKED = """
select i.id, i.number, i.name, p.currency, p.unit_price, p.base_quantity, p.unit, p.lead_time_days
from supplier_price p join item i on i.id = p.item_id
where p.buyer_id = $1 and p.supplier_id = $2 order by i.number limit $3
"""


async def items_numbered(view: View, numbers: Sequence[str]) -> dict[str, UUID]:
    """The organisation's own items of these numbers."""
    sql = "select number, id from item where organisation_id = $1 and number = any($2)"
    return {row["number"]: row["id"] for row in await view.fetch(sql, view.actor.organisation_id, list(numbers))}
