"""Business days, local dates and months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.calendar import Month, add_business_days, is_business_day, local_date


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_two_days_from_friday_evening_are_tuesday_evening():
    due = add_business_days(at("2026-11-06T18:30", "Europe/Berlin"), 2, "DE", "Europe/Berlin")
    assert due == at("2026-11-10T18:30", "Europe/Berlin")
    assert due.tzinfo is UTC


def test_public_holidays_do_not_count():
    due = add_business_days(at("2026-12-23T09:00", "Europe/Berlin"), 2, "DE", "Europe/Berlin")
    assert due == at("2026-12-28T09:00", "Europe/Berlin")


def test_chinese_golden_week_is_skipped_and_its_worked_saturday_counts():
    assert not is_business_day(date(2025, 10, 8), "CN")
    assert is_business_day(date(2025, 10, 11), "CN")
    assert is_business_day(date(2025, 9, 28), "CN")
    due = add_business_days(at("2025-09-30T10:00", "Asia/Shanghai"), 3, "CN", "Asia/Shanghai")
    assert due == at("2025-10-11T10:00", "Asia/Shanghai")


def test_the_supplier_s_clock_decides_on_which_day_counting_starts():
    late_sunday_in_utc = datetime(2026, 11, 8, 22, 0, tzinfo=UTC)
    due = add_business_days(late_sunday_in_utc, 1, "CN", "Asia/Shanghai")
    assert due == datetime(2026, 11, 9, 22, 0, tzinfo=UTC)


def test_no_days_mean_now_or_the_next_working_morning():
    saturday = at("2026-11-07T10:00", "Europe/Berlin")
    assert add_business_days(saturday, 0, "DE", "Europe/Berlin") == saturday + timedelta(days=2)
    monday = at("2026-11-09T10:00", "Europe/Berlin")
    assert add_business_days(monday, 0, "DE", "Europe/Berlin") == monday


def test_the_local_time_survives_the_end_of_summer_time():
    due = add_business_days(at("2026-10-23T09:00", "Europe/Berlin"), 1, "DE", "Europe/Berlin")
    assert due == at("2026-10-26T09:00", "Europe/Berlin")
    assert due.hour == 8


def test_a_country_without_a_calendar_works_monday_to_friday():
    assert is_business_day(date(2026, 12, 25), "ZZ")
    assert not is_business_day(date(2026, 12, 26), "ZZ")


@pytest.mark.parametrize("days", [-1, 1001])
def test_days_are_bounded(days):
    with pytest.raises(ValueError, match="business days"):
        add_business_days(datetime(2026, 1, 1, tzinfo=UTC), days, "DE", "UTC")


def test_the_date_is_the_one_on_the_site_s_wall():
    instant = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert local_date(instant, "Asia/Shanghai") == date(2026, 11, 1)
    assert local_date(instant, "America/New_York") == date(2026, 10, 31)
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 10, 31), "UTC")


def test_a_month_begins_with_its_first_day():
    assert Month.parse("2028-02").first == date(2028, 2, 1)


def test_months_cross_years():
    assert str(Month(2026, 11).plus(3)) == "2027-02"
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month.of(date(2026, 2, 28)) < Month(2026, 3)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "2026-10-01", "", " 2026-10", "２０２６-10", "9999-12"]
)
def test_a_month_is_written_in_one_way(text):
    with pytest.raises(ValueError, match="2026-10"):
        Month.parse(text)


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 15),
    st.sampled_from([("CN", "Asia/Shanghai"), ("DE", "Europe/Berlin"), ("AE", "Asia/Dubai"), ("ZZ", "UTC")]),
)
def test_exactly_so_many_business_days_lie_between(start, days, place):
    country, zone = place
    first, last = local_date(start, zone), local_date(add_business_days(start, days, country, zone), zone)
    between = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    assert is_business_day(last, country)
    counted = sum(is_business_day(day, country) for day in between)
    assert counted == days or (days == 0 and counted == 1 and not is_business_day(first, country))
