"""An e-invoice that somebody brings: what it says in the terms of EN 16931, and what it says beyond them."""

from typing import Final, NamedTuple

from portal.platform.einvoice import cii
from portal.platform.einvoice.incoming import LeftOut, left_out, read_in, root_of
from portal.platform.einvoice.model import Invoice
from portal.platform.einvoice.reading import syntax_of
from portal.platform.i18n import _
from portal.platform.refusals import Invalid

PDF: Final = b"%PDF-"
HEAD: Final = 1024  # bytes within which a PDF begins (ISO 32000-1, annex H, 3.4.1)


class Arrived(NamedTuple):
    """The invoice of a file, its syntax (`ubl` or `cii`), and what of the file the model has no term for."""

    document: Invoice
    syntax: str
    left_out: tuple[LeftOut, ...]


def is_pdf(data: bytes) -> bool:
    """By its bytes: what a file is called counts for nothing."""
    return PDF in data[:HEAD]


def invoice_from(xml: bytes) -> Arrived:
    """Raises Invalid for what is neither a UBL 2.1 Invoice or CreditNote nor a CII, TooLarge past 10 MB."""
    root = root_of(xml)
    syntax = syntax_of(root)
    if syntax is None:
        message = _("This is no e-invoice: neither a UBL 2.1 Invoice or CreditNote nor a Cross Industry Invoice.")
        raise Invalid.field("", message)
    document = read_in(root, syntax, Invoice)
    return Arrived(document, "cii" if syntax is cii.INVOICE else "ubl", tuple(left_out(root, syntax, document)))
