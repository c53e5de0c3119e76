"""What an invoice was paid before it was written (BT-113), and what makes the rest round (BT-114)."""

from collections.abc import Iterator

from portal.invoicing.forms import InvoiceEdit, InvoiceForm
from portal.invoicing.rules import unfit
from portal.invoicing.tables import Invoice
from portal.platform.i18n import _
from portal.platform.refusals import FieldError


def set_advance(invoice: Invoice, form: InvoiceForm | InvoiceEdit) -> None:
    """What the form leaves out stays. `set_totals` refuses what does not fit the invoice's sums."""
    for name in ("prepaid", "prepaid_reference", "rounding"):
        if (said := getattr(form, name)) is not None:
            setattr(invoice, name, said)


def undue(invoice: Invoice) -> Iterator[FieldError]:
    """What is wrong with them."""
    for name, message in unfit(invoice.prepaid, invoice.rounding, invoice.gross, invoice.currency):
        yield FieldError(name, message)
    if invoice.prepaid_reference and not invoice.prepaid:
        yield FieldError("prepaid", _("Say how much was paid already, or leave the reference empty."))
