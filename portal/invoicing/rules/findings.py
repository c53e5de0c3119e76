"""What stands in the way of an e-invoice, said to the supplier at the field that mends it, with the rule's id beside.

The rules are those of EN 16931-1 (BR-…); what is asked for beyond them stands in `national`.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from portal.invoicing.rules.national import Said, beyond
from portal.platform.einvoice.checker import Finding
from portal.platform.einvoice.model import Invoice
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError

_NUMBER = Said(
    "supplier.vat_number", _("Your company has no VAT number or tax number here, which this tax category asks for.")
)
_BOTH_NUMBERS = Said(
    "supplier.vat_number", _("This tax category asks for the VAT numbers of your company and of your customer.")
)
_ALONE = Said("lines", _("What is out of the scope of tax (O) stands on an invoice of its own."))
_IGIC = Said("lines", _("Factur-X takes IGIC (L) above 0 % only. Ask your customer to take UBL."))
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
    **dict.fromkeys(("BR-AF-05", "BR-AF-06", "BR-AF-07"), _IGIC),
    **dict.fromkeys(("BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"), _ALONE),
    **{f"BR-{kind}-{rule}": _NUMBER for kind in ("S", "Z", "E", "G", "AF", "AG") for rule in ("02", "03", "04")},
    **{f"BR-{kind}-{rule}": _BOTH_NUMBERS for kind in ("AE", "IC") for rule in ("02", "03", "04")},
}


def sentences(findings: Iterable[Finding]) -> list[FieldError]:
    """Each field once, with the first rule that speaks of it; what has no sentence of ours is told in the rule's own
    words, each once."""
    found: dict[str, FieldError] = {}
    told = [(finding, SENTENCES.get(finding.rule)) for finding in findings]
    alone = any(said is _ALONE for _finding, said in told)  # a document with category O names no VAT number
    for finding, said in told:
        if alone and said in (_NUMBER, _BOTH_NUMBERS):
            continue
        field = _field(said, finding)
        message = said.message if said else Message("{text}", {"text": finding.text})
        found.setdefault(
            field if said else f"{field} {finding.rule} {finding.text}",
            FieldError(field, _beside(message, finding.rule)),
        )
    return list(found.values())


def beyond_standard(document: Invoice, wanted: str) -> list[FieldError]:
    """What Peppol, a country or an authority asks for beyond the standard, and the document does not say."""
    return [FieldError(rule.said.field, _beside(rule.said.message, rule.id)) for rule in beyond(document, wanted)]


def _field(said: Said | None, finding: Finding) -> str:
    field = said.field if said else "lines"
    return f"lines.{finding.line - 1}" if field == "lines" and finding.line else field


def _beside(message: Message, rule: str) -> Message:
    return _("{sentence} ({rule})", sentence=message, rule=rule)
