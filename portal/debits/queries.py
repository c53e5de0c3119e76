"""Everything that is read about debit notes. One list is one statement."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, require_seen, scoped
from portal.debits.forms import DebitOut, DebitRow
from portal.debits.states import NAMES
from portal.debits.tables import DebitNote
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.guarded import FIELDS
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of
from portal.platform.refusals import Conflict
from portal.platform.scope import visible
from portal.platform.wiring import NARROWINGS, Narrowing
from portal.platform.work import View

READ, DECIDE = "debit-notes:read", "debit-notes:decide"
GUARDED = FIELDS["debit-note"]
SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
MOST_FOUND = 1000
_SHOWN = 8
_PARTIES = ("buyer", "supplier")
_ROW = [name for name in DebitRow.__struct_fields__ if name not in _PARTIES]
_OUT = [name for name in DebitOut.__struct_fields__ if name not in _PARTIES]


_PRINTED = (
    "number", "state", "contract_number", "order_number", "line", "item_number", "description", "receipt_number", "due",
    "delivered_on", "quantity", "unit", "currency", "value", "rate", "per", "grace", "cap", "days", "periods",
    "percent", "amount", "reason", "created_at", "decided_at",
)  # fmt: skip
# As they were when it was accepted. Of one that was accepted before they were kept: as its order named them.
_PRINTED_PARTIES = """
select buyer, supplier from debit_note_parties where debit_note_id = $1
union all
(select snapshot -> 'buyer', snapshot -> 'supplier' from order_revision
  where order_id = $2 and not exists (select from debit_note_parties where debit_note_id = $1)
  order by issued_at <= $3 desc, case when issued_at <= $3 then -revision else revision end limit 1)
"""


class DebitFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing. `state` takes codes with commas."""

    state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    contract_id: UUID | None = None
    order_id: UUID | None = None
    open: str | None = None


class DebitList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[DebitRow]
    newer: str | None
    older: str | None
    found: int


def _to_decide(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    return "d.state = 'proposed'"


OPEN = {"decide": Narrowing(_("Late deliveries to decide on"), _to_decide, DECIDE, "buyer_id")}


def reads_as_buyer(actor: Actor) -> bool:
    """On which side somebody stands; who is both reads as supplier unless deciding is their work."""
    return actor.is_buyer and (not actor.is_supplier or allowed(actor, DECIDE))


async def debit_row(view: View, debit_note_id: UUID) -> DebitNote:
    """The row for its reader: unseen is 404, not for their role 403."""
    note = await view.row(DebitNote, debit_note_id)
    require_seen(view.actor, READ, note)
    return note


async def debit_out(view: View, debit_note_id: UUID) -> DebitOut:
    return out_of(view.actor, await debit_row(view, debit_note_id))


async def snapshot_of_debit(view: View, debit_note_id: UUID) -> dict[str, Any]:
    """What the document says: the arithmetic of the claim, and whether it still stands. A proposal has none."""
    note = await debit_row(view, debit_note_id)
    if note.shown_to is None:
        raise Conflict(_("Nothing is claimed by this yet, so there is no document of it."), subject_id=note.id)
    parties = await view.one(_PRINTED_PARTIES, note.id, note.order_id, note.created_at)
    assert parties is not None, "what came late was ordered by an issued revision"
    return {"debit_note": {name: getattr(note, name) for name in (*_PRINTED, "revision")}, **dict(parties)}


def out_of(actor: Actor, note: DebitNote) -> DebitOut:
    out = DebitOut(
        **{name: getattr(note, name) for name in _OUT},
        buyer=PartyOut(note.buyer_id, note.buyer_name),
        supplier=PartyOut(note.supplier_id, note.supplier_name),
    )
    return visible(out, GUARDED, lambda permission: allowed(actor, permission))


async def debit_notes(
    view: View, chosen: DebitFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[DebitRow]:
    """One page for programs: without a count."""
    found = await debit_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page(found.rows, found.older)


async def debit_list(
    view: View,
    chosen: DebitFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> DebitList:
    """One page of the debit notes its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    where = " and ".join(_conditions(view.actor, chosen, bind))
    after, ending = order.sql("d", bind, limit)
    found = f"(select count(*) from (select from debit_note d where {where} limit {MOST_FOUND + 1}) f)"
    columns = f"{_columns()}, {found if counted else 0} as found"
    sql = f"select {columns} from debit_note d where {where} and {after} {ending}"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    rows = [_row_of(view.actor, record) for record in page.rows]
    return DebitList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def waiting_debits(view: View) -> tuple[int, list[DebitRow]]:
    """What waits for a decision: how many, and those that have waited longest."""
    bind = Bind(view.actor.organisation_id)
    where = f"d.buyer_id = $1 and d.state = 'proposed' and {scoped(view.actor, READ, 'd', bind)}"
    sql = (
        f"with d as (select * from debit_note d where {where} limit {MOST_FOUND}) "
        f"select {_columns()}, count(*) over () as waiting from d order by d.created_at limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return records[0]["waiting"] if records else 0, [_row_of(view.actor, record) for record in records]


def _columns() -> str:
    return ", ".join(f"d.{name}" for name in (*_ROW, "buyer_id", "buyer_name", "supplier_id", "supplier_name"))


def _row_of(actor: Actor, record: Any) -> DebitRow:
    row = DebitRow(
        **{name: record[name] for name in _ROW},
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
    )
    return visible(row, GUARDED, lambda permission: allowed(actor, permission))


def _conditions(actor: Actor, chosen: DebitFilter, bind: Bind) -> list[str]:
    parts = [f"d.{'buyer_id' if reads_as_buyer(actor) else 'shown_to'} = $1", scoped(actor, READ, "d", bind)]
    parts += [
        f"d.{name} = {bind(value)}"
        for name in ("supplier_id", "buyer_id", "contract_id", "order_id")
        if (value := getattr(chosen, name)) is not None
    ]
    if wanted := codes("state", chosen.state, NAMES):
        parts.append(f"d.state = any({bind(wanted)}::text[])")
    if waits := one_of("open", chosen.open, NARROWINGS["debit-note"]):
        parts.append(waits.sql(actor, bind))
    return parts
