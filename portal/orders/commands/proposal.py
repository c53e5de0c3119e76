"""A proposed change as it is kept: its head, its lines, and what differs from the order as it is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.orders.commands.agree import Schedule
from portal.orders.forms import ChangeForm, ChangeLineForm
from portal.orders.queries import revision_snapshot
from portal.orders.rules import Difference, differences, taken_off
from portal.orders.tables import OrderChange, OrderChangeLine, PurchaseOrder, PurchaseOrderLine
from portal.platform.convert import convert
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Invalid, NotFound
from portal.platform.work import Change

_COPIED = ("quantity", "unit_price", "requested_date", "promised_date")


def proposal(change: Change, order: PurchaseOrder, form: ChangeForm) -> OrderChange:
    """Of the order as it is; the supplier's is shown to the buyer at once."""
    author = change.actor.organisation_id
    return OrderChange(
        id=new_id(),
        order_id=order.id,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        author_id=author,
        shown_to=order.buyer_id if author == order.supplier_id else None,
        number=order.number,
        revision=order.revision,
        reason=form.reason or "",
        note=form.note,
        ship_to=_plain(form.ship_to),
        currency=order.currency,
        before=order.gross,
        gross=order.gross,
        differences=[],
        created_by=change.actor.person_id,
        created_at=change.now,
    )


def keep_lines(change: Change, asked: OrderChange, wishes: Sequence[ChangeLineForm], next_line: int) -> None:
    """Write them; added ones have the numbers from `next_line` on."""
    seen: Counter[int] = Counter()
    rows = []
    for wish in wishes:
        number = wish.line or next_line
        next_line += wish.line is None
        seen[number] += 1
        rows.append(_row(asked, wish, number, seen[number]))
    change.add_all(OrderChangeLine, rows)


def show_lines(change: Change, rows: Iterable[OrderChangeLine], to: UUID) -> None:
    """What was the buyer's own is the supplier's to read from now on."""
    for row in rows:
        row.shown_to = to
        change.write(row)


async def asked_of(change: Change, order: PurchaseOrder, change_id: UUID) -> OrderChange:
    found = await change.rows(OrderChange, "id = $1 and order_id = $2", change_id, order.id)
    if not found:
        raise NotFound()
    return found[0]


async def lines_asked(change: Change, asked: OrderChange) -> list[OrderChangeLine]:
    return await change.rows(OrderChangeLine, "change_id = $1 order by line, sequence", asked.id)


def form_of(asked: OrderChange, rows: Sequence[OrderChangeLine]) -> ChangeForm:
    """The proposal as it was sent."""
    lines = [_wish(row) for row in rows]
    return convert(ChangeForm, {"reason": asked.reason, "note": asked.note, "ship_to": asked.ship_to, "lines": lines})


def version_of(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], schedule: Schedule) -> dict[str, Any]:
    """The order as a revision would say it now."""
    split = {
        line_id: [(row.quantity, row.promised_date or row.requested_date) for row in rows if row.quantity > ZERO]
        for line_id, rows in schedule.items()
    }
    snapshot = revision_snapshot(order, lines, {}, {}, split)
    for printed, line in zip(snapshot["lines"], lines, strict=True):
        printed["quantity"] = ZERO if taken_off(line) else line.quantity
    return msgspec.to_builtins(snapshot)


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """`Invalid` where nothing differs."""
    found: list[Difference] = differences(before, after)
    if not found:
        raise Invalid.field("lines", _("Nothing would be different. Say what is to change."))
    return [each._asdict() for each in found]


def _plain(place: Any) -> dict[str, str] | None:
    return {name: value for name, value in msgspec.to_builtins(place).items() if value} if place else None


def _row(asked: OrderChange, wish: ChangeLineForm, number: int, sequence: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "change_id": asked.id,
        **{name: getattr(asked, name) for name in ("order_id", "buyer_id", "supplier_id", "author_id", "shown_to")},
        "line": number,
        "sequence": sequence,
        "code": wish.code,
        **{name: getattr(wish, name) for name in _COPIED},
        "substitute_item": wish.substitute_item or "",
        "reason": wish.reason or "",
        "added": None if wish.added is None else msgspec.to_builtins(wish.added),
    }


def _wish(row: OrderChangeLine) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _COPIED if getattr(row, name) is not None}
    said |= {"code": row.code, "reason": row.reason or None, "substitute_item": row.substitute_item or None}
    return msgspec.to_builtins(said | ({"added": row.added} if row.code == "1" else {"line": row.line}))
