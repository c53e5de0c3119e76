"""The lists of invoices and of credit notes as files."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import allowed, may
from portal.invoicing import queries
from portal.invoicing.forms import CREDIT_KINDS
from portal.invoicing.pages.credits import ListForm as CreditListForm
from portal.invoicing.pages.credits import credit_filter_of
from portal.invoicing.pages.lists import MATCHES, ListForm, filter_of
from portal.invoicing.states import CREDIT_NAMES, NAMES
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.web.listing import Column, Listing, Rows, as_files, local

_PARTIES = (
    Column(_("Customer"), lambda row: row.buyer.name),
    Column(_("Supplier"), lambda row: row.supplier.name),
)
_MONEY = (
    Column(_("Currency"), lambda row: row.currency),
    Column(_("Net"), lambda row: row.totals.net),
    Column(_("Tax"), lambda row: row.totals.tax),
    Column(_("Total"), lambda row: row.totals.gross),
)
_DUE = (
    Column(_("Paid already"), lambda row: row.totals.prepaid),
    Column(_("Rounding"), lambda row: row.totals.rounding),
    Column(_("To be paid"), lambda row: row.totals.due),
)
_GIVEN_BACK = (
    Column(_("Rounding"), lambda row: row.totals.rounding),
    Column(_("Given back"), lambda row: row.totals.due),
)


def _invoices(actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda invoice: invoice.number),
        Column(_("State"), lambda invoice: NAMES[invoice.state]),
        Column(_("Match"), lambda invoice: MATCHES.get(invoice.match_state, "")),
        Column(_("Order"), lambda invoice: invoice.order.number),
        *_PARTIES,
        Column(_("Invoice date"), lambda invoice: invoice.issue_date),
        Column(_("Due"), lambda invoice: invoice.due_date),
        Column(_("To be paid by"), lambda invoice: invoice.payable_on),
        local(actor, _("Submitted"), lambda invoice: invoice.submitted_at),
        *((*_MONEY, *_DUE) if allowed(actor, "prices:read") else ()),
    ]


def _credits(actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda credit: credit.number),
        Column(_("State"), lambda credit: CREDIT_NAMES[credit.state]),
        Column(_("Kind"), lambda credit: CREDIT_KINDS[credit.kind]),
        Column(_("Invoice"), lambda credit: credit.invoice_number),
        *_PARTIES,
        Column(_("Date"), lambda credit: credit.issue_date),
        local(actor, _("Submitted"), lambda credit: credit.submitted_at),
        *((*_MONEY, *_GIVEN_BACK) if allowed(actor, "prices:read") else ()),
    ]


async def _fetch_invoices(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.invoices(view, filter_of(asked), sort=asked.sort or "-created", cursor=cursor, limit=limit)
    return page.items, page.next_cursor


async def _fetch_credits(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.credits(view, credit_filter_of(asked), cursor=cursor, limit=limit)
    return page.rows, page.older


HANDLERS = [
    *as_files(Listing("/invoices", "invoices", ListForm, _invoices, _fetch_invoices), may("invoices:read")),
    *as_files(
        Listing("/credit-notes", "credit-notes", CreditListForm, _credits, _fetch_credits), may("credit-notes:read")
    ),
]
