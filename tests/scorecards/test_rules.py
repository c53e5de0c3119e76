"""Weights, standings and periods, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from portal.scorecards.rules import CRITERIA, STANDINGS, WEIGHTS, Bounds, Figure, Period, score_of, standing_of


def figure(name: str, done: int, base: int = 100, count: int = 10) -> Figure:
    return Figure(name, count, Decimal(base), Decimal(done))


def test_weights_name_every_criterion_and_sum_to_100():
    assert set(WEIGHTS) == set(CRITERIA)
    assert sum(WEIGHTS.values()) == 100
    with pytest.raises(ValueError, match="100"):
        score_of([], {"quality": Decimal(99)})


def test_a_date_that_the_supplier_moved_itself_is_shown_and_not_scored():
    assert score_of([figure("on_time_last_confirmed", 100)]).value is None


def test_standings_tile_0_to_100_with_the_top_inclusive():
    codes = [standing_of(Decimal(tenth) / 10) for tenth in range(1001)]

    assert [codes.index(standing.code) for standing in STANDINGS] == [0, 600, 800]
    assert codes[-1] == "good"
    assert standing_of(Decimal("79.95")) == "good"
    assert standing_of(Decimal("79.94")) == "warn"


def test_criteria_without_data_weigh_nothing():
    scored = score_of([figure("quality", 90), figure("price", 100), figure("on_time_requested", 0, 0, 0)])

    assert scored.value is not None
    assert round(scored.value, 4) == round(Decimal(25 * 90 + 10 * 100) / 35, 4)
    assert (scored.coverage, scored.count) == (35, 10)


@pytest.mark.parametrize(
    ("figures", "missing"),
    [
        ([], "no_data"),
        ([figure("quality", 90), figure("on_time_requested", 90)], "low_coverage"),
        ([figure(name, 90, 100, 4) for name in WEIGHTS], "too_few"),
        ([figure(name, 90, 100, 5) for name in WEIGHTS], None),
    ],
)
def test_a_standing_needs_coverage_and_a_number_of_facts(figures, missing):
    scored = score_of(figures)

    assert scored.missing == missing
    assert scored.standing == (None if missing else "good")


def of_orders(name: str, count: int, done: int, least: int = 1, greatest: int = 2) -> Figure:
    return figure(name, done, count, count)._replace(least_order=least, greatest_order=greatest)


FIVE_RECEIPTS = [("quality", 5)] + [(name, 1) for name in WEIGHTS if name != "quality"]


@pytest.mark.parametrize(
    ("counts", "count"),
    [
        (FIVE_RECEIPTS, 1),
        ([("quality", 9), ("on_time_requested", 7), ("on_time_first_confirmed", 5), ("price", 1)], 5),
        ([("quality", 50), ("on_time_requested", 3)], 3),
    ],
)
def test_so_many_facts_count_as_criteria_of_enough_weight_have(counts, count):
    """Five partial receipts of one line are five facts of its quality, and one of anything else."""
    assert score_of([of_orders(name, number, number) for name, number in counts]).count == count


def test_five_receipts_make_no_standing_and_nor_does_one_order_of_many_lines():
    few = score_of([of_orders(name, count, 0 if count == 1 else count) for name, count in FIVE_RECEIPTS])
    alone = score_of([of_orders(name, 5, 5, 7, 7) for name in WEIGHTS])
    several = score_of([of_orders(name, 5, 5, 7, 7 + (name == "price")) for name in WEIGHTS])

    assert (few.standing, few.missing) == (None, "too_few")
    assert (alone.standing, alone.missing, alone.value) == (None, "one_order", 100)
    assert several.standing == "good"


def test_what_was_frozen_by_the_first_edition_of_the_rules_keeps_its_standing():
    figures = [of_orders(name, count, count, 7, 7) for name, count in FIVE_RECEIPTS]
    then = Bounds.of({"least_count": 5})

    assert (then.edition, Bounds.of(None).kept()) == (1, None)
    assert score_of(figures, bounds=then).standing == "good"
    assert Bounds.of(Bounds(least_count=6).kept()) == Bounds(least_count=6)


def test_periods_are_calendar_months_of_the_buyers_day():
    today = date(2026, 3, 31)

    assert Period.parse(None, today) == ("2026-03", date(2026, 3, 1), date(2026, 4, 1))
    assert Period.parse("2024-02", today) == ("2024-02", date(2024, 2, 1), date(2024, 3, 1))
    assert Period.parse("last-12-months", today)[1:] == (date(2025, 4, 1), date(2026, 4, 1))
    for wrong in ("2026-13", "2026-3", "march", "12026-01", "2026-10-01"):
        with pytest.raises(ValueError, match="month"):
            Period.parse(wrong, today)
