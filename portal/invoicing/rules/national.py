"""What is asked for beyond the standard: by Peppol BIS Billing 3.0 (PEPPOL-…), by the countries whose sellers use it,
and by XRechnung 3.0 (BR-DE-…). Nobody offers these as a package that is kept, so they are predicates here.

Only what a document of ours can break stands here; what it keeps by itself the stories hold against the official rules.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from portal.platform.einvoice import codes
from portal.platform.einvoice.model import Invoice, Party
from portal.platform.i18n import Message, _


class Said(NamedTuple):
    """A sentence, and the field that mends what it says."""

    field: str
    message: Message


class Rule(NamedTuple):
    """A rule's id, whether a document keeps it, and what is said otherwise; `sellers` and `buyers` are the country that
    it holds for, "" any."""

    id: str
    kept: Callable[[Invoice], bool]
    said: Said
    sellers: str = ""
    buyers: str = ""

    def holds(self, document: Invoice) -> bool:
        sides = ((self.sellers, document.seller), (self.buyers, document.buyer))
        return all(country in ("", party.address.country) for country, party in sides)


_MAIL: Final = re.compile(r"[^@\s.][^@\s]*@[^@\s]+[^@\s.]")
_SELLER_REGISTER: Final = "supplier.registration_number"


def _placed(party: Party) -> bool:
    return bool(party.address.street and party.address.city and party.address.postal_code)


def _phone(document: Invoice) -> str:
    return document.seller.contact.phone if document.seller.contact else ""


def _email(document: Invoice) -> str:
    return document.seller.contact.email if document.seller.contact else ""


def _delivered_somewhere(document: Invoice) -> bool:
    place = document.delivery.address if document.delivery else None
    return place is None or bool(place.city and place.postal_code)


# By the number that XRechnung (BR-DE-3) and Peppol between Germans (DE-R-003) have in common.
GERMAN: Final[Sequence[tuple[int, Callable[[Invoice], bool], Said]]] = (
    (3, lambda i: bool(i.seller.address.city), Said("supplier.city", _("Your address has no city."))),
    (
        4,
        lambda i: bool(i.seller.address.postal_code),
        Said("supplier.postal_code", _("Your address has no postal code.")),
    ),
    (
        6,
        lambda i: len(re.findall(r"\d", _phone(i))) >= 3,
        Said("supplier.phone", _("Your company has no telephone number here, which your customer asks for.")),
    ),
    (
        7,
        lambda i: _MAIL.fullmatch(_email(i)) is not None,
        Said("supplier.email", _("Your company has no e-mail address here, which your customer asks for.")),
    ),
    (8, lambda i: bool(i.buyer.address.city), Said("buyer.city", _("Your customer’s address has no city."))),
    (
        9,
        lambda i: bool(i.buyer.address.postal_code),
        Said("buyer.postal_code", _("Your customer’s address has no postal code.")),
    ),
    (
        11,
        _delivered_somewhere,
        Said("deliver_to.postal_code", _("The place that the goods came to has no city or no postal code.")),
    ),
    (
        15,
        lambda i: bool(i.buyer_reference),
        Said("buyer_reference", _("Your customer has not said yet which reference (Leitweg-ID) its invoices bear.")),
    ),
)
XRECHNUNG: Final = (
    *(Rule(f"BR-DE-{number}", kept, said) for number, kept, said in GERMAN),
    Rule(
        "PEPPOL-EN16931-R020",
        lambda i: bool(i.seller.endpoint),
        Said("supplier.gln", _("Your company has no electronic address: a GLN, a VAT number or an e-mail address.")),
    ),
    Rule(
        "PEPPOL-EN16931-R010",
        lambda i: bool(i.buyer.endpoint),
        Said("buyer.gln", _("Your customer has no electronic address: a GLN, a VAT number or an e-mail address.")),
    ),
)
_PLACE: Final = Said("supplier.address", _("Your address needs a street, a city and a postal code."))
PEPPOL: Final = (
    Rule(
        "PEPPOL-EN16931-R020",
        lambda i: i.seller.endpoint_scheme not in ("", codes.MAIL),
        Said("supplier.gln", _("Your company has no address in Peppol: a GLN or a VAT number.")),
    ),
    Rule(
        "PEPPOL-EN16931-R010",
        lambda i: i.buyer.endpoint_scheme not in ("", codes.MAIL),
        Said("buyer.gln", _("Your customer has no address in Peppol: a GLN or a VAT number.")),
    ),
    Rule(
        "PEPPOL-EN16931-R003",
        lambda i: bool(i.buyer_reference or i.order),
        Said("buyer_reference", _("Your customer has not said yet which reference its invoices bear.")),
    ),
    *(Rule(f"DE-R-{number:03}", kept, said, "DE", "DE") for number, kept, said in GERMAN),
    Rule("NL-R-002", lambda i: _placed(i.seller), _PLACE, "NL"),
    Rule(
        "NL-R-003",
        lambda i: bool(i.seller.registration_scheme),
        Said(_SELLER_REGISTER, _("Your company needs its KVK number (8 digits) or OIN (20 digits) here.")),
        "NL",
    ),
    Rule(
        "NL-R-004",
        lambda i: _placed(i.buyer),
        Said("buyer.address", _("Your customer’s address needs a street, a city and a postal code.")),
        "NL",
        "NL",
    ),
    Rule(
        "NL-R-005",
        lambda i: bool(i.buyer.registration_scheme or not i.buyer.registration),
        Said("buyer.registration_number", _("Your customer’s register number is no KVK number or OIN.")),
        "NL",
        "NL",
    ),
    Rule(
        "DK-R-014",
        lambda i: bool(i.seller.registration_scheme),
        Said(_SELLER_REGISTER, _("Your company needs its CVR number (8 digits) here.")),
        "DK",
    ),
    Rule(
        "NO-R-001",
        lambda i: not i.seller.vat_number or re.fullmatch(r"NO[0-9]{9}MVA", i.seller.vat_number) is not None,
        Said("supplier.vat_number", _("A Norwegian VAT number is NO, nine digits and MVA.")),
        "NO",
    ),
    Rule(
        "SE-R-001",
        lambda i: not i.seller.vat_number or re.fullmatch(r"SE[0-9]{12}", i.seller.vat_number) is not None,
        Said("supplier.vat_number", _("A Swedish VAT number is SE and twelve digits.")),
        "SE",
    ),
    Rule(
        "SE-R-006",
        lambda i: all(row.rate in (25, 12, 6) for row in i.taxes if row.category == "S"),
        Said("lines", _("A Swedish seller’s standard rates are 25, 12 and 6 %.")),
        "SE",
    ),
    Rule("IT-R-002", lambda i: _placed(i.seller), _PLACE, "IT"),
    Rule(
        "IS-R-002",
        lambda i: bool(i.seller.registration_scheme),
        Said(_SELLER_REGISTER, _("Your company needs its kennitala (10 digits) here.")),
        "IS",
    ),
    Rule("IS-R-003", lambda i: _placed(i.seller), _PLACE, "IS"),
    Rule(
        "IS-R-004",
        lambda i: bool(i.buyer.registration_scheme),
        Said("buyer.registration_number", _("Your customer needs its kennitala (10 digits) here.")),
        "IS",
        "IS",
    ),
    Rule(
        "GR-R-004-1",
        lambda i: False,
        Said(
            "supplier.country",
            _(
                "Greek sellers’ invoices to Peppol bear a number of the tax authority (MARK), which this portal cannot "
                "get. Ask your customer to take Factur-X."
            ),
        ),
        "GR",
    ),
)
_ASKED: Final = {"ubl": PEPPOL, "xrechnung": XRECHNUNG}


def keeps_peppol(document: Invoice) -> bool:
    return not any(_broken(document, PEPPOL))


def beyond(document: Invoice, wanted: str) -> Iterator[Rule]:
    """The rules beyond the standard that the document breaks, of those that come with what its buyer asked for."""
    return _broken(document, _ASKED.get(wanted, ()))


def _broken(document: Invoice, rules: Sequence[Rule]) -> Iterator[Rule]:
    return (rule for rule in rules if rule.holds(document) and not rule.kept(document))
