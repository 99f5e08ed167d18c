"""Amounts as whole minor units, the one rounding rule, and splitting that loses no penny.

Inside finance an amount is a plain `int` of minor units (pence); `Money` is for the edges, where a currency matters.
Sums owed and paid are never negative unless a docstring says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

LARGEST_AMOUNT = 2_147_483_647  # 21,474,836.47: a schedule's amounts are kept in four bytes each


class FinanceError(ValueError):
    """The figures given cannot be a vehicle finance agreement, or a sum cannot be done.

    `code` is a stable word, `field` names the figure at fault, `message` says why in plain English.
    """

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(code, field, message)
        self.code = code
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units (pence, cents; may be negative) of an ISO 4217 `currency`."""

    minor: int
    currency: str


def round_half_up(value: Decimal | Fraction) -> int:
    """The single rounding rule: to the nearest whole unit, halves away from zero.

    Nine published Irish hire purchase examples prove halves up (354.0914 -> 354.09, 213.9565 -> 213.96; domain.md 2.2);
    away from zero below it, so that a reversal mirrors what it reverses.
    """
    if isinstance(value, Decimal):
        return int(value.to_integral_value(ROUND_HALF_UP))
    whole = round_division(abs(value.numerator), value.denominator)
    return whole if value >= 0 else -whole


def round_division(numerator: int, denominator: int) -> int:
    """`numerator / denominator` (both positive or nought) to the nearest whole unit, halves up, in integers alone."""
    return (2 * numerator + denominator) // (2 * denominator)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Share `amount` in proportion to `weights`, by largest remainder: the parts always add up to `amount`.

    A remaining penny goes to the largest fraction, the earlier one when two are equal. A negative amount is split as
    its mirror image. Raises FinanceError when a weight is negative or all are nought.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise FinanceError("invalid", "weights", "weights must not be negative, and one must be above nought")
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(amount * weights[place] % total))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def require_amount(amount: int, field: str, *, least: int = 0) -> None:
    """Refuse an amount that is no whole number, is below `least` or above 21,474,836.47."""
    if type(amount) is not int:
        raise FinanceError("wrong_type", field, "must be a whole number of minor units")
    if amount < least:
        reason = "must not be negative" if least == 0 else "must be above nought"
        raise FinanceError("negative" if amount < 0 else "too_small", field, reason)
    if amount > LARGEST_AMOUNT:
        raise FinanceError("too_large", field, f"must not exceed {LARGEST_AMOUNT} minor units")
