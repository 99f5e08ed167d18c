"""Time in years between two dates, as the APR measures it: never simply days/365.

Sources: Directive 2008/48/EC Annex I, kept as CONC App 1.2; the Commission's worked examples of January 2015 for the
odd first period (domain.md 3.2).
"""

from datetime import date
from enum import StrEnum
from fractions import Fraction

from milepost.finance.calendars import add_months, months_between


class Period(StrEnum):
    """The interval between an agreement's payments."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


YEARS: dict[Period, Fraction] = {
    Period.DAY: Fraction(1, 365),
    Period.WEEK: Fraction(1, 52),
    Period.MONTH: Fraction(1, 12),
    Period.YEAR: Fraction(1),
}
"""One whole period in years: equal months, 52 weeks, 365 days."""


def years_between(start: date, end: date, period: Period) -> Fraction:
    """Whole periods counted backwards from `end`, plus the days left at the start over the length of a year.

    That year is the one running backwards from where the days end: 365 days, or 366 across a 29 February. The first
    day is excluded, the last included. 12 January 2013 to 15 February 2013 by months: 1/12 + 3/366. Negative when
    `end` comes first.
    """
    if end < start:
        return -years_between(end, start, period)
    whole, residual_end = _whole_periods(start, end, period)
    days = (residual_end - start).days
    return whole * YEARS[period] + Fraction(days, (residual_end - add_months(residual_end, -12)).days)


def _whole_periods(start: date, end: date, period: Period) -> tuple[int, date]:
    """How many whole periods fit when counting back from `end`, and the date at which they begin."""
    if period is Period.DAY:
        return 0, end
    if period is Period.WEEK:
        weeks, days = divmod((end - start).days, 7)
        return weeks, date.fromordinal(start.toordinal() + days)
    months = 1 if period is Period.MONTH else 12
    elapsed = months_between(start, end) // months
    if add_months(start, elapsed * months) == end:  # 31 January to 28 February is one month
        return elapsed, start
    return elapsed, add_months(end, -elapsed * months)
