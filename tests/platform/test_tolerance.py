"""Tolerances are exact: nothing is nothing, a blank asks the next level, unlimited is said."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.tolerance import NONE, Tolerance, agrees, allows, allows_day, ceiling, resolve, slack

D = Decimal
UNLIMITED = Tolerance(unlimited=True)
SILENT = Tolerance()


def percent(value: str, **more) -> Tolerance:
    return Tolerance(percent=D(value), **more)


def test_zero_percent_never_lets_two_thousandths_of_a_hundred_through():
    assert not allows(percent("0"), D("100"), D("100.002"))
    assert allows(percent("0"), D("100"), D("100"))


def test_ten_percent_is_exact_at_its_edge():
    assert allows(percent("10"), D("0.3"), D("0.33"))
    assert not allows(percent("10"), D("0.3"), D("0.330000000000000000000000000000001"))


def test_the_nearest_level_that_says_anything_decides():
    order, item, supplier, company = None, SILENT, percent("5"), percent("10")
    assert resolve([order, item, supplier, company]) == supplier


def test_none_at_the_order_beats_ten_percent_of_the_company():
    assert resolve([percent("0"), None, None, percent("10")]) == percent("0")


def test_a_level_that_speaks_is_not_filled_up_from_below():
    chosen = resolve([percent("0"), Tolerance(absolute=D("5"))])
    assert not allows(chosen, D("100"), D("101"))


def test_where_nobody_says_anything_there_is_none():
    assert resolve([]) == NONE
    assert resolve([None, SILENT]) == NONE
    assert ceiling(D("100"), NONE) == D("100")


def test_unlimited_is_said_and_has_no_ceiling():
    chosen = resolve([UNLIMITED, percent("0")])
    assert ceiling(D("100"), chosen) is None
    assert allows(chosen, D("1"), D("999999999999"))
    assert agrees(chosen, D("1"), D("0"))


def test_a_blank_is_not_unlimited():
    assert not allows(SILENT, D("1"), D("2"))


def test_with_both_parts_any_takes_the_wider_and_all_the_narrower():
    wider = Tolerance(absolute=D("3"), percent=D("1"))
    assert ceiling(D("100"), wider) == D("103")
    assert ceiling(D("1000"), wider) == D("1010")
    assert ceiling(D("100"), msgspec.structs.replace(wider, combine="all")) == D("101")


def test_a_blank_part_narrows_nothing():
    assert ceiling(D("100"), percent("10", combine="all")) == D("110")


def test_a_price_may_be_off_on_either_side():
    tolerance = percent("2")
    assert agrees(tolerance, D("10"), D("9.80"))
    assert not agrees(tolerance, D("10"), D("9.79"))
    assert not agrees(tolerance, D("10"), D("10.21"))


def test_a_percentage_of_a_credit_counts_its_size():
    assert agrees(percent("10"), D("-100"), D("-109"))


def test_a_promise_may_be_late_by_whole_days():
    three = Tolerance(absolute=D("3"), percent=D("50"))
    assert allows_day(three, date(2026, 2, 27), date(2026, 3, 2))
    assert not allows_day(three, date(2026, 2, 27), date(2026, 3, 3))
    assert allows_day(NONE, date(2026, 2, 27), date(2026, 2, 1))
    assert not allows_day(NONE, date(2026, 2, 27), date(2026, 2, 28))
    assert allows_day(UNLIMITED, date(2026, 2, 27), date(2030, 1, 1))


@pytest.mark.parametrize("value", ["-0.01", "NaN", "Infinity"])
def test_a_tolerance_is_never_negative_or_endless(value):
    with pytest.raises(ValueError, match="never negative"):
        Tolerance(absolute=D(value))


parts = st.none() | st.decimals(min_value=0, max_value=1000, places=4)
tolerances = st.builds(
    Tolerance, absolute=parts, percent=parts, unlimited=st.booleans(), combine=st.sampled_from(["any", "all"])
)
figures = st.decimals(min_value=0, max_value=10**9, places=6)


@settings(max_examples=200, deadline=None)
@given(tolerances, figures, figures)
def test_what_is_allowed_is_what_fractions_say(tolerance, reference, actual):
    limits = [Fraction(tolerance.absolute)] if tolerance.absolute is not None else []
    if tolerance.percent is not None:
        limits.append(Fraction(reference) * Fraction(tolerance.percent) / 100)
    room = (min if tolerance.combine == "all" else max)(limits, default=0)
    expected = tolerance.unlimited or Fraction(actual) <= Fraction(reference) + room
    assert allows(tolerance, reference, actual) is expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | tolerances, max_size=4))
def test_resolving_picks_one_level_unchanged(chain):
    speaking = [level for level in chain if level and not level.silent]
    assert resolve(chain) == (speaking[0] if speaking else NONE)
    room = slack(resolve(chain), D("100"))
    assert room is None or room >= 0
