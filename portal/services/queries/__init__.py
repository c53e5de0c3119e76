"""Everything that is read about service entries. One list is one statement; an entry is two."""

from portal.services.queries.lines import ServiceLine, services, services_of
from portal.services.queries.lists import (
    ENTRIES_OPEN,
    MOST_FOUND,
    EntryFilter,
    EntryList,
    entries,
    entries_of_order,
    entry_list,
    row_of,
    waiting_entries,
)
from portal.services.queries.one import entry_out, entry_row, out_of, snapshot_of_entry
from portal.services.queries.side import READ, readable, reads_as_buyer, side_of
from portal.services.queries.waiting import ORDERS_OPEN, to_enter

__all__ = [
    "ENTRIES_OPEN",
    "MOST_FOUND",
    "ORDERS_OPEN",
    "READ",
    "EntryFilter",
    "EntryList",
    "ServiceLine",
    "entries",
    "entries_of_order",
    "entry_list",
    "entry_out",
    "entry_row",
    "out_of",
    "readable",
    "reads_as_buyer",
    "row_of",
    "services",
    "services_of",
    "side_of",
    "snapshot_of_entry",
    "to_enter",
    "waiting_entries",
]
