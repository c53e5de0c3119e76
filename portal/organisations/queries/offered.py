"""The payment terms that a buyer offers to agree on, and an organisation's rates of exchange."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.queries import own_currency
from portal.organisations.forms import PaymentTermOut, RateOut, RatePage
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.work import View

_TERM = "select id, name, base, month_end, days, steps, retired, version from payment_term"
_RATE = "select id, currency, into_currency, valid_on, rate, source, version from exchange_rate r"
TERM_SORTS = {"name": Sort("name", str, "text")}
SORTS = {"valid_on": Sort("valid_on", date.fromisoformat, "date")}


class Rate(NamedTuple):
    """What one unit of another currency costs in an organisation's own."""

    into_currency: str
    rate: Decimal
    valid_on: date
    source: str


async def payment_terms(view: View, *, retired: bool = True) -> list[PaymentTermOut]:
    """The reader's own, by name; those that are offered first."""
    sql = f"{_TERM} where organisation_id = $1 and (not retired or $2) order by retired, name limit 500"
    return await view.structs(PaymentTermOut, sql, view.actor.organisation_id, retired)


async def payment_term_page(view: View, cursor: str | None, limit: int) -> Page[PaymentTermOut]:
    """The reader's own, offered and retired, by name."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(TERM_SORTS, "name", cursor)
    after, ending = order.sql("t", bind, limit)
    sql = f"{_TERM} t where organisation_id = $1 and {after} {ending}"
    found = order.turned(await view.fetch(sql, *bind.values), limit, lambda record: record["name"])
    rows = msgspec.convert([dict(record) for record in found.rows], list[PaymentTermOut])
    return Page(rows, found.older)


async def payment_term(view: View, term_id: UUID) -> PaymentTermOut | None:
    sql = f"{_TERM} where organisation_id = $1 and id = $2"
    return await view.struct(PaymentTermOut, sql, view.actor.organisation_id, term_id)


async def terms_named(view: View, name: str) -> dict[str, Any] | None:
    """The reader's own terms of this name that are still offered, as orders keep them."""
    sql = (
        "select jsonb_build_object('name', name, 'base', base, 'month_end', month_end, 'days', days, 'steps', steps) "
        "from payment_term where organisation_id = $1 and lower(name) = lower($2) and not retired "
        "order by name <> $2 limit 1"
    )
    return await view.value(sql, view.actor.organisation_id, name)


async def exchange_rates(
    view: View, *, currency: str | None = None, cursor: str | None = None, limit: int = 50
) -> RatePage:
    """The reader's own, newest day first."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-valid_on", cursor)
    narrowed = f" and r.currency = {bind(currency)}" if currency else ""
    after, ending = order.sql("r", bind, limit)
    sql = f"{_RATE} where r.organisation_id = $1{narrowed} and {after} {ending}"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record["valid_on"])
    rows = [RateOut(**{name: record[name] for name in RateOut.__struct_fields__}) for record in page.rows]
    return RatePage(rows, page.newer, page.older, await own_currency(view))


async def rate_of(view: View, whose: UUID, currency: str, day: date) -> Rate | None:
    """The newest rate up to a day, of the reader's organisation or of one that it trades with; None where there is none
    or the currency is that organisation's own."""
    record = await view.one("select * from portal.rate_of($1, $2, $3)", whose, currency, day)
    return None if record is None else Rate(**record)


async def aged_rate(view: View, whose: UUID, currency: str) -> Rate | None:
    """The rate that a document would keep today, if it is older than its organisation lets rates be."""
    sql = """select rate_days, (portal.now() at time zone time_zone)::date as today, currency from organisation
      where id = $1"""
    own = await view.one(sql, whose)
    if own is None or own["currency"] == currency:
        return None
    rate = await rate_of(view, whose, currency, own["today"])
    return rate if rate is not None and (own["today"] - rate.valid_on).days > own["rate_days"] else None


async def rate_age(view: View) -> int:
    """From how many days on the reader's organisation is warned of rates."""
    return await view.value("select rate_days from organisation where id = $1", view.actor.organisation_id)
