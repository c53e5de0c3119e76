"""Invoices with the same number."""

from datetime import date
from uuid import UUID

import msgspec

from portal.platform.work import Change


class Numbered(msgspec.Struct):
    id: UUID
    number: str
    state: str
    issue_date: date
    currency: str
    gross_minor: int


async def same_number(
    change: Change, supplier_id: UUID, buyer_id: UUID, number_key: str, *, but: UUID
) -> list[Numbered]:
    """The supplier's other invoices of this number to the buyer, rejected ones left out.

    Until the change ends nobody else can take the number, so that of two at once the second one sees the first.
    """
    taken = f"{supplier_id}{buyer_id}{number_key}"
    await change.value("select pg_advisory_xact_lock(hashtextextended($1, 0))", taken)
    return await change.structs(
        Numbered,
        "select id, number, state, issue_date, currency, gross_minor from invoice where supplier_id = $1 "
        "and buyer_id = $2 and number_key = $3 and state <> 'rejected' and id <> $4 order by created_at",
        *(supplier_id, buyer_id, number_key, but),
    )
