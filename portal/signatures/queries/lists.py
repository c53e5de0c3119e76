"""Lists of documents that are signed: one statement a page, each naming its reader's side."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind, Sort, codes, one_of, order_of
from portal.platform.search import patterns
from portal.platform.wiring import Narrowing
from portal.platform.work import View
from portal.signatures.forms import SigningRow
from portal.signatures.queries.one import rows_of
from portal.signatures.states import NAMES

SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
MOST_FOUND = 1000
ORDERS = [("any", _("In any order")), ("buyer", _("We sign first")), ("supplier", _("The supplier signs first"))]
_SHOWN = 8


class SigningFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing. `state` takes codes with commas, `query` words of the title,
    `open` is `sign`: what waits for its reader."""

    state: str | None = None
    query: str | None = None
    open: str | None = None


class SigningList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[SigningRow]
    newer: str | None
    older: str | None
    found: int


def _to_sign(actor: Actor, bind: Callable[[Any], str]) -> str:
    """It is the turn of the reader's side and not too late, the reader did not sign yet, and a place is not kept for
    somebody else."""
    own, reader = bind(actor.organisation_id), bind(actor.person_id)
    return f"""s.state = 'open'
      and (s.sign_until is null or s.sign_until >= (
        select (portal.now() at time zone o.time_zone)::date from organisation o where o.id = s.buyer_id))
      and exists (select from signatory p
        where p.signing_id = s.id and p.organisation_id = {own} and p.signed_by is null
        and (p.meant_for is null or p.meant_for = {reader})
        and (s.first in ('any', p.side) or not exists (select from signatory f
          where f.signing_id = s.id and f.side = s.first and f.signed_by is null)))
      and not exists (select from signatory m where m.signing_id = s.id and m.signed_by = {reader})"""


OPEN = {"sign": Narrowing(_("Documents to sign"), _to_sign, "signatures:sign")}


async def signing_list(
    view: View, chosen: SigningFilter, *, cursor: str | None = None, limit: int = 50, counted: bool = True
) -> SigningList:
    """One page of what the organisation signs with others, newest first, with the ways to its neighbours."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    where = " and ".join(_conditions(view.actor, chosen, bind))
    after, ending = order.sql("s", bind, limit)
    found = f"(select count(*) from (select from signing s where {where} limit {MOST_FOUND + 1}) f)"
    sql = f"select s.*, {found if counted else 0} as found from signing s where {where} and {after} {ending}"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record["created_at"])
    rows = await rows_of(view, page.rows)
    return SigningList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def to_sign(view: View) -> tuple[int, list[SigningRow]]:
    """What waits for a signature of the reader: how many, and those that have waited longest."""
    bind = Bind(view.actor.organisation_id)
    where = f"s.{_side(view.actor)} = $1 and {_to_sign(view.actor, bind)}"
    sql = (
        f"with s as (select * from signing s where {where} limit {MOST_FOUND}) "
        f"select *, count(*) over () as waiting from s order by created_at, id limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return records[0]["waiting"] if records else 0, await rows_of(view, records)


def _side(actor: Actor) -> str:
    return "buyer_id" if actor.organisation_kind == "buyer" else "shown_to"


def _conditions(actor: Actor, chosen: SigningFilter, bind: Bind) -> list[str]:
    parts = [f"s.{_side(actor)} = $1"]
    if wanted := codes("state", chosen.state, NAMES):
        parts.append(f"s.state = any({bind(wanted)}::text[])")
    parts += [f"lower(s.title) like {bind(pattern)}" for pattern in patterns(chosen.query or "")]
    if waits := one_of("open", chosen.open, OPEN):
        parts.append(waits.sql(actor, bind))
    return parts
