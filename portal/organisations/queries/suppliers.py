"""The suppliers as people look at them, and what selects offer of partners and sites."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import names
from portal.organisations.forms import HELD, HoldOut, OverrideOut, SupplierOut, SupplierPage, SupplierRow
from portal.organisations.queries.terms import party_of
from portal.organisations.tables import TradingRelationship
from portal.platform.paging import USUAL, Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.search import patterns
from portal.platform.work import View

MOST_CHOICES = 2000


class Choices(list[tuple[str, str]]):
    """(id, name) of what a select offers, by name; `cut` if there is more, which is found by its name."""

    cut = False

    @classmethod
    def of(cls, records: list[Any], chosen: str) -> "Choices":
        """The first MOST_CHOICES, and the one that is chosen wherever it stands."""
        pairs = [(str(record["id"]), record["name"]) for record in records]
        choices = cls(pair for place, pair in enumerate(pairs) if place < MOST_CHOICES or pair[0] == chosen)
        choices.cut = len(pairs) > len(choices)
        return choices


async def supplier_choices(view: View, chosen: UUID | str | None = None, words: str = "") -> Choices:
    """The suppliers one may order from whose names hold all the words, and the chosen one, whatever its state."""
    bind = Bind(view.actor.organisation_id)
    sql = supplier_choices_sql(bind, chosen, words)
    return Choices.of(await view.fetch(sql, *bind.values), str(chosen))


def supplier_choices_sql(bind: Bind, chosen: UUID | str | None = None, words: str = "") -> str:
    """The same as a query of (id, name), for a statement whose $1 is the reader's organisation."""
    one = bind(_id(chosen))
    named = [f"lower(r.supplier_name) like {bind(f'%{_literal(word)}%')}" for word in words.lower().split()[:8]]
    offered = " and ".join(["r.state in ('approved', 'in_qualification', 'invited')", *named])
    return (
        "select * from ((select supplier_id as id, supplier_name as name from trading_relationship r "
        f"where r.buyer_id = $1 and {offered} order by portal.collated(supplier_name) limit {MOST_CHOICES + 1}) "
        f"union select supplier_id, supplier_name from trading_relationship where buyer_id = $1 and supplier_id = {one}"
        "::uuid) c order by portal.collated(name)"
    )


async def supplier_currency(view: View, supplier_id: str) -> str:
    """The currency agreed with a supplier; blank where there is none."""
    sql = "select currency from trading_relationship where buyer_id = $1 and supplier_id = $2"
    return await view.value(sql, view.actor.organisation_id, _id(supplier_id)) or ""


async def customer_choices(view: View, chosen: UUID | str | None = None) -> Choices:
    """The buyers one supplies, and the chosen one."""
    bind = Bind(view.actor.organisation_id)
    return Choices.of(await view.fetch(customer_choices_sql(bind, chosen), *bind.values), str(chosen))


def customer_choices_sql(bind: Bind, chosen: UUID | str | None = None) -> str:
    """The same as a query of (id, name), for a statement whose $1 is the reader's organisation."""
    named = "select o.id, o.name from trading_relationship r join organisation o on o.id = r.buyer_id"
    return (
        f"select * from (({named} where r.supplier_id = $1 order by portal.collated(o.name) limit {MOST_CHOICES + 1}) "
        f"union {named} where r.supplier_id = $1 and o.id = {bind(_id(chosen))}::uuid) c order by portal.collated(name)"
    )


async def site_choices(view: View) -> list[Any]:
    """The organisation's sites, the default first; more than MOST_CHOICES no select can offer."""
    sql = "select id, name, address, time_zone from site where organisation_id = $1 order by is_default desc, name"
    return await view.fetch(f"{sql} limit {MOST_CHOICES}", view.actor.organisation_id)


def _id(text: UUID | str | None) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


SORTS = {"name": Sort("supplier_name", str, "text", "portal.collated({})")}
MOST_FOUND = 1000
_ROW = (
    "o.id, r.supplier_number as number, coalesce(r.supplier_name, o.name) as name, r.state, o.country, r.currency, "
    "r.payment_days, r.payment_terms, r.response_days, r.orders_held_until, r.standing, r.score"
)
_MORE = (
    "coalesce(r.version, 0) + o.version as version, o.email, o.address, o.registration_number, o.vat_number, o.gln, "
    "o.phone, o.language, o.time_zone, r.e_invoice, r.buyer_reference"
)


