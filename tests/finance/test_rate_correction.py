"""A rate that was wrong from some day on."""

from datetime import date
from decimal import Decimal

from milepost.finance.rate_correction import corrected
from milepost.finance.schedule import build
from milepost.finance.terms import Balloon, RateConvention, Terms

HP = Terms(
    amount_of_credit=12_000_00, number_of_instalments=48, rate_convention=RateConvention.NOMINAL,
    annual_percent=Decimal("8.9"), drawdown_date=date(2026, 6, 10), first_due_date=date(2026, 7, 10),
)  # fmt: skip
PCP = Terms(
    amount_of_credit=21_000_00, number_of_instalments=48, rate_convention=RateConvention.EFFECTIVE,
    annual_percent=Decimal("8.9"), drawdown_date=date(2026, 6, 10), balloon=Balloon(9_800_00, 49),
    first_due_date=date(2026, 7, 10),
)  # fmt: skip


def test_from_the_drawdown_the_schedule_is_that_of_the_right_rate():
    from dataclasses import replace

    right = build(replace(HP, annual_percent=Decimal("6.9")))
    assert corrected(HP, build(HP), {date(2026, 6, 10): Decimal("6.9")}) == right


def test_rows_before_its_day_are_left_and_the_rest_repays_all():
    wrong = build(PCP)
    right = corrected(PCP, wrong, {date(2026, 8, 11): Decimal("7.0")})
    assert right.principal[:3] == wrong.principal[:3]
    assert sum(right.principal) == 21_000_00
    assert right.payment(48) == 9_800_00
    assert right.payment(10) < wrong.payment(10)
    assert (len(right), right.due(48)) == (len(wrong), wrong.due(48))


def test_the_order_in_which_corrections_are_found_changes_nothing():
    one, two = (date(2026, 7, 10), Decimal("7.9")), (date(2026, 9, 10), Decimal("6.9"))
    assert corrected(HP, build(HP), dict([one, two])) == corrected(HP, build(HP), dict([two, one]))


def test_a_rate_from_after_the_last_period_changes_nothing():
    assert corrected(HP, build(HP), {date(2031, 1, 1): Decimal(1)}) == build(HP)
