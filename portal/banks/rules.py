"""What makes a bank account: its number by the rules of its country, as python-stdnum knows them.

A country whose banks have IBANs (ISO 13616) takes nothing else; elsewhere a number goes with the code of its bank.
"""

from collections.abc import Iterator
from typing import Final

from stdnum import bic as bic_rules
from stdnum import iban, numdb
from stdnum.us import rtn

from portal.platform.i18n import _
from portal.platform.problems import FieldError

IBAN: Final = _("This is no IBAN: characters are missing, or its check digits are wrong.")
SHORTEST: Final = 5


def compact(text: str) -> str:
    """Without blanks, hyphens and dots; letters large."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def has_iban(country: str) -> bool:
    """Whether accounts of this country have an IBAN."""
    return bool(numdb.get("iban").info(country)[0][1])


def problems(country: str, number: str, bank_code: str, bic: str) -> Iterator[FieldError]:
    """Everything that is wrong, by field."""
    plain = compact(number)
    if has_iban(country):
        yield from _of_iban(country, plain)
    elif iban.is_valid(plain):
        yield FieldError("country", _("This IBAN is of another country."))
    else:
        yield from _of_number(country, plain, compact(bank_code), bic)
    if bic and not bic_rules.is_valid(bic):
        yield FieldError(
            "bic", _("This is no BIC: it has 8 or 11 characters, such as {example}.", example="COBADEFFXXX")
        )


def _of_iban(country: str, plain: str) -> Iterator[FieldError]:
    if not iban.is_valid(plain):
        yield FieldError("number", IBAN)
    elif plain[:2] != country:
        yield FieldError("country", _("This IBAN is of another country."))


def _of_number(country: str, plain: str, bank_code: str, bic: str) -> Iterator[FieldError]:
    if not plain.isascii() or not SHORTEST <= len(plain) <= 34:
        yield FieldError("number", _("Enter the account’s number: 5 to 34 letters and digits."))
    if country == "CN" and not (len(bank_code) == 12 and bank_code.isdecimal()):
        yield FieldError("bank_code", _("Enter the bank’s CNAPS code (联行号) of 12 digits."))
    elif country == "US" and not rtn.is_valid(bank_code):
        yield FieldError("bank_code", _("Enter the bank’s routing number of 9 digits."))
    elif not bank_code and not bic:
        yield FieldError("bank_code", _("Enter the code of the bank, or its BIC."))


def masked(country: str, number: str) -> str:
    """What lists, mails and the log say of an account: `DE •••• 3000`; of a short number less."""
    plain = compact(number)
    return f"{country} •••• {plain[-4:] if len(plain) >= 8 else plain[-2:]}"


def identity(country: str, number: str, bank_code: str) -> str:
    """What is the same where two accounts are one, however they were written."""
    plain = compact(number)
    return plain if has_iban(country) else f"{country}:{compact(bank_code)}:{plain}"
