"""The rates of exchange that a document keeps when it is sent: what it is worth to the buyer, and its tax to the
supplier's tax office (BT-6, BT-111)."""

from datetime import date
from decimal import Decimal

from portal.invoicing.tables import CreditNote, Invoice
from portal.organisations.queries import Rate, Terms, rate_of
from portal.platform.decimals import product
from portal.platform.money import round_amount
from portal.platform.work import Change


async def keep_rates(change: Change, document: Invoice, agreement: Terms) -> None:
    """The newest rates of both sides up to the invoice's date, each in its side's own currency.

    Where a side has no rate, nothing is kept, and nothing can be told in its currency.
    """
    if agreement.buyer_currency != document.currency:
        theirs = await rate_of(change, document.buyer_id, document.currency, document.issue_date)
        document.own_currency, document.exchange_rate, document.exchange_date, document.exchange_source = _said(theirs)
    if agreement.supplier_currency != document.currency:
        own = await rate_of(change, document.supplier_id, document.currency, document.issue_date)
        (
            document.tax_currency,
            document.tax_exchange_rate,
            document.tax_exchange_date,
            document.tax_exchange_source,
        ) = _said(own)
    _set_tax(document)


def take_rates(note: CreditNote, invoice: Invoice) -> None:
    """A credit note takes those of its invoice, so that one takes back what the other claimed."""
    for name in _KEPT:
        setattr(note, name, getattr(invoice, name))
    _set_tax(note)


def _set_tax(document: Invoice | CreditNote) -> None:
    if document.tax_exchange_rate is not None:
        in_accounting = product(document.tax, document.tax_exchange_rate)
        document.tax_accounting = round_amount(in_accounting, document.tax_currency)


def _said(rate: Rate | None) -> tuple[str, Decimal | None, date | None, str]:
    return ("", None, None, "") if rate is None else (rate.into_currency, rate.rate, rate.valid_on, rate.source)


_KEPT = (
    "own_currency", "exchange_rate", "exchange_date", "exchange_source",
    "tax_currency", "tax_exchange_rate", "tax_exchange_date", "tax_exchange_source",
)  # fmt: skip
