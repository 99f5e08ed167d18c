"""Where an agreement stands on a date, told by what has been paid."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance import arrears, settlement
from milepost.finance.calendars import FOREVER
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.schedule import Schedule, build
from tests.finance.agreements import OPTION_FEE, family_car, priya

CAR = build(family_car(fees=(OPTION_FEE,)))  # 298.05 on the 10th from 10 July 2024, 10.00 with the 48th


def test_up_to_date():
    stands = arrears.position(CAR, 17 * 298_05, date(2025, 12, 3))
    assert (stands.overdue, stands.due_today, stands.credit) == (0, 0, 0)
    assert (stands.arrears_since, stands.instalments_overdue, stands.days_past_due) == (FOREVER, 0, 0)
    assert (stands.next_number, stands.next_due, stands.next_amount) == (18, date(2025, 12, 10), 298_05)
    assert not stands.in_arrears


def test_two_payments_behind():
    stands = arrears.position(CAR, 15 * 298_05, date(2025, 12, 3))
    assert (stands.overdue, stands.instalments_overdue) == (596_10, 2)
    assert (stands.arrears_since, stands.days_past_due) == (date(2025, 10, 10), 54)
    assert (stands.next_number, stands.next_amount) == (18, 298_05)
    assert stands.in_arrears


def test_a_part_payment_covers_the_oldest_first():
    stands = arrears.position(CAR, 15 * 298_05 + 300_00, date(2025, 12, 3))
    assert (stands.overdue, stands.instalments_overdue) == (296_10, 1)
    assert stands.arrears_since == date(2025, 11, 10)


def test_on_its_due_date_an_instalment_is_the_next_payment_and_overdue_the_day_after():
    on_the_day = arrears.position(CAR, 17 * 298_05, date(2025, 12, 10))
    assert (on_the_day.overdue, on_the_day.due_today, on_the_day.next_number) == (0, 298_05, 18)
    assert on_the_day.due_total - on_the_day.paid_total == 298_05
    day_after = arrears.position(CAR, 17 * 298_05, date(2025, 12, 11))
    assert (day_after.overdue, day_after.due_today, day_after.next_number) == (298_05, 0, 19)
    assert day_after.days_past_due == 1


def test_a_payment_made_on_its_due_date_is_taken_off_a_settlement_asked_for_that_day():
    stands = arrears.position(CAR, 18 * 298_05, date(2025, 12, 10))
    assert (stands.credit, stands.paid_ahead) == (0, 298_05)
    asked: dict[str, Any] = {"schedule": CAR, "apr_percent": Decimal("9.3"), "deferral": Deferral.MONTH}
    unpaid = settlement.quote(received_on=date(2025, 12, 10), **asked)
    paid = settlement.quote(received_on=date(2025, 12, 10), credit=stands.paid_ahead, **asked)
    assert paid.amount_to_settle == unpaid.amount_to_settle - 298_05


def test_money_paid_ahead_shortens_the_next_payment_or_skips_it():
    stands = arrears.position(CAR, 17 * 298_05 + 100_00, date(2025, 12, 3))
    assert (stands.credit, stands.next_number, stands.next_amount) == (100_00, 18, 198_05)
    stands = arrears.position(CAR, 18 * 298_05 + 100_00, date(2025, 12, 3))
    assert (stands.credit, stands.next_number, stands.next_due) == (398_05, 19, date(2026, 1, 10))


def test_before_the_first_and_after_the_last():
    start = arrears.position(CAR, 0, date(2024, 6, 10))
    assert (start.due_total, start.overdue, start.next_number) == (0, 0, 1)
    end = arrears.position(CAR, CAR.total(), date(2028, 7, 1))
    assert (end.overdue, end.credit) == (0, 0)
    assert (end.next_number, end.next_due, end.next_amount) == (0, FOREVER, 0)
    short = arrears.position(CAR, CAR.total() - 1, date(2028, 7, 1))
    assert (short.overdue, short.instalments_overdue, short.next_number) == (1, 1, 0)


def test_a_schedule_without_rows_owes_nothing():
    ended = Schedule(date(2020, 1, 1), date(2020, 2, 1), 1, 0, 0, (), (), ())
    stands = arrears.position(ended, 5_00, date(2026, 1, 1))
    assert (stands.overdue, stands.credit, stands.next_number) == (0, 5_00, 0)


def test_priya_stands_up_to_date_on_the_demo_day():
    stands = arrears.position(build(priya()), 21 * 363_30, date(2026, 11, 22))
    assert (stands.overdue, stands.next_number, stands.next_due) == (0, 22, date(2026, 12, 14))


def test_nobody_has_paid_less_than_nothing():
    with pytest.raises(FinanceError, match="paid_total"):
        arrears.position(CAR, -1, date(2025, 1, 1))


@given(st.integers(0, 20_000_00), st.integers(0, 1700))
def test_what_is_due_and_what_is_paid_agree_with_the_position(paid: int, day: int):
    on = date.fromordinal(CAR.drawdown_date.toordinal() + day)
    stands = arrears.position(CAR, paid, on)
    assert stands.overdue + stands.due_today - stands.credit == stands.due_total - paid
    assert min(stands.overdue, stands.credit) == 0
    assert stands.in_arrears == (stands.arrears_since < FOREVER) == (stands.instalments_overdue > 0)
    assert stands.arrears_since >= on or stands.days_past_due > 0
    assert stands.next_due >= on
    assert (stands.next_amount > 0) == (stands.next_number > 0)
