"""Interest between two dates."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from milepost.finance import interest
from milepost.finance.money import FinanceError
from milepost.finance.schedule import build
from tests.finance.agreements import family_car, printed, priya

RATE = Fraction(89, 1000)


@pytest.mark.parametrize(
    ("start", "end", "earned"),
    [
        (date(2026, 3, 10), date(2026, 4, 17), 2_76),  # 38 days: the first excluded, the last included
        (date(2028, 2, 10), date(2028, 3, 10), 2_11),  # 29 days of a leap year, over 365
        (date(2026, 3, 10), date(2026, 3, 10), 0),
    ],
)
def test_simple_interest_is_actual_over_365(start: date, end: date, earned: int):
    assert interest.simple(298_05, RATE, start, end) == earned


@pytest.mark.parametrize(
    ("principal", "end", "field"), [(-1, date(2026, 4, 1), "principal"), (1, date(2026, 2, 1), "end_date")]
)
def test_simple_interest_that_cannot_be(principal: int, end: date, field: str):
    with pytest.raises(FinanceError) as refused:
        interest.simple(principal, RATE, date(2026, 3, 1), end)
    assert refused.value.field == field


def test_interest_runs_evenly_between_due_dates():
    schedule = build(priya())  # the 22nd month's interest runs from 14 November to 14 December 2026: 30 days
    assert interest.accrued(schedule, date(2026, 11, 14)) == 0
    assert interest.accrued(schedule, date(2026, 11, 22)) == (schedule.interest[21] * 8 + 15) // 30
    assert interest.accrued(schedule, date(2026, 12, 13)) == (schedule.interest[21] * 29 + 15) // 30
    assert interest.accrued(schedule, date(2026, 12, 14)) == 0


def test_nothing_runs_before_the_drawdown_or_after_the_end():
    schedule = build(priya())
    assert interest.accrued(schedule, date(2025, 2, 13)) == interest.accrued(schedule, date(2025, 2, 14)) == 0
    assert interest.accrued(schedule, date(2029, 2, 14)) == interest.accrued(schedule, date(2030, 1, 1)) == 0
    assert interest.earned(schedule, date(2030, 1, 1)) == sum(schedule.interest)


def test_the_first_month_after_advance_instalments_runs_from_the_drawdown():
    terms = printed(15_000_00, 36, 479_95, advance_instalments=3, drawdown_date=date(2025, 1, 10))
    schedule = build(terms)
    assert interest.accrued(schedule, date(2025, 1, 25)) == (schedule.interest[3] * 15 * 2 + 31) // 62


@given(st.integers(0, 1500))
def test_interest_earned_never_falls(day: int):
    schedule = build(family_car())
    on = date.fromordinal(schedule.drawdown_date.toordinal() + day)
    assert interest.earned(schedule, on) <= interest.earned(schedule, date.fromordinal(on.toordinal() + 1))
