"""One service entry: as a row for a decision, and as its reader sees it."""

from typing import Any
from uuid import UUID

from portal.access.guards import allowed, require
from portal.organisations.forms import PartyOut
from portal.platform.decimals import total
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.refusals import Conflict, NotFound
from portal.platform.scope import visible
from portal.platform.work import View
from portal.services.forms import GUARDED, EntryOut, ServiceLineOut
from portal.services.queries.side import READ, readable
from portal.services.states import L, S
from portal.services.tables import ServiceEntry

_LINES = f"""
select {", ".join(ServiceLineOut.__struct_fields__)} from service_entry_line where entry_id = $1 order by position
"""
_OWN = {"buyer", "supplier", "net", "has_rejected", "lines"}


async def entry_row(view: View, entry_id: UUID) -> ServiceEntry:
    """The entry's row for its reader; unseen or outside the reader's scope is 404, not for their role 403."""
    require(view.actor, READ)
    bind = Bind(entry_id)
    within = readable(view.actor, "e", bind)
    record = await view.one(f"select e.*, {within} as readable_ from service_entry e where id = $1", *bind.values)
    if record is None or not record["readable_"]:
        raise NotFound()
    return ServiceEntry.of({name: value for name, value in record.items() if name != "readable_"})


async def entry_out(view: View, entry_id: UUID) -> EntryOut:
    return await out_of(view, await entry_row(view, entry_id))


async def snapshot_of_entry(view: View, entry_id: UUID) -> dict[str, Any]:
    """What the document says: the parties as the order named them when this was submitted, and each line with the
    buyer's answer so far. A draft has none, nor what was taken back."""
    entry = await entry_row(view, entry_id)
    if entry.submitted_at is None:
        raise Conflict(_("This was not submitted yet, so there is no document of it."), subject_id=entry_id)
    if entry.state == S.CANCELLED:
        raise Conflict(_("This was taken back, so there is no document of it."), subject_id=entry_id)
    lines = await view.fetch(_PRINTED_LINES, entry_id)
    parties = await view.one(_PARTIES, entry.order_id, entry.submitted_at)
    assert parties is not None, "what is performed was ordered by an issued revision"
    header = {name: getattr(entry, name) for name in _HEADER}
    taken = total(line["net"] for line in lines if line["state"] != L.REJECTED)
    return {"entry": header | {"net": taken}, "lines": [dict(line) for line in lines], **dict(parties)}


_HEADER = (
    "number", "order_number", "currency", "performed_from", "performed_until", "reference", "note", "state", "reason",
    "created_at", "submitted_at", "decided_at",
)  # fmt: skip
_PRINTED_LINES = """
select position, line, item_number, description, kind, quantity, unit, net, text, state, reason
from service_entry_line where entry_id = $1 order by position
"""
_PARTIES = """
select snapshot -> 'buyer' as buyer, snapshot -> 'supplier' as supplier from order_revision
where order_id = $1 order by issued_at <= $2 desc, case when issued_at <= $2 then -revision else revision end limit 1
"""


async def out_of(view: View, entry: ServiceEntry) -> EntryOut:
    """The whole entry behind its row, with prices for who may see them."""
    lines = await view.structs(ServiceLineOut, _LINES, entry.id)
    out = EntryOut(
        **{name: getattr(entry, name) for name in EntryOut.__struct_fields__ if name not in _OWN},
        buyer=PartyOut(entry.buyer_id, entry.buyer_name),
        supplier=PartyOut(entry.supplier_id, entry.supplier_name),
        net=total(line.net for line in lines if line.net is not None),
        has_rejected=any(line.state == L.REJECTED for line in lines),
        lines=lines,
    )
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))
