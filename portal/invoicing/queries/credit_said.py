"""What a credit note says, as it is kept when it is sent and as its draft would be."""

from collections.abc import Sequence
from typing import Any, Final

from portal.invoicing.queries.einvoices import parties_of
from portal.invoicing.queries.source import OrderHead, ordered_as
from portal.invoicing.tables import CreditNote, CreditNoteLine
from portal.organisations.queries import Terms
from portal.platform.decimals import ZERO
from portal.platform.work import View

_PRINTED: Final = (
    "id", "number", "kind", "reason", "exemption_reason", "invoice_number", "invoice_date", "currency", "issue_date",
    "net", "tax", "gross", "submitted_at", "tax_currency", "tax_exchange_rate",
    "tax_exchange_date", "tax_exchange_source", "tax_accounting",
)  # fmt: skip
_PRINTED_OF_LINE: Final = (
    "line", "item_number", "description", "quantity", "unit", "unit_price", "base_quantity", "price_unit",
    "price_factor", "discount", "allowance", "charge", "net", "tax_category", "tax_rate",
)  # fmt: skip


async def credit_said(
    view: View, note: CreditNote, rows: Sequence[CreditNoteLine], orders: Sequence[OrderHead], agreement: Terms
) -> dict[str, Any]:
    """Its document is set from this and never from live rows."""
    ordered = await ordered_as(view, rows)
    return {
        "credit_note": {name: getattr(note, name) for name in _PRINTED},
        "orders": [{"id": order.id, "number": order.number} for order in orders],
        "lines": [_printed(row, ordered[row.line]) for row in rows],
        "allowances": note.allowances,
        "charges": note.charges,
        "totals": {
            "lines": note.lines_net, "allowances": note.allowances_net, "charges": note.charges_net,
            "net": note.net, "tax": note.tax, "gross": note.gross, "breakdown": note.taxes, "prepaid": ZERO,
            "rounding": note.rounding, "due": note.due,
        },
        **parties_of(agreement),
    }  # fmt: skip


def _printed(row: CreditNoteLine, ordered: tuple[str, int]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _PRINTED_OF_LINE}
    return said | dict(zip(("order_number", "order_line"), ordered, strict=True))
