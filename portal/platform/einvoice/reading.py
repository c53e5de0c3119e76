"""XML from outside, read without being led anywhere: no document type, no entities, no addresses, no bombs."""

from typing import Any, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.platform.einvoice import cii, ubl
from portal.platform.einvoice.model import Invoice
from portal.platform.einvoice.syntax import Syntax, read

MOST_BYTES: Final = 10_000_000
SYNTAXES: Final[dict[str, Syntax]] = {
    f"{{{ubl.INVOICE_NAMESPACE}}}Invoice": ubl.INVOICE,
    f"{{{ubl.CREDIT_NAMESPACE}}}CreditNote": ubl.CREDIT_NOTE,
    f"{{{cii.NAMESPACE}}}CrossIndustryInvoice": cii.INVOICE,
}


class Garbled(ValueError):
    """Not XML that is read here: `large`, `doctype` or `malformed`."""


def parse(data: bytes) -> Any:
    """The root element; raises Garbled."""
    if len(data) > MOST_BYTES:
        raise Garbled("large")
    # Nothing is expanded before the tree stands: libxml2 keeps references as they are, and loads nothing.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Garbled("malformed") from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Garbled("doctype")
    return root


def syntax_of(root: Any) -> Syntax | None:
    """Of what kind the document is; None if it is none that is read here."""
    return SYNTAXES.get(root.tag)


def invoice_in(root: Any) -> Invoice | None:
    """What an invoice or credit note says; None if it is something else. Raises Unreadable."""
    syntax = syntax_of(root)
    return None if syntax is None else read(syntax, root, Invoice)
