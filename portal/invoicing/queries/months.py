"""The invoices and credit notes of a time, as documents: what was sent, by the day on which it is dated."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from portal.invoicing.queries.credits import mine as my_credits
from portal.invoicing.queries.lists import SELLING
from portal.invoicing.queries.lists import mine as my_invoices
from portal.platform.paging import Bind
from portal.platform.work import View

_SQL: Final = """
select {row}.id, {row}.number, {row}.{party}_name as partner, {row}.issue_date as dated from {table} {row}
where {mine} and {row}.state <> 'draft' and {row}.issue_date >= {first} and {row}.issue_date < {until} and {partner}
order by {row}.issue_date, {row}.number, {row}.id limit {limit}
"""


async def invoices_of_month(
    view: View, side: str, first: date, until: date, partner_id: UUID | None, limit: int
) -> list[Any]:
    """Id, number, partner and date of those that the reader's `side` sent or got from `first` on and before `until`,
    of all partners or of one."""
    return await _found(view, "invoice", my_invoices, side, (first, until, partner_id, limit))


async def credits_of_month(
    view: View, side: str, first: date, until: date, partner_id: UUID | None, limit: int
) -> list[Any]:
    """The same of credit notes."""
    return await _found(view, "credit_note", my_credits, side, (first, until, partner_id, limit))


async def _found(view: View, table: str, mine: Any, side: str, asked: tuple[date, date, UUID | None, int]) -> list[Any]:
    bind, row = Bind(view.actor.organisation_id), table[0]
    party = "buyer" if side == SELLING else "supplier"
    first, until, partner_id, limit = asked
    told = {
        "mine": mine(view.actor, side, bind),
        "first": bind(first),
        "until": bind(until),
        "partner": f"{row}.{party}_id = {bind(partner_id)}" if partner_id else "true",
        "limit": bind(limit),
    }
    return await view.fetch(_SQL.format(row=row, party=party, table=table, **told), *bind.values)
