"""One service entry: as a row for a decision, and as its reader sees it."""

from uuid import UUID

from portal.access.guards import allowed, require
from portal.organisations.forms import PartyOut
from portal.platform.decimals import total
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.refusals import Denied, NotFound
from portal.platform.scope import visible
from portal.platform.work import View
from portal.services.forms import GUARDED, EntryOut, ServiceLineOut
from portal.services.queries.side import READ, readable
from portal.services.states import L
from portal.services.tables import ServiceEntry

_LINES = f"""
select {", ".join(ServiceLineOut.__struct_fields__)} from service_entry_line where entry_id = $1 order by position
"""
_OWN = {"buyer", "supplier", "net", "has_rejected", "lines"}


async def entry_row(view: View, entry_id: UUID) -> ServiceEntry:
    """The entry's row for its reader; unseen is 404, seen but outside the reader's role or scope 403."""
    require(view.actor, READ)
    bind = Bind(entry_id)
    within = readable(view.actor, "e", bind)
    record = await view.one(f"select e.*, {within} as readable_ from service_entry e where id = $1", *bind.values)
    if record is None:
        raise NotFound()
    if not record["readable_"]:
        raise Denied(_("This lies outside the part of the company that you look after."))
    return ServiceEntry.of({name: value for name, value in record.items() if name != "readable_"})


async def entry_out(view: View, entry_id: UUID) -> EntryOut:
    return await out_of(view, await entry_row(view, entry_id))


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
