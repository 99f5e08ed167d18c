"""What is left of an agreement that comes from another system."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance.money import FinanceError
from milepost.finance.schedule import Schedule, build, remaining
from tests.finance.agreements import rated

TAKEN_OVER: dict[str, Any] = {
    "opening_principal": 1_000_00,
    "number": 3,
    "instalment": 340_02,
    "first_due": date(2026, 12, 14),
    "due_day": 14,
    "annual": Fraction(12, 100),
}


def left(**changes: Any) -> Schedule:
    return remaining(**{**TAKEN_OVER, **changes})


def test_the_instalments_go_on_and_the_last_takes_what_is_left():
    schedule = left()
    assert [schedule.payment(row) for row in range(3)] == [340_02, 340_02, 340_03]
    assert schedule.interest == (10_00, 6_70, 3_37)
    assert (schedule.opening, schedule.balance_after(2)) == (1_000_00, 0)
    assert (schedule.drawdown_date, schedule.due(2)) == (date(2026, 11, 14), date(2027, 2, 14))
    assert left(drawdown_date=date(2026, 11, 30)).drawdown_date == date(2026, 11, 30)


def test_it_continues_exactly_as_the_agreement_it_came_from():
    whole = build(rated(12_000_00, 48, "NOMINAL", "8.9"))
    rest = left(opening_principal=whole.balance_after(17), number=30, instalment=298_05, annual=Fraction(89, 1000))
    assert (rest.principal, rest.interest) == (whole.principal[18:], whole.interest[18:])


def test_the_last_is_larger_when_the_term_is_too_short():
    schedule = left(number=2)
    assert [schedule.payment(row) for row in range(2)] == [340_02, 676_68]


def test_the_schedule_is_shorter_when_the_payment_clears_it_early():
    schedule = left(number=10)
    assert [schedule.payment(row) for row in range(len(schedule))] == [340_02, 340_02, 340_02, 1]
    assert len(left(instalment=2_000_00)) == 1


def test_a_residue_of_pence_is_one_row():
    schedule = left(opening_principal=28, number=1, annual=Fraction(0))
    assert (schedule.principal, schedule.interest) == ((28,), (0,))


def test_the_due_day_returns_after_a_short_month():
    schedule = left(first_due=date(2027, 2, 28), due_day=31)
    assert [schedule.due(row) for row in range(3)] == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"instalment": 10_00}, "negative_amortisation", "instalment"),
        ({"instalment": 0}, "negative_amortisation", "instalment"),
        ({"opening_principal": 0}, "too_small", "opening_principal"),
        ({"opening_principal": -28}, "negative", "opening_principal"),
        ({"number": 0}, "out_of_range", "number"),
        ({"number": -4}, "out_of_range", "number"),
        ({"number": 601}, "out_of_range", "number"),
        ({"instalment": -1}, "negative", "instalment"),
    ],
)
def test_what_a_tape_may_say_that_cannot_be(changes: dict[str, Any], code: str, field: str):
    with pytest.raises(FinanceError) as refused:
        left(**changes)
    assert (refused.value.code, refused.value.field) == (code, field)


@given(st.integers(1, 10**7), st.integers(1, 84), st.integers(0, 10**6), st.fractions(0, 1, max_denominator=10**5))
def test_the_balance_is_always_repaid(balance: int, number: int, instalment: int, annual: Fraction):
    try:
        schedule = left(opening_principal=balance, number=number, instalment=instalment, annual=annual)
    except FinanceError as refused:
        if refused.code != "negative_amortisation":
            raise
        return
    assert sum(schedule.principal) == balance
    assert 1 <= len(schedule) <= number
    assert min(schedule.interest) >= 0
    assert min(schedule.principal) > 0
    assert all(schedule.payment(row) == instalment for row in range(len(schedule) - 1))
