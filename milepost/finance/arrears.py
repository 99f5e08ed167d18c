"""What is overdue, since when, and what comes next: pure functions of a schedule and the total paid.

A payment covers the oldest sums due first. An instalment is overdue from the day after its contractual due date, which
no weekend moves (domain.md 2.5, 6); on the day itself it is the next payment.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from milepost.finance.calendars import FOREVER
from milepost.finance.money import require_amount
from milepost.finance.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Position:
    """Where an agreement stands on a date; minor units, fees included.

    `due_total` counts what has fallen due on or before the date. `overdue` is the unpaid part of what was due before
    it, `due_today` that of what is due on it; `overdue + due_today - credit` equals `due_total - paid_total`.
    `paid_ahead` is what was paid beyond the sums due before the date, an instalment due on it included: the `credit` of
    a settlement quote, to which that instalment is still to come.
    `arrears_since` is the due date of the oldest overdue instalment, FOREVER when there is none. The next payment is
    the first one due on or after the date that is not fully paid; its number counts from 1, and 0 with FOREVER and
    nought says that nothing more falls due.
    """

    on: date
    due_total: int
    paid_total: int
    overdue: int
    due_today: int
    credit: int
    paid_ahead: int
    arrears_since: date
    instalments_overdue: int
    next_number: int
    next_due: date
    next_amount: int

    @property
    def in_arrears(self) -> bool:
        """Whether anything is overdue."""
        return self.overdue > 0

    @property
    def days_past_due(self) -> int:
        """Days from the oldest overdue instalment's due date to the date of this position; nought when up to date."""
        return max(0, (self.on - self.arrears_since).days)


def position(schedule: Schedule, paid_total: int, on: date) -> Position:
    """The position on a date of an agreement that has paid `paid_total` towards its schedule.

    Raises FinanceError when `paid_total` is negative.
    """
    require_amount(paid_total, "paid_total")
    totals = list(accumulate(schedule.amounts_due()))
    due_before = schedule.rows_due_by(on - timedelta(days=1))
    due_by = schedule.rows_due_by(on)
    fully_paid = bisect_right(totals, paid_total)
    due_total = totals[due_by - 1] if due_by else 0
    before_total = totals[due_before - 1] if due_before else 0
    overdue = max(0, before_total - paid_total)
    following = max(due_before, fully_paid)
    ended = following >= len(totals)
    return Position(
        on=on,
        due_total=due_total,
        paid_total=paid_total,
        overdue=overdue,
        due_today=max(0, due_total - paid_total) - overdue,
        credit=max(0, paid_total - due_total),
        paid_ahead=max(0, paid_total - before_total),
        arrears_since=schedule.due(fully_paid) if overdue else FOREVER,
        instalments_overdue=max(0, due_before - fully_paid),
        next_number=0 if ended else following + 1,
        next_due=FOREVER if ended else schedule.due(following),
        next_amount=0 if ended else min(schedule.amount_due(following), totals[following] - paid_total),
    )
