"""Numbers that a register gives: what their check digits tell to be wrong is refused before a document says it.

The rules of each register are those of python-stdnum; whether a number was given to anybody only its register knows.
"""

from typing import Final

from stdnum import get_cc_module
from stdnum.cn import uscc
from stdnum.eu.vat import MEMBER_STATES

from portal.platform.fields.kind import Words
from portal.platform.fields.texts import Code
from portal.platform.i18n import Message, _

# What stands before a VAT number of the Union, Greece by its own name for itself, and Northern Ireland.
UNION: Final = frozenset(state.upper() for state in MEMBER_STATES - {"gr"}) | {"EL"}


def checked(digits: str) -> bool:
    """GS1's check digit: the last one, of the others three- and onefold from the right."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


class Gtin(Words):
    """A GS1 article number of 8, 12, 13 or 14 digits, the last of which checks the others."""

    pattern = "^([0-9]{8}|[0-9]{12,14})$"
    example = "4006381333931"

    @classmethod
    def admits(cls, text: str) -> bool:
        return checked(text)

    @classmethod
    def expected(cls) -> Message:
        return _(
            "Enter a GTIN of 8, 12, 13 or 14 digits with its right check digit, such as {example}.", example=cls.example
        )


class Gln(Words):
    """A GS1 number of a place or a party: 13 digits, the last of which checks the others."""

    pattern = "^[0-9]{13}$"
    example = "4000001000005"

    @classmethod
    def admits(cls, text: str) -> bool:
        return checked(text)

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a GLN of 13 digits with its right check digit, such as {example}.", example=cls.example)


class VatNumber(Code):
    """A number for value added tax. One that begins with a country of the Union is checked by that country's rule."""

    example = "DE136695976"
    longest = 30

    @classmethod
    def admits(cls, text: str) -> bool:
        prefix = text[:2].upper()
        return super().admits(text) and (prefix not in UNION or _right(prefix, text))

    @classmethod
    def expected(cls) -> Message:
        return _("This is no VAT number: its check digit is wrong, or characters are missing. One is {example}.",
                 example=cls.example)  # fmt: skip


def vat_problem(country: str, number: str) -> Message | None:
    """What is wrong with a VAT number of a company in this country, beyond what the number itself shows."""
    ours = "EL" if country == "GR" else country
    if number[:2].upper() in UNION:
        return None
    if ours in UNION:
        return _("A VAT number of this country begins with {prefix}.", prefix=ours)
    return None if _right(country, number) else _("This is no VAT number of {country}.", country=country)


def registration_problem(country: str, number: str) -> Message | None:
    """What is wrong with the number of a company in this country's register, where every company has a checked one."""
    if country == "CN" and not uscc.is_valid(number):
        return _(
            "Enter the unified social credit code (统一社会信用代码): 18 characters, the last one checks the others."
        )
    return None


def _right(country: str, number: str) -> bool:
    """Whether the country's rule takes it; a country whose rule nobody wrote down takes all."""
    rule = get_cc_module(country.lower().replace("el", "gr"), "vat")
    return rule is None or rule.is_valid(number)
