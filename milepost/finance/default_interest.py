"""Interest on missed instalments and default sums: simple, at the contract's rate (CCA 1974 s86E, s86F)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from milepost.finance import interest
from milepost.finance.money import FinanceError


@dataclass(frozen=True, slots=True)
class DefaultInterest:
    """The chargeable days, and the interest in minor units."""

    days: int
    interest: int


def charge(
    *, principal: int, annual: Fraction, start: date, end: date, interest_free_until: date | None = None
) -> DefaultInterest:
    """Simple interest, actual/365: `start` is excluded, `end` included.

    `interest_free_until` is the last day that may not be charged for: a default sum bears no interest until the 29th
    day after its notice. Raises FinanceError for a negative principal or an end before the start.
    """
    if end < start:
        raise FinanceError("too_early", "end_date", "must not be before the start date")
    begin = start if interest_free_until is None else min(end, max(start, interest_free_until))
    return DefaultInterest((end - begin).days, interest.simple(principal, annual, begin, end))
