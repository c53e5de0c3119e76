"""What an invoice or a credit note comes to, and what is due of it (EN 16931-1, BR-CO-16)."""

from decimal import Decimal

import msgspec


class InvoiceTotalsOut(msgspec.Struct):
    net: Decimal | None
    tax: Decimal | None
    gross: Decimal | None


class InvoiceSumsOut(InvoiceTotalsOut):
    """`due` is what is asked for: `gross` less what was paid before (`prepaid`), made round (`rounding`)."""

    prepaid: Decimal | None
    rounding: Decimal | None
    due: Decimal | None


class CreditSumsOut(InvoiceTotalsOut):
    """`due` is what is given back: `gross`, made round (`rounding`) as the invoice was."""

    rounding: Decimal | None
    due: Decimal | None
