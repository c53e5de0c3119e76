"""Entering what was performed: a draft that only the supplier sees, until it is submitted or dropped."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Invalid
from portal.platform.work import Change, changing
from portal.services.commands.performed import Performed, performed_of
from portal.services.events import (
    ServiceEntryCancelled,
    ServiceEntryCreated,
    ServiceEntryEdited,
    ServiceEntrySubmitted,
)
from portal.services.forms import ServiceEntryForm
from portal.services.states import ENTRY
from portal.services.tables import ServiceEntry, ServiceEntryLine


async def create(actor: Actor, form: ServiceEntryForm, *, submits: bool = False) -> ServiceEntry:
    """Enter what was performed; with `submits` the buyer gets it at once, in the same transaction."""
    async with changing(actor) as change:
        done = await performed_of(change, form)
        of = done[0].of
        entry = ServiceEntry(
            id=new_id(),
            supplier_id=actor.organisation_id,
            buyer_id=of.buyer_id,
            supplier_name=of.supplier_name,
            buyer_name=of.buyer_name,
            order_id=of.order_id,
            order_number=of.order_number,
            currency=of.currency,
            created_by=actor.person_id,
            created_at=change.now,
        )
        change.require("service-entries:create", entry)
        _state(entry, form)
        change.record(ServiceEntryCreated(entry.id), entry, root_id=entry.order_id)
        if submits:
            await _leave(change, entry)
        change.add_all(ServiceEntryLine, _lines(entry, done))
        entry.number = await change.number("SE")
        change.add(entry)
    return entry


async def edit(actor: Actor, entry_id: UUID, form: ServiceEntryForm, *, submits: bool = False) -> ServiceEntry:
    """Replace all that a draft says."""
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        ENTRY.take("edit", entry, change)
        if form.order_id != entry.order_id:
            raise Invalid.field("order_id", _("This service entry is of {number}.", number=entry.order_number))
        done = await performed_of(change, form)
        _state(entry, form)
        entry.edited_at = change.now
        old = await change.rows(ServiceEntryLine, "entry_id = $1", entry.id)
        change.remove_all(old)
        await change.fetch("delete from service_entry_line where entry_id = $1", entry.id)
        change.record(ServiceEntryEdited(entry.id), entry, root_id=entry.order_id)
        if submits:
            await _leave(change, entry)
        change.add_all(ServiceEntryLine, _lines(entry, done))
        change.write(entry)
    return entry


async def submit(actor: Actor, entry_id: UUID) -> ServiceEntry:
    """Hand a draft to the buyer, who decides on each line."""
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        lines = await change.rows(ServiceEntryLine, "entry_id = $1 order by position", entry.id)
        await _leave(change, entry)
        for line in lines:
            line.shown_to = entry.buyer_id
        change.write_all(lines)
        change.write(entry)
    return entry


async def cancel(actor: Actor, entry_id: UUID, reason: str = "") -> ServiceEntry:
    """Drop a draft, or take back what was submitted while nobody has decided on any of it."""
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        ENTRY.take("cancel", entry, change)
        entry.cancelled_at, entry.reason = change.now, reason
        change.write(entry)
        change.record(ServiceEntryCancelled(entry.id, reason), entry, root_id=entry.order_id)
    return entry


async def _leave(change: Change, entry: ServiceEntry) -> None:
    ENTRY.take("submit", entry, change)
    await separate(change, "service-entries:submit", entry.order_id)
    entry.submitted_by, entry.submitted_at = change.actor.person_id, change.now
    entry.shown_to = entry.buyer_id
    change.record(ServiceEntrySubmitted(entry.id, entry.order_id), entry, root_id=entry.order_id)


def _state(entry: ServiceEntry, form: ServiceEntryForm) -> None:
    entry.performed_from, entry.performed_until = form.performed_from, form.performed_until
    entry.reference, entry.note = form.reference or "", form.note or ""


def _lines(entry: ServiceEntry, done: Sequence[Performed]) -> list[dict[str, Any]]:
    copied = ("order_id", "line", "kind", "item_number", "description", "unit")
    return [
        {
            "id": new_id(),
            "entry_id": entry.id,
            "supplier_id": entry.supplier_id,
            "buyer_id": entry.buyer_id,
            "shown_to": entry.shown_to,
            "position": position,
            "order_line_id": each.of.id,
            **{name: getattr(each.of, name) for name in copied},
            "quantity": each.quantity,
            "net": each.net,
            "text": each.text,
            "state": "waiting",
            "reason": "",
        }
        for position, each in enumerate(done, start=1)
    ]
