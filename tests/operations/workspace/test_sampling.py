"""Samples that anybody draws again, and what their misstatements say of the population."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.operations.workspace.sampling import Judged, Unit, factor, interval_for, monetary, project, random

# AICPA Audit Guide Audit Sampling, confidence factors for sample evaluation; by risk in percent, from 0 misstatements.
PUBLISHED = {
    5: "3.00 4.75 6.30 7.76 9.16 10.52 11.85 13.15 14.44 15.71 16.97 18.21 19.45 20.67 21.89 23.10",
    10: "2.31 3.89 5.33 6.69 8.00 9.28 10.54 11.78 13.00 14.21 15.41 16.60 17.79 18.96 20.13 21.30",
    15: "1.90 3.38 4.73 6.02 7.27 8.50 9.71 10.90 12.08 13.25 14.42 15.57 16.72 17.86 19.00 20.13",
    20: "1.61 3.00 4.28 5.52 6.73 7.91 9.08 10.24 11.38 12.52 13.66 14.78 15.90 17.02 18.13 19.24",
    25: "1.39 2.70 3.93 5.11 6.28 7.43 8.56 9.69 10.81 11.92 13.02 14.13 15.22 16.32 17.40 18.49",
    30: "1.21 2.44 3.62 4.77 5.90 7.01 8.12 9.21 10.31 11.39 12.47 13.55 14.63 15.70 16.77 17.84",
    50: "0.70 1.68 2.68 3.68 4.68 5.68 6.67 7.67 8.67 9.67 10.67 11.67 12.67 13.67 14.67 15.67",
}
amounts = st.integers(-500, 50_000).map(lambda cents: Decimal(cents) / 100)


def population(*values: str) -> list[Unit]:
    return [Unit(UUID(int=number), Decimal(value)) for number, value in enumerate(values, 1)]


@pytest.mark.parametrize("risk", PUBLISHED)
def test_the_factors_are_those_of_the_published_table(risk):
    published = [Decimal(each) for each in PUBLISHED[risk].split()]

    assert [factor(risk, number) for number in range(len(published))] == published


@given(st.lists(amounts, min_size=1, max_size=60), st.text(min_size=1, max_size=12), st.randoms())
def test_the_same_seed_draws_the_same_records_however_the_population_is_sorted(values, seed, shuffler):
    units = population(*map(str, values))
    shuffled = list(units)
    shuffler.shuffle(shuffled)

    assert random(units, 10, seed) == random(shuffled, 10, seed)
    assert random(units, 5, seed) == random(units, 10, seed)[:5]
    assert monetary(units, Decimal("12.34"), seed) == monetary(shuffled, Decimal("12.34"), seed)


@given(st.lists(amounts, min_size=1, max_size=60), st.integers(1, 20_000), st.text(max_size=12))
def test_money_units_hit_each_record_as_often_as_it_is_long(values, cents, seed):
    units, interval = population(*map(str, values)), Decimal(cents) / 100
    drawn = {each.id: each for each in monetary(units, interval, seed)}
    total = sum((unit.amount for unit in units if unit.amount and unit.amount > 0), Decimal(0))

    assert sum(each.hits for each in drawn.values()) in (int(total / interval), int(total / interval) + 1)
    for unit in units:
        hits = drawn[unit.id].hits if unit.id in drawn else 0
        length = unit.amount or Decimal(0)
        least = max(int(length / interval), 0)
        assert hits in (least, least + 1)
        assert length < interval or drawn[unit.id].certain


def test_every_record_is_drawn_about_as_often_as_any_other():
    units = population(*["1.00"] * 20)
    drawn = Counter(each.id for seed in range(2_000) for each in random(units, 5, str(seed)))

    assert min(drawn.values()) > 420
    assert max(drawn.values()) < 580


def test_a_misstatement_projects_by_its_tainting_and_the_limit_adds_precision_and_allowance():
    """The example that textbooks reckon: interval 1,000 at 5 %; taintings 50 % and 10 %, one record of 3,000 wrong."""
    items = [
        Judged(Decimal(200), Decimal(100), certain=False),
        Judged(Decimal(500), Decimal(450), certain=False),
        Judged(Decimal(3_000), Decimal(2_900), certain=True),
        Judged(Decimal(80), Decimal(80), certain=False),
    ]

    found = project(items, Decimal(1_000), 5)

    assert found.known == Decimal("250.00")
    assert found.projected == Decimal("700.00")  # 500 + 100 + 100
    assert found.basic_precision == Decimal("3000.00")
    assert found.allowance == Decimal("430.00")  # 500 × (4.75 − 3.00 − 1) + 100 × (6.30 − 4.75 − 1)
    assert found.upper_limit == Decimal("4130.00")
    assert found.understated == Decimal(0)


def test_an_understatement_takes_nothing_off_the_limit():
    wrong = project([Judged(Decimal(100), Decimal(150), certain=False)], Decimal(1_000), 10)

    assert (wrong.projected, wrong.allowance) == (Decimal(0), Decimal(0))
    assert wrong.upper_limit == Decimal("2310.00")
    assert wrong.understated == Decimal("500.00")


def test_the_interval_follows_from_what_is_tolerable_and_expected():
    assert interval_for(Decimal(30_000), Decimal(0), 5) == Decimal(10_000)
    assert interval_for(Decimal(30_000), Decimal(3_750), 5) == Decimal(8_000)  # (30,000 − 3,750 × 1.6) ÷ 3.00
    with pytest.raises(ValueError, match="tolerable"):
        interval_for(Decimal(1_000), Decimal(900), 5)
