"""What belongs to a record, for evidence about it: of an order its answers, changes, despatch advices, receipts and
returns, service entries, invoices, credit notes and debit notes; of an invoice its credit notes. Each is a record with
entries of its own. Row-level security leaves out what the reader may not see.
"""

from typing import Final
from uuid import UUID

import msgspec

from portal.audit.queries import EntryFilter
from portal.platform.ids import id_of
from portal.platform.work import View

_NAMED: Final = """
select distinct subject_id as id from audit_entry
where subject = $1 and subject_kind <> 'request' and (owner_id = $2 or shown_to = $2)
"""
_OF_ORDER: Final = (
    *("select id from order_response where order_id = any($1)", "select id from order_change where order_id = any($1)"),
    "select advice_id from despatch_line where order_id = any($1)",
    "select receipt_id from goods_receipt_line where order_id = any($1)",
    "select id from service_entry where order_id = any($1)",
    "select id from debit_note where order_id = any($1)",
    "select id from bill",
    "select id from credit_note where order_id = any($1) or invoice_id in (select id from bill)",
    "select credit_note_id from credit_note_line where order_id = any($1)",
)
_BELONGS: Final = f"""
with bill as (select id from invoice where id = any($1) or order_id = any($1)
  union select invoice_id from invoice_line where order_id = any($1))
{" union ".join(_OF_ORDER)}
"""


async def followed(view: View, chosen: EntryFilter) -> EntryFilter:
    """The same question, asked of what belongs to its record as well; as it is where nothing does, or nobody named a
    record."""
    if not chosen.object:
        return chosen
    named = id_of(chosen.object)
    found = await view.fetch(_NAMED, chosen.object, view.actor.organisation_id) if named is None else ()
    records = [named] if named is not None else [row["id"] for row in found]
    belongs = await _belongs(view, records) if records else []
    if not set(belongs) - set(records):
        return chosen
    return msgspec.structs.replace(chosen, object=None, records=tuple(dict.fromkeys([*records, *belongs])))


async def _belongs(view: View, records: list[UUID]) -> list[UUID]:
    return sorted(row["id"] for row in await view.fetch(_BELONGS, records))
