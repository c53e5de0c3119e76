"""The table of loads of the access policy, held against what the sealed log says of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from portal.access.loads import doubts, told
from portal.audit.faults import Fault
from portal.platform.actor import INSTALLATION
from portal.platform.late import Late

if TYPE_CHECKING:
    import psycopg
    from psycopg import rows
else:
    rows = Late("psycopg.rows")

# Asked here, not of the gate's function: whoever owns the database may have written that one anew. In no order: the
# check forbids sorting, and an order by id would read every entry for the few of these.
_TOLD: Final = """
select e.id as entry_id, s.position, e.leaf, e.mark, e.body -> 'data' -> 'loads' as loads
from audit_entry e left join audit_seal s on s.entry_id = e.id
where e.owner_id = %s and e.event in ('access-policy.loaded', 'access-policy.found')
"""
_LOADS: Final = "select * from policy_load order by at, id"


def faults_of_loads(connection: "psycopg.Connection[Any]") -> Iterator[Fault]:
    """What is wrong with the table; whether the entries are those that were sealed is for the check of the log."""
    cursor = connection.cursor(row_factory=rows.dict_row)
    said = told(cursor.execute(_TOLD, [INSTALLATION]).fetchall())
    for doubt in doubts(cursor.execute(_LOADS).fetchall(), said):
        entry = str(doubt.entry_id or "")
        yield Fault(doubt.kind, entry=entry, detail=f"load {doubt.load_id} of {doubt.at.isoformat()}")
