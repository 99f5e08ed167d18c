"""The odd first period: interest from the drawdown to a first due date that is not one month later (domain.md 2.2)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from milepost.finance.calendars import add_months
from milepost.finance.periods import YEARS, Period, years_between
from milepost.finance.rates import PRECISE, decimal_of
from milepost.finance.terms import OddFirstPeriod, Terms


@dataclass(frozen=True, slots=True)
class FirstPeriod:
    """A month or none, and what comes to it.

    COMPOUND: growth at the monthly rate over one month and `extra_months` (a fraction of equal months by the APR's
    measure of time). SIMPLE: a month's interest and simple interest, actual/365, for `days` more. Either is negative
    when the period is shorter than a month.
    """

    extra_months: Fraction = Fraction(0)
    days: int = 0

    @classmethod
    def of(cls, terms: Terms) -> "FirstPeriod":
        """The first period of an agreement; one equal month unless its terms say otherwise."""
        if terms.drawdown_date is None or terms.odd_first_period is OddFirstPeriod.EQUAL:
            return EQUAL
        if terms.odd_first_period is OddFirstPeriod.SIMPLE:
            month_before = add_months(terms.first_due, -1, terms.day_of_month)
            return cls(days=(month_before - terms.drawdown_date).days)
        years = years_between(terms.drawdown_date, terms.first_due, Period.MONTH)
        return cls(extra_months=(years - YEARS[Period.MONTH]) * 12)

    @property
    def is_long(self) -> bool:
        """Whether it is longer than a month, so that a payment need not cover its interest."""
        return self.extra_months > 0 or self.days > 0

    @property
    def is_equal(self) -> bool:
        """Whether the first period is one equal month like the others."""
        return self is EQUAL or self == EQUAL

    def rate(self, monthly: Fraction, annual: Fraction) -> Fraction:
        """Interest of the first period on one unit of principal."""
        if self.extra_months:
            growth = PRECISE.power(1 + decimal_of(monthly), decimal_of(1 + self.extra_months))
            return Fraction(growth) - 1
        return max(Fraction(0), monthly + annual * self.days / 365)

    @property
    def extra(self) -> Decimal:
        """Months beyond the first; a day of simple interest is 12/365, the annual rate being twelve monthly ones."""
        return decimal_of(self.extra_months or Fraction(12 * self.days, 365))

    def stretch(self, monthly: Decimal) -> tuple[Decimal, Decimal]:
        """g, by which the first period's growth exceeds one month's at this rate, and its derivative (for solving)."""
        one_month = 1 + monthly
        if self.extra_months:
            growth = one_month**self.extra
            return growth, self.extra * growth / one_month
        return 1 + self.extra * monthly / one_month, self.extra / (one_month * one_month)


EQUAL = FirstPeriod()
