"""The code lists that electronic documents take their codes from, as far as the portal says them by itself."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

# Specification (BT-24) and process (BT-23).
EN16931: Final = "urn:cen.eu:en16931:2017"
BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
PEPPOL: Final = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG: Final = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"

INVOICE: Final = "380"  # UNTDID 1001
CREDIT_NOTE: Final = "381"
# UNTDID 4461: an instrument that the document does not define.
MEANS_AGREED: Final = "1"

GLN: Final = "0088"  # ISO 6523 ICD, also an EAS
GTIN: Final = "0160"
MAIL: Final = "EM"  # EAS
# EAS: lists of VAT numbers by the country that gives them.
EAS_OF_VAT: Final[Mapping[str, str]] = {
    "AT": "9914", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "DK": "0198",
    "EE": "9931", "EL": "9933", "ES": "9920", "FI": "0213", "FR": "9957", "GB": "9932", "GR": "9933", "HR": "9934",
    "HU": "9910", "IE": "9935", "IT": "0211", "LI": "9936", "LT": "9937", "LU": "9938", "LV": "9939", "MC": "9940",
    "MT": "9943", "NL": "9944", "NO": "9908", "PL": "9945", "PT": "9946", "RO": "9947", "RS": "9948", "SE": "9955",
    "SI": "9949", "SK": "9950", "SM": "9951", "TR": "9952",
}  # fmt: skip


class Exemption(NamedTuple):
    """Why a category bears no tax (BT-120), and the code for it (BT-121, CEF VATEX)."""

    reason: str
    code: str


# Category E alone has many reasons, and whoever bills must name one.
EXEMPTIONS: Final[Mapping[str, Exemption]] = {
    "AE": Exemption("Reverse charge", "VATEX-EU-AE"),
    "K": Exemption("Intra-community supply", "VATEX-EU-IC"),
    "G": Exemption("Export outside the EU", "VATEX-EU-G"),
    "O": Exemption("Not subject to VAT", "VATEX-EU-O"),
}
# Where the number of the register of companies is the one that taxes are paid under.
TAXED_BY_REGISTER: Final = frozenset({"CN"})
_VAT_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,}")


def vat_number(written: str) -> str:
    """A VAT number as BT-31 asks for it, the code of its country in front and no blanks; "" if it has no such code."""
    number = re.sub(r"[\s.\-/]", "", written.upper())
    return number if _VAT_NUMBER.fullmatch(number) else ""


def endpoint(party: Mapping[str, Any]) -> tuple[str, str]:
    """(address, EAS) under which a party gets electronic documents: its GLN, its VAT number, else its mailbox."""
    if gln := party.get("gln"):
        return str(gln), GLN
    number = vat_number(party.get("vat_number") or "")
    if number and (scheme := EAS_OF_VAT.get(number[:2])):
        return number, scheme
    return (str(party["email"]), MAIL) if party.get("email") else ("", "")
