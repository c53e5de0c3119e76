"""Amounts in words, where a document needs them: yuan in the capital numerals that nobody alters with a stroke."""

from decimal import Decimal

from portal.platform.money import round_amount


def in_words(amount: Decimal | str | None, currency: str) -> str:
    """The amount in capital numerals behind 人民币, as the People's Bank of China asks of documents (Payment and
    Settlement Measures of 1997, annex 1, articles 1 to 5); empty for other currencies, where figures are enough.

    Raises `AmountTooLarge` from 10^15 on.
    """
    if currency != "CNY" or amount is None or amount == "":
        return ""
    from cn2an import an2cn  # pyright: ignore[reportMissingTypeStubs] a fifth of a second to load

    return f"人民币{an2cn(f'{round_amount(Decimal(amount), currency):f}', 'rmb')}"
