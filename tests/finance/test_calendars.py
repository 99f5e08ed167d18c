"""Months that keep their day; working days with holidays given as data."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from milepost.finance.calendars import FOREVER, WorkingDays, add_months, days_in_month, months_between

ENGLAND = WorkingDays(
    frozenset({date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 28)})
)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("year", "month", "days"),
    [(2024, 2, 29), (2026, 2, 28), (1900, 2, 28), (2000, 2, 29), (2026, 4, 30), (2026, 12, 31)],
)
def test_days_in_a_month(year: int, month: int, days: int):
    assert days_in_month(year, month) == days


def test_the_31st_is_shortened_and_comes_back():
    dues = [add_months(date(2024, 1, 31), month) for month in range(4)]
    assert dues == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]


def test_a_due_day_counts_from_a_shortened_first_date():
    assert add_months(date(2024, 2, 29), 1, due_day=31) == date(2024, 3, 31)
    assert add_months(date(2024, 2, 29), 12, due_day=30) == date(2025, 2, 28)


def test_months_run_backwards_over_the_new_year():
    assert add_months(date(2026, 1, 15), -2) == date(2025, 11, 15)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 6, 10), date(2026, 1, 31), 19),
        (date(2024, 6, 10), date(2026, 1, 9), 18),
        (date(2024, 1, 31), date(2025, 2, 28), 13),
        (date(2025, 2, 28), date(2025, 3, 27), 0),
        (date(2025, 3, 31), date(2025, 3, 30), -1),
    ],
)
def test_whole_months_between_two_dates(start: date, end: date, months: int):
    assert months_between(start, end) == months


@given(DAYS, DAYS)
def test_whole_months_fit_and_one_more_does_not(start: date, end: date):
    months = months_between(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


def test_weekends_and_holidays_are_not_worked():
    assert ENGLAND.is_working_day(date(2026, 4, 2))
    assert not ENGLAND.is_working_day(date(2026, 4, 3))  # Good Friday
    assert not ENGLAND.is_working_day(date(2026, 4, 4))  # Saturday


def test_rolling_to_a_working_day():
    assert ENGLAND.on_or_after(date(2026, 4, 3)) == date(2026, 4, 7)
    assert ENGLAND.on_or_before(date(2026, 4, 6)) == date(2026, 4, 2)
    assert ENGLAND.on_or_after(date(2026, 4, 2)) == ENGLAND.on_or_before(date(2026, 4, 2)) == date(2026, 4, 2)


def test_counting_working_days_leaves_out_the_first():
    assert ENGLAND.add(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert ENGLAND.add(date(2026, 4, 4), 2) == date(2026, 4, 8)
    assert ENGLAND.subtract(date(2026, 4, 7), 2) == date(2026, 4, 1)
    assert ENGLAND.add(date(2026, 4, 4), 0) == date(2026, 4, 7)
    assert ENGLAND.subtract(date(2026, 4, 4), 0) == date(2026, 4, 2)


def test_the_date_that_never_comes():
    assert date(9999, 12, 31) == FOREVER
