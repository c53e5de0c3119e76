"""Units are the codes of UN/ECE Recommendations 20 and 21; only quantities of one dimension convert, exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform import units
from portal.platform.i18n import use_language
from portal.platform.units import COMMON, UNITS, Incompatible, convert, converts, factor, known, name, short

D = Decimal
convertible = sorted(code for code, unit in UNITS.items() if unit.dimension)


def test_the_whole_code_list_is_there():
    assert len(UNITS) == 2162
    assert all(unit.name for unit in UNITS.values())
    assert {"C62", "H87", "EA", "KGM", "XBX", "XPX", "ZZ", "P1"} <= UNITS.keys()


@pytest.mark.parametrize("code", ["kgm", " KGM", "KGM ", "", "PCS", "KG", "ＫＧＭ"])
def test_codes_are_exact(code):
    assert not known(code)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_no_two_common_units_are_called_alike_and_none_by_its_code(language):
    use_language(language)
    try:
        said = {code: str(short(code)) for code in COMMON}
    finally:
        use_language("en")
    assert len(set(said.values())) == len(said)
    assert [code for code, words in said.items() if words == code] == []
    assert str(short("NO")) == "NO"


def test_common_units_are_known_and_named():
    assert COMMON.keys() <= UNITS.keys()
    assert str(name("KGM")) == "kilogram"
    assert name("XAE") == "aerosol"
    assert name("no such code") == "no such code"
    assert units.choices()[0][0] == "C62"


# Each by its definition: (amount, unit) is (amount, unit).
DEFINITIONS = [
    ("1", "KGM", "1000", "GRM"),
    ("1", "TNE", "1000", "KGM"),
    ("1", "LBR", "16", "ONZ"),
    ("1", "LBR", "7000", "GRN"),
    ("1", "STN", "2000", "LBR"),
    ("1", "LTN", "2240", "LBR"),
    ("1", "STI", "14", "LBR"),
    ("1", "LBT", "12", "APZ"),
    ("1", "APZ", "480", "GRN"),
    ("1", "DWT", "24", "GRN"),
    ("1", "SCR", "20", "GRN"),
    ("1", "FOT", "12", "INH"),
    ("1", "YRD", "3", "FOT"),
    ("1", "SMI", "5280", "FOT"),
    ("1", "M50", "660", "FOT"),
    ("1", "X1", "66", "FOT"),
    ("1", "AK", "6", "FOT"),
    ("1", "INH", "25.4", "MMT"),
    ("1", "MIK", "640", "ACR"),
    ("1", "ACR", "4840", "YDK"),
    ("1", "FTK", "144", "INK"),
    ("1", "H18", "10000", "MTK"),
    ("1", "MTQ", "1000", "LTR"),
    ("1", "LTR", "1000", "CMQ"),
    ("1", "GLL", "231", "INQ"),
    ("1", "GLL", "4", "QTL"),
    ("1", "GLL", "128", "OZA"),
    ("1", "GLI", "160", "OZI"),
    ("1", "GLI", "4.54609", "LTR"),
    ("1", "BLL", "42", "GLL"),
    ("1", "BUA", "8", "GLD"),
    ("1", "BUI", "8", "GLI"),
    ("1", "FTQ", "1728", "INQ"),
    ("1", "YDQ", "27", "FTQ"),
    ("1", "WEE", "168", "HUR"),
    ("1", "GRO", "12", "DZN"),
    ("1", "GGR", "12", "GRO"),
    ("1", "PR", "2", "H87"),
    ("1", "EA", "1", "C62"),
    ("2.5", "DPR", "30", "PR"),
]


@pytest.mark.parametrize(("amount", "unit", "equals", "other"), DEFINITIONS)
def test_factors_are_the_definitions(amount, unit, equals, other):
    assert convert(D(amount), unit, other) == D(equals)


@pytest.mark.parametrize(
    ("source", "target"), [("KGM", "MTR"), ("LTR", "KGM"), ("XBX", "EA"), ("MON", "DAY"), ("KGM", "no")]
)
def test_different_dimensions_are_refused_by_name(source, target):
    assert not converts(source, target)
    with pytest.raises(Incompatible, match="cannot be converted into"):
        convert(D(1), source, target)


def test_a_unit_without_dimension_still_equals_itself():
    assert convert(D("7"), "XBX", "XBX") == D("7")
    assert not converts("no such code", "no such code")


def test_what_does_not_end_is_rounded_at_twelve_decimals():
    assert convert(D("5"), "H87", "DZN") == D("0.416666666667")


pairs = st.sampled_from(convertible).flatmap(
    lambda code: st.tuples(
        st.just(code), st.sampled_from([c for c in convertible if UNITS[c].dimension == UNITS[code].dimension])
    )
)


@settings(max_examples=200, deadline=None)
@given(pairs, st.decimals(min_value=0, max_value=10**6, places=6))
def test_conversion_is_exact_or_off_by_less_than_half_of_the_last_decimal(pair, quantity):
    source, target = pair
    exact = Fraction(quantity) * factor(source, target)
    assert abs(Fraction(convert(quantity, source, target)) - exact) <= Fraction(1, 2 * 10**12)
    assert factor(source, target) * factor(target, source) == 1
