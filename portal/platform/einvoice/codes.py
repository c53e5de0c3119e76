"""The code lists that electronic documents take their codes from, as far as the portal says them by itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

# Specification (BT-24) and process (BT-23).
EN16931: Final = "urn:cen.eu:en16931:2017"
BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
PEPPOL: Final = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG: Final = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"

INVOICE: Final = "380"  # UNTDID 1001
CREDIT_NOTE: Final = "381"
# UNTDID 4461: what was agreed before and is not stated again; Danish sellers have no code for that (DK-R-005), so
# theirs is an instrument that the document does not define.
MEANS_AGREED: Final = "57"
MEANS_UNDEFINED: Final[Mapping[str, str]] = {"DK": "1"}

GLN: Final = "0088"  # ISO 6523 ICD, also an EAS
GTIN: Final = "0160"
MAIL: Final = "EM"  # EAS
# EAS: lists of VAT numbers by the country that gives them.
EAS_OF_VAT: Final[Mapping[str, str]] = {
    "AT": "9914", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "DK": "0198",
    "EE": "9931", "EL": "9933", "ES": "9920", "FI": "0213", "FR": "9957", "GB": "9932", "GR": "9933", "HR": "9934",
    "HU": "9910", "IE": "9935", "IT": "0211", "LI": "9936", "LT": "9937", "LU": "9938", "LV": "9939", "MC": "9940",
    "MT": "9943", "NL": "9944", "PL": "9945", "PT": "9946", "RO": "9947", "RS": "9948",
    "SI": "9949", "SK": "9950", "SM": "9951", "TR": "9952",
}  # fmt: skip
# EAS: lists of companies' numbers that VAT numbers of their country are made of.
EAS_IN_VAT: Final[Mapping[str, tuple[str, str]]] = {"NO": ("0192", r"NO([0-9]{9})"), "SE": ("0007", r"SE([0-9]{10})")}


class Register(NamedTuple):
    """A register whose numbers a country asks for by its list (ISO 6523 ICD), and what they look like, in front of
    which stands what the list has there."""

    scheme: str
    pattern: str
    prefix: str = ""


REGISTERS: Final[Mapping[str, Sequence[Register]]] = {
    "DK": (Register("0184", r"[0-9]{8}", "DK"),),  # CVR
    "IS": (Register("0196", r"[0-9]{10}"),),  # kennitala
    "NL": (Register("0106", r"[0-9]{8}"), Register("0190", r"[0-9]{20}")),  # KVK, OIN
}


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


def registration(number: str, country: str) -> tuple[str, str]:
    """(BT-30 or BT-47, its list): the list is named where a country asks for it, and the number is of it."""
    plain = re.sub(r"[\s.\-]", "", number.upper())
    for register in REGISTERS.get(country, ()):
        bare = plain.removeprefix(register.prefix)
        if re.fullmatch(register.pattern, bare):
            return f"{register.prefix}{bare}", register.scheme
    return number, ""


def endpoint(party: Mapping[str, Any]) -> tuple[str, str]:
    """(address, EAS) under which a party gets electronic documents: its GLN, its VAT number or the company's own
    number in that, else its mailbox."""
    if gln := party.get("gln"):
        return str(gln), GLN
    number = vat_number(party.get("vat_number") or "")
    if number and (scheme := EAS_OF_VAT.get(number[:2])):
        return number, scheme
    scheme, pattern = EAS_IN_VAT.get(number[:2], ("", ""))
    if scheme and (within := re.match(pattern, number)):
        return within[1], scheme
    return (str(party["email"]), MAIL) if party.get("email") else ("", "")
