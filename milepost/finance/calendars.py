"""Months that keep their day, and working days. Holidays are given as data; nothing here knows today's date."""

from dataclasses import dataclass
from datetime import date, timedelta

FOREVER = date(9999, 12, 31)
"""The date that never comes: stands for "none" where a date is needed."""

_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = timedelta(days=1)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _DAYS_IN_MONTH[month - 1]


def add_months(anchor: date, months: int, due_day: int | None = None) -> date:
    """The day `months` calendar months after `anchor` (before it, when negative).

    `due_day` (default: the anchor's day) is the day of the month wanted; a shorter month gives its last day and the
    next one returns to it: 31 January, 29 February, 31 March (domain.md 2.5).
    """
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = anchor.day if due_day is None else due_day
    return date(year, month + 1, day if day <= 28 else min(day, days_in_month(year, month + 1)))


def months_between(start: date, end: date, due_day: int | None = None) -> int:
    """Whole calendar months from `start` to `end`: the most that can be added to `start` without passing `end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months, due_day) <= end else months - 1


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday less `holidays`, which the caller supplies for the country and years it needs."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether banks and the lender work that day."""
        return day.weekday() < 5 and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """`day` itself, or the next working day: when a Direct Debit due that day is collected (domain.md 7.1)."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def on_or_before(self, day: date) -> date:
        """`day` itself, or the last working day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which is not counted itself; n = 0 gives `on_or_after`."""
        for _ in range(n):
            day = self.on_or_after(day + _DAY)
        return self.on_or_after(day)

    def subtract(self, day: date, n: int) -> date:
        """The n-th working day before `day`, which is not counted itself; n = 0 gives `on_or_before`."""
        for _ in range(n):
            day = self.on_or_before(day - _DAY)
        return self.on_or_before(day)
