"""Rates: an exact Fraction a year or a month, or a Decimal of 28 places where the true rate is irrational.

Never a binary approximation: an interest of 19053/2 pence is a tie that a pre-divided monthly rate gets wrong in 84 of
40,000 agreements (scale.md 3), so interest multiplies first and divides once.
"""

from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from milepost.finance.money import FinanceError

PRECISE = Context(prec=40)
"""Forty digits for every rate, power and present value; used locally, the caller's own context is never changed."""

PLACES = Decimal(1).scaleb(-28)
HIGHEST_ANNUAL_PERCENT = 10_000


def annual_rate(percent: Decimal | str | int, field: str = "annual_percent") -> Fraction:
    """A percentage a year as an exact fraction: "8.9" -> 89/1000.

    Raises FinanceError when it is no finite number, negative, or above 10,000 % a year.
    """
    try:
        value = Decimal(percent)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise FinanceError("wrong_type", field, "must be a decimal number") from error
    if not value.is_finite():
        raise FinanceError("not_finite", field, "must be a finite number")
    if value < 0:
        raise FinanceError("negative", field, "must not be negative")
    if value > HIGHEST_ANNUAL_PERCENT:
        raise FinanceError("too_large", field, f"must not exceed {HIGHEST_ANNUAL_PERCENT} percent a year")
    return Fraction(value) / 100


def nominal_monthly(annual: Fraction) -> Fraction:
    """A twelfth of the annual rate, exactly (domain.md 2.1: nominal/12)."""
    return annual / 12


@lru_cache(maxsize=4096)
def effective_monthly(annual: Fraction) -> Decimal:
    """(1 + a)^(1/12) - 1 to 28 places: the monthly equivalent of an effective annual rate or APR (domain.md 2.1)."""
    growth = PRECISE.divide(Decimal(annual.numerator + annual.denominator), Decimal(annual.denominator))
    root = PRECISE.exp(PRECISE.divide(PRECISE.ln(growth), Decimal(12)))
    return PRECISE.quantize(PRECISE.subtract(root, Decimal(1)), PLACES)


def decimal_of(rate: Fraction) -> Decimal:
    """A fraction as a Decimal of 40 digits."""
    return PRECISE.divide(Decimal(rate.numerator), Decimal(rate.denominator))
