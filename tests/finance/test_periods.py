"""Time in years as the APR measures it: the Commission's worked examples (domain.md 3.2), and the edges."""

from datetime import date
from fractions import Fraction

import pytest

from milepost.finance.periods import Period, years_between


@pytest.mark.parametrize(
    ("start", "end", "period", "years"),
    [
        (date(2012, 1, 12), date(2012, 2, 15), Period.MONTH, Fraction(1, 12) + Fraction(3, 365)),
        (date(2013, 1, 12), date(2013, 2, 15), Period.MONTH, Fraction(1, 12) + Fraction(3, 366)),
        (date(2012, 1, 12), date(2012, 2, 15), Period.YEAR, Fraction(34, 365)),
        (date(2012, 3, 12), date(2012, 5, 1), Period.MONTH, Fraction(1, 12) + Fraction(20, 366)),
    ],
)
def test_the_official_examples(start: date, end: date, period: Period, years: Fraction):
    assert years_between(start, end, period) == years


@pytest.mark.parametrize(
    ("start", "end", "period", "years"),
    [
        (date(2026, 3, 1), date(2026, 4, 1), Period.MONTH, Fraction(1, 12)),  # a month, not 31/365
        (date(2026, 3, 1), date(2026, 4, 1), Period.DAY, Fraction(31, 365)),
        (date(2023, 12, 1), date(2024, 3, 1), Period.DAY, Fraction(91, 366)),
        (date(2026, 1, 5), date(2026, 1, 19), Period.WEEK, Fraction(2, 52)),
        (date(2026, 1, 5), date(2026, 1, 14), Period.WEEK, Fraction(1, 52) + Fraction(2, 365)),
        (date(2025, 1, 31), date(2025, 2, 28), Period.MONTH, Fraction(1, 12)),  # month end to month end
        (date(2025, 2, 28), date(2025, 3, 31), Period.MONTH, Fraction(1, 12)),
        (date(2025, 1, 31), date(2025, 3, 1), Period.MONTH, Fraction(1, 12) + Fraction(1, 366)),
        (date(2025, 6, 30), date(2025, 7, 31), Period.MONTH, Fraction(1, 12)),
        (date(2020, 1, 1), date(2026, 1, 1), Period.YEAR, Fraction(6)),
        (date(2026, 1, 1), date(2026, 1, 1), Period.MONTH, Fraction(0)),
        (date(2026, 4, 1), date(2026, 3, 1), Period.MONTH, Fraction(-1, 12)),
    ],
)
def test_time_is_whole_periods_back_from_the_end_and_days_at_the_start(
    start: date, end: date, period: Period, years: Fraction
):
    assert years_between(start, end, period) == years
