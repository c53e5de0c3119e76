"""Entries of the log in great number, written as the unit of work writes them, and sealing on demand."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import psycopg

from portal.audit.faults import Fault
from portal.audit.sealing import Sealed, seal_all
from portal.audit.verifying import verify
from portal.orders.events import OrderEdited
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.database import context_sql
from portal.platform.ids import new_id
from portal.platform.settings import settings
from portal.platform.work import flush
from portal.platform.work.rows import values_of
from portal.platform.work.trail import ENTRY, SIDE, Recorded, RowChange, Trail

AT_ONCE = 1_000


async def seal_now() -> Sealed | None:
    """What the sealer does in its next second."""
    connection = await asyncpg.connect(settings().database_url)
    try:
        return await seal_all(connection)
    finally:
        await connection.close()


async def many_entries(connection: asyncpg.Connection, count: int, actor: Actor | None = None) -> list[UUID]:
    """So many edits of an order, by somebody new if not said, each with a private side, as their writers leave them."""
    written: list[UUID] = []
    actor = actor or Actor(organisation_id=new_id(), organisation_kind="buyer", person_id=new_id())
    while len(written) < count:
        shared, private = _edits(actor, min(AT_ONCE, count - len(written)))
        async with connection.transaction():
            await connection.execute(context_sql(actor.organisation_id, actor.person_id))
            for table, kinds, rows in (("audit_entry", ENTRY, shared), ("audit_private", SIDE, private)):
                piece = flush.insert_columns(table, kinds, rows)
                await connection.execute(piece.sql, *piece.values)
        written += [row["id"] for row in shared]
    return written


def _edits(actor: Actor, count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shared: list[dict[str, Any]] = []
    private: list[dict[str, Any]] = []
    for number in range(count):
        order = PurchaseOrder(
            id=new_id(), buyer_id=actor.organisation_id, number=f"PO-{number}", note="ring twice “ü”\n"
        )
        trail = Trail(actor)
        trail.rows.append(RowChange(order, None, values_of(order) | {"internal_note": "pay late"}))
        trail.events.append(Recorded(OrderEdited(order.id), order, None))
        entries, sides = trail.entries(datetime.now(UTC))
        shared += entries
        private += sides
    return shared, private


def faults_of(superuser: psycopg.Connection, company: UUID, kept: Iterable[str] = ()) -> list[Fault]:
    """What is wrong with the log as a whole, or with this company's entries: other stories tamper with theirs."""
    own = superuser.execute("select id::text from audit_entry where %s in (owner_id, shown_to)", [company]).fetchall()
    mine = {row[0] for row in own}
    return [fault for fault in verify(str(settings().owner_url), kept).faults if not fault.entry or fault.entry in mine]
