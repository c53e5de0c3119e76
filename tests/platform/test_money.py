"""Amounts round half up, per part, to at most two decimals, and never depend on the ambient context."""

from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from math import floor
from typing import cast

import pytest
from babel.core import get_global
from babel.numbers import get_currency_precision, list_currencies
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.money import (
    CURRENCIES,
    LIMIT,
    MINOR_UNITS,
    AmountTooLarge,
    decimals,
    line_net,
    round_amount,
)

D = Decimal
prices = st.decimals(min_value=0, max_value=D("99999999.99999999"), places=8)
quantities = st.decimals(min_value=D("0.000001"), max_value=D("999999.999999"), places=6)

# Where CLDR counts the coins that are still used and ISO 4217 the minor unit on paper.
CASH_ONLY_IN_CLDR = "AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SOS SYP YER"


def independently_rounded(value: Fraction, places: int) -> Fraction:
    scaled = abs(value) * 10**places
    rounded = Fraction(floor(scaled + Fraction(1, 2)), 10**places)
    return rounded if value >= 0 else -rounded


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("2.675", "EUR", "2.68"),
        ("1.0049999999", "EUR", "1.00"),
        ("-0.001", "EUR", "0.00"),
        ("0.5", "JPY", "1"),
        ("1.2345", "KWD", "1.23"),
        ("1.23456", "CLF", "1.23"),
    ],
)
def test_amounts_round_half_up_to_the_document_decimals(value, currency, expected):
    assert str(round_amount(D(value), currency)) == expected


@pytest.mark.parametrize("value", [LIMIT, -LIMIT, D("999999999999999.995"), D("1e300"), D("Infinity")])
def test_an_amount_of_ten_to_the_fifteenth_is_refused(value):
    with pytest.raises(AmountTooLarge, match="no document can carry"):
        round_amount(value, "EUR")


def test_the_largest_amount_is_kept_to_the_cent():
    assert round_amount(D("999999999999999.994"), "EUR") == D("999999999999999.99")


def test_minor_units_follow_iso_where_cldr_counts_cash():
    differing = {code for code in CURRENCIES if MINOR_UNITS[code] != get_currency_precision(code)}
    assert differing == set(CASH_ONLY_IN_CLDR.split())


def test_every_currency_in_use_somewhere_is_known():
    tender = {
        currency
        for entries in get_global("territory_currencies").values()
        for currency, start, end, is_tender in entries
        if start and not end and is_tender
    }
    withdrawn = {"BGN", "CUC", "ANG", "ZWL", "SLL", "XXX"}
    assert tender - set(CURRENCIES) <= withdrawn
    assert set(CURRENCIES) - {"XAD", "XCG", "ZWG"} <= list_currencies()


def test_an_unknown_currency_is_a_programming_error():
    with pytest.raises(KeyError):
        decimals("XYZ")


def test_a_price_for_three_is_divided_before_it_is_rounded():
    assert line_net(D("10"), D("2"), "EUR", base_quantity=D("3")) == D("6.67")


def test_pieces_ordered_and_kilograms_priced_use_the_frozen_factor():
    assert line_net(D("4.20"), D("100"), "EUR", factor=D("0.375")) == D("157.50")


def test_each_part_of_a_line_is_rounded_on_its_own():
    net = line_net(D("0.335"), D("1"), "EUR", discount=D("1.5"), allowances=[D("0.005")], charges=[D("0.015")])
    assert net == D("0.34") - D("0.01") - D("0.01") + D("0.02")


def test_a_line_whose_net_no_document_can_carry_is_refused():
    with pytest.raises(AmountTooLarge):
        line_net(D("999999999999"), D("999999999999"), "EUR")


@settings(max_examples=200, deadline=None)
@given(prices, quantities, quantities, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_line_equals_an_independent_reckoning_with_fractions(price, quantity, base, currency):
    exact = Fraction(price) * Fraction(quantity) / Fraction(base)
    if exact >= 10**15 - 1:
        return
    assert Fraction(line_net(price, quantity, currency, base_quantity=base)) == independently_rounded(
        exact, decimals(currency)
    )


def test_a_narrow_ambient_context_changes_nothing():
    reckoned = line_net(D("12345678.12345678"), D("99999.999999"), "EUR", base_quantity=D("7"))
    with localcontext() as context:
        context.prec = 3
        assert line_net(D("12345678.12345678"), D("99999.999999"), "EUR", base_quantity=D("7")) == reckoned
    assert getcontext().prec == 28


def test_floats_never_enter():
    with pytest.raises(TypeError):
        round_amount(cast(Decimal, 1.5), "EUR")
