"""Preparing a despatch: a draft that only the supplier sees, until the goods leave or it is dropped."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.platform.actor import Actor
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Invalid
from portal.platform.work import Change, changing
from portal.platform.work.rows import values_of
from portal.shipments.commands.despatch import leave
from portal.shipments.commands.goods import goods_of
from portal.shipments.events import DespatchAdviceCancelled, DespatchAdviceCreated, DespatchAdviceEdited
from portal.shipments.forms import DespatchForm, DespatchLineForm, PackageForm
from portal.shipments.queries import DESPATCHABLE, DespatchableLine
from portal.shipments.queries.parts import GOODS, LEDGERS_OF_LINES
from portal.shipments.rules import rest_of
from portal.shipments.states import ADVICE
from portal.shipments.tables import DespatchAdvice, DespatchLine


async def create(
    actor: Actor, form: DespatchForm, *, rest_follows: bool | None = None, leaves: bool = False
) -> DespatchAdvice:
    """Prepare a despatch advice; with `leaves` the goods go at once, in the same transaction.

    `rest_follows` answers for lines that declare nothing outstanding whether what is left of them will come.
    """
    ids = [line.order_line_id for line in form.lines]
    ledgers = LEDGERS_OF_LINES.of(sorted(set(ids))) if leaves else ()
    async with changing(actor, DESPATCHABLE.of(ids, actor.organisation_id), *ledgers) as change:
        goods = await goods_of(change, form)
        advice = DespatchAdvice(
            id=new_id(),
            supplier_id=actor.organisation_id,
            buyer_id=goods[0].buyer_id,
            supplier_name=goods[0].supplier_name,
            buyer_name=goods[0].buyer_name,
            created_by=actor.person_id,
            created_at=change.now,
        )
        change.require("despatch-advices:create", advice)
        _set_shipment(advice, form, goods)
        lines = _lines(advice, form, goods, rest_follows)
        if leaves:
            await leave(change, advice, lines)
        else:
            _tell(change, DespatchAdviceCreated(advice.id), advice, lines)
        written = change.add_all(DespatchLine, [values_of(line) for line in lines])
        change.keep(GOODS.of(advice.id), written)
        advice.number = await change.number("DA")
        change.add(advice)
    return advice


async def edit(
    actor: Actor, advice_id: UUID, form: DespatchForm, *, rest_follows: bool | None = None
) -> DespatchAdvice:
    """Replace all that a draft says. Leaving is a change of its own: the buyer never learns what the draft said."""
    async with changing(actor, DespatchAdvice, advice_id) as (change, advice):
        ADVICE.take("edit", advice, change)
        goods = await goods_of(change, form)
        if goods[0].buyer_id != advice.buyer_id:
            raise Invalid.field("lines", _("This despatch advice is for {buyer}.", buyer=advice.buyer_name))
        _set_shipment(advice, form, goods)
        advice.edited_at = change.now
        change.remove_all(await change.rows(DespatchLine, "advice_id = $1", advice.id))
        lines = _lines(advice, form, goods, rest_follows)
        _tell(change, DespatchAdviceEdited(advice.id), advice, lines)
        change.add_all(DespatchLine, [values_of(line) for line in lines])
        change.write(advice)
    return advice


async def cancel(actor: Actor, advice_id: UUID, reason: str = "") -> DespatchAdvice:
    """Drop a draft; what has left can only be received or sent back."""
    async with changing(actor, DespatchAdvice, advice_id) as (change, advice):
        ADVICE.take("cancel", advice, change)
        advice.cancelled_at, advice.reason = change.now, reason
        change.write(advice)
        lines = await change.rows(DespatchLine, "advice_id = $1", advice.id)
        _tell(change, DespatchAdviceCancelled(advice.id, reason), advice, lines)
    return advice


def _tell(change: Change, event: Any, advice: DespatchAdvice, lines: Sequence[DespatchLine]) -> None:
    """The event once for each order concerned, on whose timeline it stands."""
    for order_id in dict.fromkeys(line.order_id for line in lines):
        change.record(event, advice, root_id=order_id)


def _set_shipment(advice: DespatchAdvice, form: DespatchForm, goods: Sequence[DespatchableLine]) -> None:
    advice.despatch_date, advice.expected_date = form.despatch_date, form.expected_date
    advice.carrier, advice.tracking_number = form.carrier or "", form.tracking_number or ""
    advice.ship_to = goods[0].ship_to
    packages: Any = [_told(package) for package in form.packages or ()]
    advice.packages = packages


def _told(package: PackageForm) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(package).items() if value is not None}


def _lines(
    advice: DespatchAdvice, form: DespatchForm, goods: Sequence[DespatchableLine], rest_follows: bool | None
) -> list[DespatchLine]:
    return [
        DespatchLine.of(
            _line(advice, position, entry, line) | {"outstanding_quantity": _outstanding(entry, line, rest_follows)}
        )
        for position, (entry, line) in enumerate(zip(form.lines, goods, strict=True), start=1)
    ]


def _line(advice: DespatchAdvice, position: int, entry: DespatchLineForm, line: DespatchableLine) -> dict[str, Any]:
    copied = ("order_id", "order_number", "line", "item_number", "description", "unit", "ship_to")
    return {
        "id": new_id(),
        "advice_id": advice.id,
        "supplier_id": advice.supplier_id,
        "buyer_id": advice.buyer_id,
        "shown_to": None,
        "position": position,
        "order_line_id": line.id,
        **{name: getattr(line, name) for name in copied},
        "quantity": entry.quantity,
        "batch": entry.batch or "",
        "received": ZERO,
    }


def _outstanding(entry: DespatchLineForm, line: DespatchableLine, rest_follows: bool | None) -> Any:
    declared = entry.outstanding_quantity
    return declared if declared is not None else rest_of(line.open, entry.quantity, rest_follows)
