"""Proposed changes of an order, and its revisions with what differs between any two of them."""

from collections.abc import Iterable, Set
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import allowed
from portal.orders.forms import ChangeLineOut, ChangeOut, DifferenceOut, RevisionOut
from portal.orders.queries.one import order_row
from portal.orders.rules import differences
from portal.platform.decimals import difference
from portal.platform.guarded import FIELDS
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, NotFound
from portal.platform.scope import visible
from portal.platform.work import View

OPEN_STATES = ("proposed", "approved")
GUARDED = FIELDS["order-change"]
_CHANGES = """
select c.*, coalesce((select jsonb_agg(jsonb_build_object('line', l.line, 'code', l.code, 'quantity', l.quantity::text,
  'unit_price', l.unit_price::text, 'requested_date', l.requested_date, 'promised_date', l.promised_date,
  'substitute_item', l.substitute_item, 'reason', l.reason, 'added', l.added) order by l.line, l.sequence)
  from order_change_line l where l.change_id = c.id), '[]') as lines
from order_change c where c.order_id = $1 order by c.created_at desc, c.id desc
"""
_REVISIONS = "select revision, issued_at, snapshot from order_revision where order_id = $1 order by revision"


async def changes_of(view: View, order_id: UUID) -> list[ChangeOut]:
    """All that was proposed and that the reader's side may see, the newest first."""
    await order_row(view, order_id)
    return await changes_seen(view, order_id)


async def changes_seen(view: View, order_id: UUID) -> list[ChangeOut]:
    """The same of an order that the reader was let see already."""
    records = await view.fetch(_CHANGES, order_id)
    amounts = await _amounts(view, order_id) if records else frozenset()
    return [_out(view, record, amounts) for record in records]


async def change_of(view: View, order_id: UUID, change_id: UUID) -> ChangeOut:
    found = next((each for each in await changes_of(view, order_id) if each.id == change_id), None)
    if found is None:
        raise NotFound()
    return found


async def order_of_change(view: View, change_id: UUID) -> UUID:
    """Which order a change is of."""
    order_id = await view.value("select order_id from order_change where id = $1", change_id)
    if order_id is None:
        raise NotFound()
    return order_id


async def revisions_of(view: View, order_id: UUID) -> list[RevisionOut]:
    """Every issued revision with what differs from the one before, the oldest first."""
    order, amounts = await order_row(view, order_id), await _amounts(view, order_id)
    records = await view.fetch(_REVISIONS, order_id)
    snapshots = [record["snapshot"] for record in records]
    return [
        RevisionOut(
            record["revision"],
            record["issued_at"],
            Decimal(record["snapshot"]["totals"]["gross"]) if _priced(view) else None,
            order.currency,
            _seen(view, [] if before is None else differences(before, record["snapshot"]), amounts),
        )
        for record, before in zip(records, [None, *snapshots], strict=False)
    ]


async def between(view: View, order_id: UUID, older: int, newer: int) -> list[DifferenceOut]:
    """What differs between two issued revisions."""
    await order_row(view, order_id)
    found = {record["revision"]: record["snapshot"] for record in await view.fetch(_REVISIONS, order_id)}
    for field, asked in (("from", older), ("to", newer)):
        if asked not in found:
            raise Invalid.field(field, _("This order has no revision {revision}.", revision=asked))
    return _seen(view, differences(found[older], found[newer]), await _amounts(view, order_id))


async def _amounts(view: View, order_id: UUID) -> frozenset[int]:
    """Lines of which the quantity is an amount of money, which is hidden with the prices."""
    sql = "select line from purchase_order_line where order_id = $1 and kind = 'limit' and unit_price = base_quantity"
    return frozenset() if _priced(view) else frozenset(row["line"] for row in await view.fetch(sql, order_id))


def _out(view: View, record: Any, amounts: frozenset[int]) -> ChangeOut:
    own = {"by", "effect", "lines", "differences", "before", "gross"}
    plain = {name: record[name] for name in ChangeOut.__struct_fields__ if name not in own}
    out = ChangeOut(
        **plain,
        by="buyer" if record["author_id"] == record["buyer_id"] else "supplier",
        before=record["before"],
        gross=record["gross"],
        effect=difference(record["gross"], record["before"]),
        lines=msgspec.convert(record["lines"], list[ChangeLineOut], strict=False),
        differences=_seen(view, record["differences"], amounts),
    )
    for line in out.lines:
        line.quantity = None if line.line in amounts else line.quantity
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))


def _seen(view: View, found: Iterable[Any], amounts: frozenset[int]) -> list[DifferenceOut]:
    """Differences as their reader may see them: that a price differs is no secret, by how much is."""
    told = [each if isinstance(each, dict) else each._asdict() for each in found]
    return [DifferenceOut(**(each if _priced(view) else _unpriced(each, amounts))) for each in told]


def _unpriced(told: dict[str, Any], amounts: frozenset[int]) -> dict[str, Any]:
    hidden = GUARDED["prices:read"] | ({"quantity", "deliveries"} if told["line"] in amounts else set())
    return told | {side: _without(hidden, told["field"], told[side]) for side in ("before", "after")}


def _without(hidden: Set[str], field: str, value: Any) -> Any:
    if field in hidden:
        return None
    return value | dict.fromkeys(hidden & value.keys()) if field == "line" and value else value


def _priced(view: View) -> bool:
    return allowed(view.actor, "prices:read")