async def suppliers(
    view: View,
    words: str = "",
    state: str | None = None,
    *,
    sort: str = "name",
    cursor: str | None = None,
    limit: int = 50,
) -> SupplierPage:
    """A buyer's suppliers by name, one page; a supplier finds itself alone."""
    order = order_of(SORTS, sort, cursor)
    if not view.actor.is_buyer:
        own = await supplier(view, view.actor.organisation_id)
        return SupplierPage([_as(SupplierRow, own)], None, None, 1)
    bind = Bind(view.actor.organisation_id)
    where = " and ".join(["r.buyer_id = $1", *_narrowed(words, state, bind)])
    after, ending = order.sql("r", bind, limit)
    found = f"(select count(*) from (select from trading_relationship r where {where} limit {MOST_FOUND + 1}) c)"
    records = await view.fetch(
        f"select {_ROW}, r.id as relationship_id, {found} as found from trading_relationship r "
        f"join organisation o on o.id = r.supplier_id where {where} and {after} {ending}",
        *bind.values,
    )
    keyed = [dict(record) | {"organisation_id": record["id"], "id": record["relationship_id"]} for record in records]
    page = order.turned(keyed, limit, lambda record: record["name"])
    rows = [_as(SupplierRow, record | {"id": record["organisation_id"]}) for record in page.rows]
    return SupplierPage(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def supplier(view: View, supplier_id: UUID) -> SupplierOut:
    """One supplier of the reader's, or the reader's own organisation; any other is 404."""
    own = supplier_id == view.actor.organisation_id
    joined = (
        "left join trading_relationship r on false"
        if own
        else ("join trading_relationship r on r.supplier_id = o.id and r.buyer_id = $2")
    )
    values = (supplier_id,) if own else (supplier_id, view.actor.organisation_id)
    record = await view.one(f"select {_ROW}, {_MORE} from organisation o {joined} where o.id = $1", *values)
    if record is None:
        raise NotFound()
    return _as(SupplierOut, record)


async def relationships(view: View, supplier_id: UUID) -> list[TradingRelationship]:
    """The trading relationships behind a supplier's page: a buyer's own, or all of a supplier that looks at itself."""
    side = "supplier_id = $1" if supplier_id == view.actor.organisation_id else "supplier_id = $1 and buyer_id = $2"
    values = (supplier_id, view.actor.organisation_id)[: 1 + ("$2" in side)]
    records = await view.fetch(
        f"select * from trading_relationship where {side} order by created_at limit 200", *values
    )
    return [TradingRelationship.of(record) for record in records]


async def registered_as(view: View, number: str) -> Any:
    """Who keeps its own data here under exactly this number (id, name): for beginning to trade, never for showing."""
    return await view.one("select * from portal.registered_as($1)", number)


async def alike(view: View, name: str, number: str, present: UUID | None) -> list[Any]:
    """A buyer's suppliers of this name or number, but for the present one."""
    sql = """select supplier_id, supplier_name, supplier_number from trading_relationship where buyer_id = $1
      and supplier_id is distinct from $4::uuid and (lower(supplier_name) = $2 or ($3 <> '' and supplier_number = $3))
      order by supplier_number <> $3 limit 5"""
    return await view.fetch(sql, view.actor.organisation_id, name.lower(), number, present)


async def hosted(view: View, supplier_id: UUID) -> bool:
    """Whether the reader's organisation still keeps this supplier's own data: nobody of the supplier acts here yet."""
    return await view.value("select portal.hosts($1)", supplier_id)


async def first_invited(view: View, supplier_id: UUID) -> list[Any]:
    """Whom the buyer asked to act for a supplier in which nobody does yet, the newest first; `refused` if the address
    turned out to be one that may not accept."""
    sql = """select email, full_name, created_at, expires_at, refused_at is not null as refused from invitation
      where organisation_id = $1 order by created_at desc limit 10"""
    return await view.fetch(sql, supplier_id)


async def holds(view: View, supplier_id: UUID) -> list[HoldOut]:
    """What the reader's company holds of a supplier today; `NotFound` for who is none of its suppliers."""
    sql = "select * from trading_relationship where buyer_id = $1 and supplier_id = $2"
    row = await view.one(sql, view.actor.organisation_id, supplier_id)
    if row is None:
        raise NotFound()
    today = await own_today(view)
    held: list[tuple[Any, Any]] = [(what, row[f"{what}_held_until"]) for what in HELD]
    return [
        HoldOut(what=what, until=until, reason=row["hold_reasons"].get(what, ""))
        for what, until in held
        if until is not None and until >= today
    ]


async def own_today(view: View) -> date:
    """What day it is for the reader's company."""
    sql = "select (portal.now() at time zone time_zone)::date from organisation where id = $1"
    return await view.value(sql, view.actor.organisation_id)


async def overrides(
    view: View, supplier_id: UUID, *, cursor: str | None = None, limit: int = USUAL
) -> Page[OverrideOut]:
    """The exceptions from a supplier's standing, newest first: the buyer's own, and nobody else's."""
    bind = Bind(view.actor.organisation_id, supplier_id)
    order = order_of(_OVERRIDE_SORTS, "-created_at", cursor)
    after, ending = order.sql("v", bind, limit)
    found = await view.fetch(f"{_OVERRIDES} and {after} {ending}", *bind.values)
    page = order.turned(found, limit, lambda record: record["created_at"])
    return Page(await _named(view, page.rows), page.older)


async def override(view: View, supplier_id: UUID, override_id: UUID) -> OverrideOut:
    """One exception from a supplier's standing, or `NotFound`."""
    row = await view.one(f"{_OVERRIDES} and v.id = $3", view.actor.organisation_id, supplier_id, override_id)
    if row is None:
        raise NotFound()
    return (await _named(view, [row]))[0]


_OVERRIDE_SORTS = {"created_at": Sort("created_at", datetime.fromisoformat, "timestamptz")}
_OVERRIDES = """
select v.*, v.ended_at is null and v.until >= (portal.now() at time zone b.time_zone)::date as active
from standing_override v join organisation b on b.id = v.buyer_id where v.buyer_id = $1 and v.supplier_id = $2
"""


async def _named(view: View, rows: list[Any]) -> list[OverrideOut]:
    by = ("created_by", "ended_by")
    people = await names(view, [row[each] for row in rows for each in by])
    return [
        _as(OverrideOut, dict(row) | {f"{each}_name": people.get(row[each], ("",))[0] for each in by}) for row in rows
    ]


def _narrowed(words: str, state: str | None, bind: Bind) -> list[str]:
    parts = [f"r.state = {bind(state)}"] if state else []
    named = "lower(r.supplier_name || ' ' || r.supplier_number)"
    return parts + [f"{named} like {bind(pattern)}" for pattern in patterns(words)]


def _as(struct: Any, record: Any) -> Any:
    values = record if not isinstance(record, msgspec.Struct) else msgspec.structs.asdict(record)
    return struct(**{name: values[name] for name in struct.__struct_fields__})


_NAMED = f"""
select r.supplier_id, {party_of("s")} as party from trading_relationship r join organisation s on s.id = r.supplier_id
where r.buyer_id = $1 and (s.gln = $2 and $2 <> '' or s.registration_number = $3 and $3 <> '' or $4 <> ''
  and regexp_replace(upper(s.vat_number), '[\\s./-]', '', 'g') = $4 or r.supplier_number = any($5)
  or lower(s.name) = lower($6)) order by r.supplier_id limit 20
"""


async def suppliers_named(
    view: View, *, gln: str, register: str, vat: str, own_numbers: Sequence[str], name: str
) -> list[Any]:
    """The reader's suppliers that a document may mean: by a number of a list, by the buyer's own for it, or by name."""
    return await view.fetch(_NAMED, view.actor.organisation_id, gln, register, vat, list(own_numbers), name)
