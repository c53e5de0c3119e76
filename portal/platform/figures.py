"""Numbers as people write them: digits in threes, with the signs that CLDR has for the reader's language.

One way for all that people read: pages, documents, mails and the sentences of refusals. Programs get `decimals.plain`.
"""

from decimal import Decimal
from functools import cache
from typing import Final

from babel.numbers import get_decimal_symbol, get_group_symbol

from portal.platform.decimals import scale

LOCALES: Final = {"en": "en_GB", "zh-Hans": "zh_Hans_CN"}


def locale_of(language: str) -> str:
    """The CLDR locale whose forms a language's readers get; an unknown language reads English ones."""
    return LOCALES.get(language, LOCALES["en"])


def figure(value: Decimal, language: str, least: int | None = None, most: int | None = None) -> str:
    """The number with at least and at most so many decimals (as many as it has, where neither is said).

    Less than nothing has a minus sign (U+2212), as wide as a digit, and not a hyphen at which a line may break.
    """
    least = scale(value) if least is None else least
    text = f"{value:,.{least if most is None else most}f}".replace("-", "−")
    if most is not None and most > least:
        whole, _point, decimals = text.partition(".")
        decimals = decimals[:least] + decimals[least:].rstrip("0")
        text = f"{whole}.{decimals}" if decimals else whole
    signs = _signs(locale_of(language))
    return text if signs is None else text.translate(signs)


@cache
def _signs(locale: str) -> dict[int, str] | None:
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    return None if (group, point) == (",", ".") else {ord(","): group, ord("."): point}
