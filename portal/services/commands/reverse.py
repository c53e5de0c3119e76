"""Undoing an acceptance that was a mistake."""

from uuid import UUID

from portal.access.duties import separate
from portal.orders.commands import Movement, book, require_not_billed
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, difference
from portal.platform.work import changing
from portal.services.commands.decide import told
from portal.services.events import ServiceReversed
from portal.services.states import ENTRY, L
from portal.services.tables import ServiceEntry, ServiceEntryLine


async def reverse(actor: Actor, entry_id: UUID, reason: str = "") -> ServiceEntry:
    """Undo what was accepted of an entry, once: the order's ledger is as if it had not been; both sides see why.

    A closed order is no obstacle, an invoice is: what was invoiced stays accepted until it is credited.
    """
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        ENTRY.take("reverse", entry, change)
        lines = await change.rows(ServiceEntryLine, "entry_id = $1 order by position", entry.id)
        taken = [line for line in lines if line.state == L.ACCEPTED]
        movements = [Movement(line.order_line_id, accepted=difference(ZERO, line.quantity)) for line in taken]
        order, order_lines = await book(change, entry.order_id, movements, also_closed=True)
        change.require("service-entries:reverse", order)
        undone = {line.order_line_id for line in taken}
        require_not_billed([line for line in order_lines if line.id in undone], entry.id)
        await separate(change, "service-entries:reverse", entry.order_id)
        entry.reversed_by, entry.reversed_at, entry.reason = actor.person_id, change.now, reason
        change.write(entry)
        change.record(ServiceReversed(entry.id, entry.order_id, told(taken)), entry, root_id=entry.order_id)
    return entry
