"""An invoice row as both sides read it: its sums by tax rate, allowances and charges, discounts, rates of exchange."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.invoicing.forms import (
    ChargeOut,
    DiscountOut,
    ExchangeOut,
    InvoiceLineOut,
    InvoiceOut,
    InvoiceSumsOut,
    OrderRef,
    PartOut,
    PaymentOut,
    TaxOut,
)
from portal.invoicing.queries.source import OrderHead
from portal.invoicing.rules import discounts, reason, terms_of, totals_of
from portal.invoicing.rules.terms import Discount
from portal.invoicing.states import status_code
from portal.invoicing.tables import CreditNote, Invoice, InvoiceLine
from portal.organisations.forms import PartyOut
from portal.platform.decimals import ZERO, difference, product
from portal.platform.money import round_amount
from portal.platform.totals import due_of
from portal.platform.work import View
from portal.platform.work.parts import rows_part

LINES = rows_part(InvoiceLine, "p.invoice_id = $1", "p.line")
_MADE = {
    *("status_code", "order", "orders", "buyer", "supplier", "totals", "payment", "overdue", "taxes", "allowances"),
    *("charges", "credited", "due_reason", "discounts", "exchange", "tax_exchange", "lines"),
    *("paid", "left", "payments"),
}


async def invoice_lines(view: View, invoice_id: UUID) -> list[InvoiceLineOut]:
    return [_line(row) for row in await view.part(LINES, invoice_id)]


def _line(row: InvoiceLine) -> InvoiceLineOut:
    known = row.__dict__
    line = InvoiceLineOut(*[known[name] for name in InvoiceLineOut.__struct_fields__])
    line.allowances, line.charges = _parts(line.allowances), _parts(line.charges)
    return line


def told(
    invoice: Invoice,
    orders: Sequence[OrderHead],
    lines: list[InvoiceLineOut],
    payment: PaymentOut,
    overdue: bool,
    credited: Decimal,
) -> InvoiceOut:
    own = {name: getattr(invoice, name) for name in InvoiceOut.__struct_fields__ if name not in _MADE}
    sums = totals_of(lines, invoice.allowances, invoice.charges, invoice.currency)
    return InvoiceOut(
        **own,
        status_code=status_code(invoice.state, invoice.match_state),
        order=OrderRef(invoice.order_id, invoice.order_number),
        orders=[OrderRef(order.id, order.number) for order in orders],
        buyer=PartyOut(invoice.buyer_id, invoice.buyer_name),
        supplier=PartyOut(invoice.supplier_id, invoice.supplier_name),
        totals=sums_out(vars(invoice)),
        payment=payment,
        overdue=overdue,
        taxes=[TaxOut(row.category, row.rate, row.base, row.tax) for row in sums.breakdown],
        allowances=charges_of(invoice.allowances),
        charges=charges_of(invoice.charges),
        credited=round_amount(credited, invoice.currency),
        due_reason=str(reason(terms_of(invoice))),
        discounts=[DiscountOut(*each) for each in discounts_of(invoice, credited)],
        exchange=exchange_of(invoice),
        tax_exchange=tax_exchange_of(invoice),
        paid=None,
        left=None,
        payments=[],
        lines=lines,
    )


def sums_out(said: Mapping[str, Any]) -> InvoiceSumsOut:
    """Of an invoice's row or record; what is nothing of it has the currency's decimals too."""
    prepaid, rounding = (round_amount(said[name], said["currency"]) for name in ("prepaid", "rounding"))
    due = due_of(said["gross"], prepaid, rounding)
    return InvoiceSumsOut(said["net"], said["tax"], said["gross"], prepaid, rounding, due)


def charges_of(kept: Sequence[Mapping[str, Any]]) -> list[ChargeOut]:
    """Allowances or charges on a whole document, as it keeps them."""
    return [msgspec.convert(each, ChargeOut, strict=False) for each in kept]


def discounts_of(invoice: Invoice, credited: Decimal = ZERO) -> list[Discount]:
    """The cash discounts that the terms allow on what is owed of this invoice: without what was credited of it."""
    return discounts(terms_of(invoice), invoice.base_date, difference(invoice.due, credited), invoice.currency)


def exchange_of(document: Invoice | CreditNote) -> ExchangeOut | None:
    """What the document is worth in the buyer's own currency."""
    if document.exchange_rate is None:
        return None
    worth = round_amount(product(document.gross, document.exchange_rate), document.own_currency)
    return ExchangeOut(
        *(document.own_currency, document.exchange_rate, document.exchange_date, document.exchange_source, worth)
    )


def tax_exchange_of(document: Invoice | CreditNote) -> ExchangeOut | None:
    """Its tax in the supplier's accounting currency (BT-111)."""
    if document.tax_exchange_rate is None:
        return None
    rate, day, source = document.tax_exchange_rate, document.tax_exchange_date, document.tax_exchange_source
    return ExchangeOut(document.tax_currency, rate, day, source, document.tax_accounting)


def _parts(kept: Sequence[Any]) -> list[PartOut]:
    return [msgspec.convert(each, PartOut, strict=False) for each in kept]
