"""One invoice: as its reader may see it, and the frozen snapshot documents are set from."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import allowed, require_seen
from portal.invoicing.forms import InvoiceOut, PaymentOut
from portal.invoicing.queries.delivered import delivery_of
from portal.invoicing.queries.matching import open_exceptions
from portal.invoicing.queries.paid import LEFT, payments_of
from portal.invoicing.queries.source import OrderHead, orders_of
from portal.invoicing.queries.told import discounts_of, invoice_lines, told
from portal.invoicing.rules import outlook, totals_of
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.decimals import ZERO, total
from portal.platform.guarded import FIELDS
from portal.platform.i18n import _
from portal.platform.money import round_amount
from portal.platform.refusals import Conflict
from portal.platform.scope import visible
from portal.platform.totals import Totals
from portal.platform.work import View
from portal.platform.work.parts import json_part

GUARDED = FIELDS["invoice"]


async def invoice_row(view: View, invoice_id: UUID, permission: str = "invoices:read") -> Invoice:
    """The invoice's row for its reader; unseen or outside their scope is 404, not for their role 403."""
    invoice, _orders = await seen(view, invoice_id, permission)
    return invoice


async def seen(view: View, invoice_id: UUID, permission: str = "invoices:read") -> tuple[Invoice, list[OrderHead]]:
    """The invoice with the orders it bills, at least one of which lies in the reader's part of the company."""
    invoice = await view.row(Invoice, invoice_id)
    orders = await orders_of(view, invoice_id)
    if not any(allowed(view.actor, permission, order) for order in orders):
        require_seen(view.actor, permission, orders[0])
    return invoice, orders


async def invoice_out(view: View, invoice_id: UUID) -> InvoiceOut:
    """The invoice with lines, tax breakdown and when it will be paid; prices hidden from who may not see them."""
    return await out_of(view, *await seen(view, invoice_id))


async def out_of(view: View, invoice: Invoice, orders: Sequence[OrderHead]) -> InvoiceOut:
    """The same for an invoice whose row and orders are at hand."""
    lines = await invoice_lines(view, invoice.id)
    payment, overdue, owed = await payment_of(view, invoice)
    out = told(invoice, orders, lines, payment, overdue, owed.credited)
    out.payments = await payments_of(view, invoice.id) if owed.payments else []
    standing = [each.amount or ZERO for each in out.payments if each.reversed_on is None]
    out.paid = round_amount(total(standing), invoice.currency)
    out.left = round_amount(max(owed.left, ZERO), invoice.currency)
    if view.actor.organisation_id != invoice.buyer_id:
        out.exchange = None
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))


class Owing(msgspec.Struct):
    """What credit notes took back of an invoice, what is left to pay, and how many payments were made; until when
    payments are held, and what day it is for the buyer and for the reader."""

    credited: Decimal
    left: Decimal
    payments: int
    held_until: date | None
    buyers: date
    readers: date


async def payment_of(view: View, invoice: Invoice) -> tuple[PaymentOut, bool, Owing]:
    """The day it is or will be paid, or who has to move first; whether that day has passed where the reader is; and
    what is owed of it."""
    days = await view.part(OWING, invoice.buyer_id, invoice.supplier_id, view.actor.time_zone, invoice.id)
    look = outlook(invoice, await open_exceptions(view, invoice.id), days.held_until, days.buyers)
    blocker = None if look.blocker is None else str(look.blocker)
    late = invoice.state == S.APPROVED and look.day is not None and invoice.payable_on < days.readers
    return PaymentOut(look.day, blocker, look.owner), late, days


async def today(view: View) -> date:
    """The day on the reader's wall, by the portal's clock."""
    return await view.value("select (portal.now() at time zone $1)::date", view.actor.time_zone)


_DAYS = f"""
select (select payments_held_until from trading_relationship where buyer_id = $1 and supplier_id = $2) as held_until,
  (portal.now() at time zone coalesce((select time_zone from organisation where id = $1), 'UTC'))::date as buyers,
  (portal.now() at time zone $3)::date as readers,
  (select coalesce(sum(gross + rounding), 0) from credit_note
   where invoice_id = $4 and state not in ('draft', 'rejected')) as credited,
  ({LEFT.format(invoice="$4")}) as left, (select count(*) from payment where invoice_id = $4) as payments
"""


# Of buyer and supplier, for a reader in this time zone, of an invoice whose sum does not change any more.
OWING = json_part(
    f"select row_to_json(owing) from ({_DAYS}) owing", Owing, ["trading_relationship", "credit_note", "payment"]
)


async def snapshot_of_invoice(view: View, invoice_id: UUID) -> dict[str, Any]:
    """The invoice as it was submitted; a draft has none."""
    await invoice_row(view, invoice_id)
    snapshot = await view.value("select snapshot from invoice_snapshot where invoice_id = $1", invoice_id)
    if snapshot is None:
        raise Conflict(_("This invoice was not submitted yet, so there is no document of it."), subject_id=invoice_id)
    return snapshot


async def submitted_snapshot(
    view: View,
    invoice: Invoice,
    orders: Sequence[OrderHead],
    lines: Sequence[InvoiceLine],
    numbers: Mapping[int, tuple[str, int]],
) -> dict[str, Any]:
    """Everything a document says of an invoice but the parties; `numbers` are order and order line by invoice line."""
    delivery = await delivery_of(view, invoice)
    advice = {"despatch_advice_number": delivery["despatch_advice_number"]}
    return {
        "invoice": {name: getattr(invoice, name) for name in _PRINTED} | advice,
        "orders": [{"id": order.id, "number": order.number} for order in orders],
        "deliver_to": orders[0].ship_to,
        "delivered": delivery["delivered"],
        "lines": [_printed(line, numbers[line.line]) for line in lines],
        "allowances": invoice.allowances,
        "charges": invoice.charges,
        "discounts": [each._asdict() for each in discounts_of(invoice)],
        "totals": msgspec.to_builtins(_totals(invoice, lines)),
    }


def _totals(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Totals:
    beside = {"prepaid": invoice.prepaid, "rounding": invoice.rounding}
    return totals_of(lines, invoice.allowances, invoice.charges, invoice.currency, **beside)


_PRINTED = (
    "id", "number", "order_number", "currency", "tax_method", "issue_date", "due_date", "payment_days",
    "payment_terms", "terms", "terms_due", "net", "tax", "gross", "submitted_at", "exemption_reason",
    "tax_currency", "tax_exchange_rate", "tax_exchange_date", "tax_exchange_source", "tax_accounting",
    "prepaid_reference",
)  # fmt: skip
_PRINTED_OF_LINE = (
    "line", "item_number", "description", "quantity", "unit", "unit_price", "base_quantity", "price_unit",
    "price_factor", "discount", "allowance", "charge", "allowances", "charges", "net", "tax_category", "tax_rate",
)  # fmt: skip


def _printed(line: InvoiceLine, ordered: tuple[str, int]) -> dict[str, Any]:
    order_number, order_line = ordered
    return {
        **{name: getattr(line, name) for name in _PRINTED_OF_LINE},
        "order_number": order_number,
        "order_line": order_line,
    }
