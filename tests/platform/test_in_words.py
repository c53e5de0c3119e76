"""Yuan in capital numerals, as banks read them."""

from decimal import Decimal

import pytest

from portal.platform.in_words import in_words
from portal.platform.money import AmountTooLarge


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("1.05", "壹元零伍分"),
        ("10.00", "壹拾元整"),
        ("10.50", "壹拾元伍角"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000001.10", "壹亿零壹元壹角"),
        ("1000000000", "壹拾亿元整"),
        ("999999999999999.99", "玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_yuan_are_said_in_capital_numerals(amount, words):
    assert in_words(Decimal(amount), "CNY") == f"人民币{words}"


def test_an_amount_is_rounded_before_it_is_said():
    assert in_words(Decimal("10.005"), "CNY") == in_words(Decimal("10.01"), "CNY") == "人民币壹拾元零壹分"
    assert in_words("1E+1", "CNY") == "人民币壹拾元整"
    with pytest.raises(AmountTooLarge):
        in_words(Decimal(10) ** 15, "CNY")


def test_other_currencies_say_nothing():
    assert {in_words(Decimal(5), "EUR"), in_words(None, "CNY"), in_words("", "CNY")} == {""}
