"""Codes of published lists in forms: exact, so `eur` and ` EUR` are no currency."""

import zoneinfo
from functools import cache
from typing import Any, Final

from babel.core import Locale
from babel.localedata import exists

from portal.platform import units
from portal.platform.fields.kind import FieldType, Listed
from portal.platform.i18n import Message, _
from portal.platform.money import CURRENCIES, MINOR_UNITS
from portal.platform.totals import CATEGORIES

# Two-letter codes in CLDR that are no country: groupings, islands with reserved codes, test regions.
NO_COUNTRY: Final = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))


class CurrencyCode(Listed):
    """ISO 4217."""

    pattern = "^[A-Z]{3}$"
    example = "EUR"

    @classmethod
    def admits(cls, text: str) -> bool:
        return text in MINOR_UNITS

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a currency as its ISO 4217 code, such as EUR.")

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return FieldType.schema(cls) | {"enum": list(CURRENCIES)}


class UnitCode(Listed):
    """UN/ECE Recommendation 20, with packages of Recommendation 21 behind an X."""

    pattern = "^[A-Z0-9]{2,3}$"
    example = "C62"

    @classmethod
    def admits(cls, text: str) -> bool:
        return units.known(text)

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a unit as its UN/ECE Recommendation 20 code, such as C62 (one) or KGM (kilogram).")


class TaxCategory(Listed):
    """UNCL 5305, as far as EN 16931 uses it for value added tax."""

    pattern = f"^({'|'.join(CATEGORIES)})$"
    example = "S"

    @classmethod
    def admits(cls, text: str) -> bool:
        return text in CATEGORIES

    @classmethod
    def expected(cls) -> Message:
        return _("Choose one of the tax categories {choices}.", choices=", ".join(CATEGORIES))


class CountryCode(Listed):
    """ISO 3166-1 alpha-2, and XK, which is in use for Kosovo."""

    pattern = "^[A-Z]{2}$"
    example = "DE"

    @classmethod
    def admits(cls, text: str) -> bool:
        return text in countries()

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a country as its ISO 3166 code of two letters, such as DE.")


class Language(Listed):
    """BCP 47, as far as CLDR knows the language."""

    pattern = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"
    example = "zh-Hans"

    @classmethod
    def admits(cls, text: str) -> bool:
        return exists(text.replace("-", "_"))

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a language code, such as en or zh-Hans.")


class TimeZone(Listed):
    """The tz database's name of a place, or UTC."""

    pattern = "^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)+)$"
    example = "Asia/Shanghai"

    @classmethod
    def admits(cls, text: str) -> bool:
        return text in _time_zones()

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a time zone such as Europe/Berlin or Asia/Shanghai.")


@cache
def countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2) - NO_COUNTRY


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
