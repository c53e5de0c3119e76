"""What stands in the way of an e-invoice, said to the supplier at the field that mends it, with the rule's id beside.

The rules are those of EN 16931-1 (BR-…) and of XRechnung 3.0 (BR-DE-…), which German authorities ask for.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from portal.platform.einvoice.checker import Finding
from portal.platform.einvoice.model import Invoice
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError


class Said(NamedTuple):
    field: str
    message: Message


_NUMBER = Said(
    "supplier.vat_number", _("Your company has no VAT number or tax number here, which this tax category asks for.")
)
_BOTH_NUMBERS = Said(
    "supplier.vat_number", _("This tax category asks for the VAT numbers of your company and of your customer.")
)
_ALONE = Said("lines", _("What is out of the scope of tax (O) stands on an invoice of its own."))
# By the id of the rule; what ends in `-` is the beginning of a family.
SENTENCES: Final[Mapping[str, Said]] = {
    "BR-09": Said("supplier.country", _("Your company’s address has no country.")),
    "BR-11": Said("buyer.country", _("Your customer’s address has no country.")),
    "BR-27": Said("lines", _("A price is never below nothing. Bill a negative quantity instead.")),
    "BR-CL-23": Said("lines", _("A line has a unit that is not in the list of UN/ECE.")),
    "BR-CO-09": Said("supplier.vat_number", _("A VAT number begins with the letters of its country.")),
    "BR-CO-25": Said("due_date", _("Say by when the invoice is to be paid.")),
    "BR-CO-26": Said(
        "supplier.registration_number", _("Your company needs a VAT number, a register number or a GLN here.")
    ),
    "BR-E-10": Said("exemption_reason", _("Say why there is no tax on what is exempt (category E).")),
    "BR-IC-11": Said("lines", _("An intra-community supply says when the goods came: they have not come yet.")),
    "BR-IC-12": Said("deliver_to.country", _("An intra-community supply says which country the goods came to.")),
    **dict.fromkeys(("BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"), _ALONE),
    **{f"BR-{kind}-{rule}": _NUMBER for kind in ("S", "Z", "E", "G", "AF", "AG") for rule in ("02", "03", "04")},
    **{f"BR-{kind}-{rule}": _BOTH_NUMBERS for kind in ("AE", "IC") for rule in ("02", "03", "04")},
}


class National(NamedTuple):
    """A rule of XRechnung, and whether a document keeps it."""

    rule: str
    kept: Callable[[Invoice], bool]
    said: Said


_MAIL: Final = re.compile(r"[^@\s.][^@\s]*@[^@\s]+[^@\s.]")
XRECHNUNG: Final[Sequence[National]] = (
    National("BR-DE-3", lambda i: bool(i.seller.address.city), Said("supplier.city", _("Your address has no city."))),
    National(
        "BR-DE-4",
        lambda i: bool(i.seller.address.postal_code),
        Said("supplier.postal_code", _("Your address has no postal code.")),
    ),
    National(
        "BR-DE-6",
        lambda i: i.seller.contact is not None and len(re.findall(r"\d", i.seller.contact.phone)) >= 3,
        Said("supplier.phone", _("Your company has no telephone number here, which your customer asks for.")),
    ),
    National(
        "BR-DE-7",
        lambda i: i.seller.contact is not None and _MAIL.fullmatch(i.seller.contact.email) is not None,
        Said("supplier.email", _("Your company has no e-mail address here, which your customer asks for.")),
    ),
    National(
        "BR-DE-8", lambda i: bool(i.buyer.address.city), Said("buyer.city", _("Your customer’s address has no city."))
    ),
    National(
        "BR-DE-9",
        lambda i: bool(i.buyer.address.postal_code),
        Said("buyer.postal_code", _("Your customer’s address has no postal code.")),
    ),
    National(
        "BR-DE-15",
        lambda i: bool(i.buyer_reference),
        Said("buyer_reference", _("Your customer has not said yet which reference (Leitweg-ID) its invoices bear.")),
    ),
    National(
        "PEPPOL-EN16931-R020",
        lambda i: bool(i.seller.endpoint),
        Said("supplier.gln", _("Your company has no electronic address: a GLN, a VAT number or an e-mail address.")),
    ),
    National(
        "PEPPOL-EN16931-R010",
        lambda i: bool(i.buyer.endpoint),
        Said("buyer.gln", _("Your customer has no electronic address: a GLN, a VAT number or an e-mail address.")),
    ),
)


def sentences(findings: Iterable[Finding]) -> list[FieldError]:
    """Each field once, with the first rule that speaks of it; what has no sentence of ours is told in the rule's own
    words, each once."""
    found: dict[str, FieldError] = {}
    for finding in findings:
        said = SENTENCES.get(finding.rule)
        field = _field(said, finding)
        message = said.message if said else Message("{text}", {"text": finding.text})
        found.setdefault(
            field if said else f"{field} {finding.rule} {finding.text}",
            FieldError(field, _beside(message, finding.rule)),
        )
    return list(found.values())


def national(document: Invoice) -> list[FieldError]:
    """What XRechnung asks for beyond the standard, and the document does not say."""
    broken = (each for each in XRECHNUNG if not each.kept(document))
    return [FieldError(each.said.field, _beside(each.said.message, each.rule)) for each in broken]


def _field(said: Said | None, finding: Finding) -> str:
    field = said.field if said else "lines"
    return f"lines.{finding.line - 1}" if field == "lines" and finding.line else field


def _beside(message: Message, rule: str) -> Message:
    return _("{sentence} ({rule})", sentence=message, rule=rule)
