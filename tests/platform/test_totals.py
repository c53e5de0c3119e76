"""The totals of EN 16931: exact sums, rounding per rate (or per line), independent of order."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.decimals import scale
from portal.platform.money import AmountTooLarge, decimals
from portal.platform.totals import Accounting, Part, TaxTotal, rate_problem, totals

D = Decimal


def part(amount: str, category: str = "S", rate: str = "19") -> Part:
    return Part(D(amount), category, D(rate))


def test_an_invoice_with_two_rates_an_allowance_and_a_charge():
    document = totals(
        [part("100.00"), part("50.05", rate="7"), part("20.00", "E", "0")],
        "EUR",
        allowances=[part("10.00")],
        charges=[part("5.00", rate="7")],
        prepaid=D("40.00"),
        rounding=D("0.02"),
    )
    assert (document.lines, document.allowances, document.charges) == (D("170.05"), D("10.00"), D("5.00"))
    assert document.net == D("165.05")
    assert document.breakdown == (
        TaxTotal("E", D("0"), D("20.00"), D("0.00")),
        TaxTotal("S", D("7"), D("55.05"), D("3.85")),
        TaxTotal("S", D("19"), D("90.00"), D("17.10")),
    )
    assert document.tax == D("20.95")
    assert document.gross == D("186.00")
    assert document.due == D("146.02")
    assert document.tax_in_accounting is None


def test_tax_by_line_and_by_rate_differ_by_cents_and_each_is_exact():
    lines = [part("0.05", rate="10")] * 3
    assert totals(lines, "CNY").tax == D("0.02")
    assert totals(lines, "CNY", method="per_line").tax == D("0.03")


def test_half_a_cent_of_tax_goes_up():
    assert totals([part("0.50", rate="1")], "EUR").tax == D("0.01")


def test_a_credit_rounds_as_its_invoice_did():
    assert totals([part("-0.50", rate="1")], "EUR").tax == D("-0.01")


def test_a_currency_without_decimals_has_whole_totals():
    document = totals([part("105", rate="10")], "JPY")
    assert (document.tax, document.gross) == (D("11"), D("116"))
    assert document.tax.as_tuple().exponent == 0


def test_tax_is_stated_in_the_accounting_currency_too():
    document = totals([part("100.00")], "EUR", accounting=Accounting("JPY", D("163.456")))
    assert document.tax_in_accounting == D("3106")


def test_nineteen_and_nineteen_point_zero_are_one_rate():
    assert len(totals([part("1.00"), part("1.00", rate="19.00")], "EUR").breakdown) == 1


def test_no_lines_make_no_breakdown():
    document = totals([], "EUR")
    assert document.breakdown == ()
    assert document.due == D("0.00")


def test_an_unrounded_part_is_refused():
    with pytest.raises(ValueError, match="more than 2 decimals"):
        totals([part("1.005")], "EUR")
    with pytest.raises(ValueError, match="more than 0 decimals"):
        totals([part("100")], "JPY", prepaid=D("0.5"))


def test_a_sum_that_no_document_can_carry_is_refused():
    with pytest.raises(AmountTooLarge):
        totals([part("999999999999999.00")] * 2, "EUR")


@pytest.mark.parametrize(
    ("category", "rate", "fine"),
    [
        ("S", "19", True),
        ("S", "0", False),
        *((category, "0", True) for category in ("Z", "E", "AE", "K", "G", "O")),
        *((category, "7", False) for category in ("Z", "E", "AE", "K", "G", "O")),
        *((category, rate, True) for category in ("L", "M") for rate in ("0", "3", "9.5")),
        ("X", "0", False),
        ("s", "19", False),
    ],
)
def test_each_category_has_its_rates(category, rate, fine):
    assert (rate_problem(category, D(rate)) is None) is fine


# Properties

rates = st.sampled_from([("S", D("19")), ("S", D("7")), ("S", D("5.5")), ("Z", D(0)), ("AE", D(0))])


@st.composite
def parts(draw, currency: str, most: int = 8):
    amounts = st.integers(-(10**9), 10**9).map(lambda units: D(units).scaleb(-decimals(currency)))
    return [Part(draw(amounts), *draw(rates)) for _index in range(draw(st.integers(0, most)))]


@st.composite
def documents(draw):
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD", "CNY"]))
    return (
        currency,
        draw(parts(currency)),
        draw(parts(currency, 3)),
        draw(parts(currency, 3)),
        draw(st.sampled_from(["per_rate", "per_line"])),
    )


def rounded(value: Fraction, places: int) -> Fraction:
    scaled = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(scaled if value >= 0 else -scaled, 10**places)


def tax_with_fractions(signed: list[tuple[int, Part]], places: int, method: str) -> Fraction:
    """BT-110 reckoned anew, without the portal's code and without Decimal."""
    bases: dict[tuple[str, Fraction], list[Fraction]] = {}
    for sign, item in signed:
        bases.setdefault((item.category, Fraction(item.rate)), []).append(sign * Fraction(item.amount))
    return sum(
        (
            rounded(amount * rate / 100, places)
            for (_category, rate), amounts in bases.items()
            for amount in ([sum(amounts)] if method == "per_rate" else amounts)
        ),
        Fraction(0),
    )


@settings(max_examples=150, deadline=None)
@given(documents())
def test_totals_equal_an_independent_reckoning_with_fractions(document):
    currency, lines, allowances, charges, method = document
    made = totals(lines, currency, allowances=allowances, charges=charges, method=method)
    signed = [(1, p) for p in lines + charges] + [(-1, p) for p in allowances]
    assert Fraction(made.tax) == tax_with_fractions(signed, decimals(currency), method)
    assert Fraction(made.net) == sum(sign * Fraction(p.amount) for sign, p in signed)


@settings(max_examples=150, deadline=None)
@given(documents())
def test_the_sums_hold_exactly(document):
    currency, lines, allowances, charges, method = document
    made = totals(lines, currency, allowances=allowances, charges=charges, method=method)
    assert made.net == made.lines - made.allowances + made.charges
    assert made.net == sum(row.base for row in made.breakdown)
    assert made.tax == sum(row.tax for row in made.breakdown)
    assert made.gross == made.net + made.tax
    assert made.due == made.gross
    amounts = [made.net, made.tax, made.gross, *(row.tax for row in made.breakdown)]
    assert all(type(amount) is Decimal for amount in amounts)
    assert all(scale(amount) <= decimals(currency) for amount in amounts)


@settings(max_examples=100, deadline=None)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(document, chance):
    currency, lines, allowances, charges, method = document
    shuffled = chance.sample(lines, len(lines))
    first = totals(lines, currency, allowances=allowances, charges=charges, method=method)
    assert totals(shuffled, currency, allowances=allowances, charges=charges, method=method) == first
