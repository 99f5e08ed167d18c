"""The end of a PCP: keep the car, hand it back, or part-exchange it (domain.md 1.2)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from milepost.finance.money import FinanceError, require_amount, round_half_up

_MOST_MILES = 10_000_000
_MOST_PENCE_PER_MILE = 1_000


@dataclass(frozen=True, slots=True)
class EndOfTerm:
    """The three choices side by side; miles whole, money in minor units.

    `equity_if_part_exchanged` may be negative, when handing the car back costs less; None without a market value.
    """

    allowed_miles: int
    excess_miles: int
    excess_charge_if_returned: int
    pay_to_keep: int
    equity_if_part_exchanged: int | None


def choices(
    *,
    annual_allowance: int,
    months_held: int,
    odometer_delta: int,
    pence_per_mile: Decimal,
    balloon: int,
    option_fee: int,
    market_value: int | None = None,
) -> EndOfTerm:
    """The cost of each choice. The allowance of part years is rounded down to whole miles, the charge half up.

    `pence_per_mile` may have decimals (14.9 occurs). Raises FinanceError for negative or absurd figures.
    """
    for field, miles in (("annual_allowance", annual_allowance), ("odometer_delta", odometer_delta)):
        if not 0 <= miles <= _MOST_MILES:
            raise FinanceError("out_of_range", field, f"must be from 0 to {_MOST_MILES} miles")
    if not 0 <= months_held <= 600:
        raise FinanceError("out_of_range", "months_held", "must be from 0 to 600")
    if not (pence_per_mile.is_finite() and 0 <= pence_per_mile <= _MOST_PENCE_PER_MILE):
        raise FinanceError("out_of_range", "pence_per_mile", f"must be from 0 to {_MOST_PENCE_PER_MILE}")
    require_amount(balloon, "balloon")
    require_amount(option_fee, "option_fee")
    if market_value is not None:
        require_amount(market_value, "market_value")
    allowed = annual_allowance * months_held // 12
    excess = max(0, odometer_delta - allowed)
    return EndOfTerm(
        allowed_miles=allowed,
        excess_miles=excess,
        excess_charge_if_returned=round_half_up(excess * Fraction(pence_per_mile)),
        pay_to_keep=balloon + option_fee,
        equity_if_part_exchanged=None if market_value is None else market_value - balloon,
    )
