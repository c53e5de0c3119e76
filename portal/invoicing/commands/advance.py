"""What an invoice was paid before it was written (BT-113), and what makes the rest round (BT-114)."""

from collections.abc import Iterator

from portal.invoicing.commands.parts import too_fine
from portal.invoicing.forms import InvoiceEdit, InvoiceForm
from portal.invoicing.tables import Invoice
from portal.platform.decimals import ZERO, plain, scale
from portal.platform.i18n import _
from portal.platform.money import decimals
from portal.platform.refusals import FieldError


def set_advance(invoice: Invoice, form: InvoiceForm | InvoiceEdit) -> None:
    """What the form leaves out stays. `set_totals` refuses what does not fit the invoice's sums."""
    for name in ("prepaid", "prepaid_reference", "rounding"):
        if (said := getattr(form, name)) is not None:
            setattr(invoice, name, said)


def undue(invoice: Invoice) -> Iterator[FieldError]:
    """What is wrong with them: nobody paid more before than the invoice comes to, and nothing less than nothing is due.

    A currency without decimals has no rounding: less than one unit of it is nothing.
    """
    told = {"gross": plain(invoice.gross), "currency": invoice.currency}
    for name in ("prepaid", "rounding"):
        if scale(getattr(invoice, name)) > decimals(invoice.currency):
            yield FieldError(name, too_fine(invoice.currency))
    if invoice.prepaid and invoice.prepaid > invoice.gross:
        yield FieldError("prepaid", _("The invoice comes to {gross} {currency}: no more was paid of it.", **told))
    elif invoice.rounding and invoice.due < ZERO:
        yield FieldError("rounding", _("With this rounding less than nothing would be due."))
    if invoice.prepaid_reference and not invoice.prepaid:
        yield FieldError("prepaid", _("Say how much was paid already, or leave the reference empty."))
