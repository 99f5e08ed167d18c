"""Interest between two dates (domain.md 2.5, 6): nothing here is stored per day, it is asked for on a date."""

from datetime import date
from fractions import Fraction

from milepost.finance.money import FinanceError, require_amount, round_division, round_half_up
from milepost.finance.schedule import Schedule


def simple(principal: int, annual: Fraction, start: date, end: date) -> int:
    """Simple interest in minor units, actual/365: the first day is excluded, the last included; rounded half up.

    Raises FinanceError for a negative principal or dates in the wrong order.
    """
    require_amount(principal, "principal")
    if end < start:
        raise FinanceError("too_early", "end_date", "must not be before the start date")
    return round_half_up(Fraction(principal) * annual * (end - start).days / 365)


def accrued(schedule: Schedule, on: date) -> int:
    """Interest of the current period that has run by a date but has not fallen due, in minor units.

    A month's interest runs evenly over its days; on a due date it has fallen due and the next has yet to begin. Nought
    before the drawdown and after the last row.
    """
    row = schedule.rows_due_by(on)
    if on < schedule.drawdown_date or row >= len(schedule):
        return 0
    start = schedule.due(row - 1) if row else schedule.drawdown_date
    days = (schedule.due(row) - start).days
    return round_division(schedule.interest[row] * (on - start).days, days)


def earned(schedule: Schedule, on: date) -> int:
    """All interest of the schedule that has run by a date, fallen due or not, in minor units."""
    return sum(schedule.interest[: schedule.rows_due_by(on)]) + accrued(schedule, on)
