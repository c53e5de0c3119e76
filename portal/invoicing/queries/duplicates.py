"""Invoices with the same number."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from portal.invoicing.states import S
from portal.invoicing.tables import Invoice
from portal.platform.work import Change, View
from portal.platform.work.parts import Turn, json_part


class Numbered(msgspec.Struct):
    id: UUID
    number: str
    state: str
    issue_date: date
    currency: str
    gross_minor: int


class Taken(Numbered):
    """Such an invoice, and whom it is for."""

    buyer_id: UUID


# Of a supplier, by the number as invoices are compared; rejected ones left out.
NUMBERED = json_part(
    """select coalesce(json_agg(found), '[]') from (
      select id, number, state, issue_date, currency, gross_minor, buyer_id from invoice
      where supplier_id = $1 and number_key = $2 and state <> 'rejected' order by created_at) found""",
    list[Taken],
    ["invoice"],
)


def turn_of(supplier_id: UUID, number_key: str) -> Turn:
    """Whoever gives an invoice this number waits for others who do."""
    return Turn.at("invoice", supplier_id, number_key)


class Versions(NamedTuple):
    """The invoice that corrects a rejected one, and the rejected one that it corrects; both bear the same number."""

    corrected_by: Numbered | None
    corrects: Numbered | None


async def versions(view: View, invoice: Invoice) -> Versions:
    """What bears the invoice's number and bills the same orders, as far as its reader sees it."""
    sql = (
        "select id, number, state, issue_date, currency, gross_minor, created_at > $5 as is_later from invoice "
        "where supplier_id = $1 and buyer_id = $2 and number_key = $3 and id <> $4 and id in (select l.invoice_id "
        "from invoice_line own join invoice_line l on l.order_id = own.order_id where own.invoice_id = $4) "
        "order by created_at"
    )
    records = await view.fetch(
        sql, *(invoice.supplier_id, invoice.buyer_id, invoice.number_key, invoice.id, invoice.created_at)
    )
    rows = [(Numbered(**{name: row[name] for name in Numbered.__struct_fields__}), row["is_later"]) for row in records]
    later = [each for each, is_later in rows if is_later and invoice.state == S.REJECTED]
    before = [each for each, is_later in rows if not is_later and each.state == S.REJECTED]
    return Versions(later[0] if later else None, before[-1] if before else None)


async def number_to_reuse(view: View, invoice_id: str) -> str:
    """The number of one's own rejected invoice, for the corrected one; blank if the id is none of those."""
    sql = "select number from invoice where id::text = $1 and supplier_id = $2 and state = 'rejected'"
    return (await view.value(sql, invoice_id, view.actor.organisation_id) or "") if invoice_id else ""


async def same_number(
    change: Change, supplier_id: UUID, buyer_id: UUID, number_key: str, *, but: UUID
) -> list[Numbered]:
    """The supplier's other invoices of this number to the buyer, rejected ones left out.

    Until the change ends nobody else can take the number, so that of two at once the second one sees the first.
    """
    await change.turn(turn_of(supplier_id, number_key))
    found = await change.part(NUMBERED, supplier_id, number_key)
    return [each for each in found if each.buyer_id == buyer_id and each.id != but]
