"""Lists of contracts: one statement a page, each naming its reader's side."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.contracts.forms import ContractRow
from portal.contracts.queries.one import GUARDED
from portal.contracts.states import KINDS, NAMES
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of
from portal.platform.scope import visible
from portal.platform.search import begins
from portal.platform.wiring import NARROWINGS, Narrowing
from portal.platform.work import View

READ = "contracts:read"
SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "ends": Sort("valid_to", date.fromisoformat, "date"),
}
MOST_FOUND = 1000
_SHOWN = 8
_PLAIN = [name for name in ContractRow.__struct_fields__ if name not in ("buyer", "supplier")]
_COLUMNS = f"{', '.join(f'c.{name}' for name in _PLAIN)}, c.buyer_id, c.buyer_name, c.supplier_id, c.supplier_name"


class ContractFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing, but amendments that took effect
    are found by the contract that they amend alone. `state` takes codes with commas, `query` begins a number."""

    state: str | None = None
    kind: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    amends_id: UUID | None = None
    query: str | None = None
    open: str | None = None


class ContractList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[ContractRow]
    newer: str | None
    older: str | None
    found: int


def _to_answer(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    return (
        "((c.state = 'in_negotiation' and c.agreed_at is null and c.objection = '') "
        "or (c.state = 'awaiting_signatures' and c.recorded_at is not null))"
    )


def _to_approve(actor: Actor, bind: Callable[[Any], str]) -> str:
    may = scoped(actor, "contracts:approve", "c", bind)
    return f"c.state = 'in_negotiation' and c.agreed_at is not null and {may}"


OPEN = {
    "answer": Narrowing(_("Contracts to answer"), _to_answer, "contracts:respond", "shown_to"),
    "approve": Narrowing(_("Contracts to approve"), _to_approve, "contracts:approve", "buyer_id"),
}


def reads_as_buyer(actor: Actor) -> bool:
    """On which side of contracts somebody stands; who is both reads as supplier if answering them is their work."""
    return actor.is_buyer and not allowed(actor, "contracts:respond")


async def contracts(
    view: View, chosen: ContractFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[ContractRow]:
    """One page of the contracts its reader may see, for programs: without a count."""
    found = await contract_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page(found.rows, found.older)


async def contract_list(
    view: View,
    chosen: ContractFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> ContractList:
    """One page of the contracts its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    where = " and ".join(_conditions(view.actor, chosen, bind))
    after, ending = order.sql("c", bind, limit)
    found = f"(select count(*) from (select from contract c where {where} limit {MOST_FOUND + 1}) f)"
    sql = f"select {_COLUMNS}, {found if counted else 0} as found from contract c where {where} and {after} {ending}"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    rows = [row_of(view.actor, record) for record in page.rows]
    return ContractList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def waiting_contracts(view: View, name: str) -> tuple[int, list[ContractRow]]:
    """What waits for its reader under one of `OPEN`: how many, and those that have waited longest."""
    waits, bind = OPEN[name], Bind(view.actor.organisation_id)
    where = f"c.{waits.side} = $1 and {waits.sql(view.actor, bind)} and {scoped(view.actor, READ, 'c', bind)}"
    sql = (
        f"with c as (select * from contract c where {where} limit {MOST_FOUND}) "
        f"select {_COLUMNS}, count(*) over () as waiting from c order by c.created_at limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return records[0]["waiting"] if records else 0, [row_of(view.actor, record) for record in records]


def row_of(actor: Actor, record: Any) -> ContractRow:
    row = ContractRow(
        **{name: record[name] for name in _PLAIN},
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
    )
    return visible(row, GUARDED, lambda permission: allowed(actor, permission))


def _conditions(actor: Actor, chosen: ContractFilter, bind: Bind) -> list[str]:
    side = "buyer_id" if reads_as_buyer(actor) else "shown_to"
    parts = [f"c.{side} = $1", scoped(actor, READ, "c", bind)]
    parts += [
        f"c.{name} = {bind(value)}"
        for name in ("supplier_id", "buyer_id", "amends_id")
        if (value := getattr(chosen, name)) is not None
    ]
    if chosen.amends_id is None:
        parts.append("(c.amends_id is null or c.applied_at is null)")
    for name, known in (("state", NAMES), ("kind", KINDS)):
        if wanted := codes(name, getattr(chosen, name), known):
            parts.append(f"c.{name} = any({bind(wanted)}::text[])")
    if words := (chosen.query or "").strip():
        parts.append(begins("c.number", words.upper(), bind))
    if waits := one_of("open", chosen.open, NARROWINGS["contract"]):
        parts.append(waits.sql(actor, bind))
    return parts
