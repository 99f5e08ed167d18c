"""The statutory rebate on early settlement: what the law takes off the payments not yet due.

Rebate = payments due after the settlement date - (sum of A (1+r)^a - sum of B (1+r)^b): A the advances, B the payments
due by the settlement date, a and b the months from each to that date, r the monthly equivalent of the APR (Consumer
Credit (Early Settlement) Regulations 2004, SI 2004/1483, reg 4 and Schedule; domain.md 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from milepost.finance.money import round_half_up
from milepost.finance.rates import PRECISE, annual_rate, decimal_of, effective_monthly

_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Accumulation:
    """Sums to carry forward to the settlement date: (amount, whole months) pairs, and the part month beyond those."""

    amounts: Sequence[tuple[int, int]]
    part_month: Fraction


@dataclass(frozen=True, slots=True)
class Working:
    """How a rebate was reached: `lent` and `repaid` with interest to the last whole month, `owing` after the part
    month; minor units. `monthly_rate` is a Decimal fraction, not a percentage."""

    monthly_rate: Decimal
    lent: int
    repaid: int
    owing: int
    rebate: int


@dataclass(frozen=True, slots=True)
class Rebate:
    """The rebate by the rate rounded to six places, as the regulations' own examples have it, and by the exact one."""

    rounded_rate: Working
    exact_rate: Working

    @property
    def allowed(self) -> int:
        """The larger of the two, since the rebate is to be at least what the regulations give."""
        return max(self.rounded_rate.rebate, self.exact_rate.rebate)


def rebate(*, apr_percent: Decimal, lent: Accumulation, repaid: Sequence[Accumulation], payments_after: int) -> Rebate:
    """Both rebates, never below nought nor above `payments_after`.

    By the rounded rate each sum is rounded to the penny after its whole months, and their difference after the part
    month; by the exact rate the difference alone. That scheme reproduces all published examples (domain.md 4.2).
    """
    exact = effective_monthly(annual_rate(apr_percent, "apr_percent"))
    six_places = exact.quantize(_SIX_PLACES, ROUND_HALF_UP)
    with localcontext(PRECISE):
        return Rebate(
            _working(six_places, lent, repaid, payments_after, to_the_penny=True),
            _working(exact, lent, repaid, payments_after, to_the_penny=False),
        )


def _working(
    rate: Decimal, lent: Accumulation, repaid: Sequence[Accumulation], payments_after: int, *, to_the_penny: bool
) -> Working:
    parts = {accumulation.part_month for accumulation in (lent, *repaid) if accumulation.amounts}
    growth = {part: (1 + rate) ** decimal_of(part) if part else Decimal(1) for part in parts}
    lent_whole = _carried(rate, lent, to_the_penny=to_the_penny)
    owing = lent_whole * growth[lent.part_month]
    repaid_whole = Decimal(0)
    for accumulation in repaid:
        whole = _carried(rate, accumulation, to_the_penny=to_the_penny)
        repaid_whole += whole
        owing -= whole * growth.get(accumulation.part_month, 1)
    rebate = max(0, min(payments_after, payments_after - round_half_up(owing)))
    return Working(rate, round_half_up(lent_whole), round_half_up(repaid_whole), round_half_up(owing), rebate)


def _carried(rate: Decimal, accumulation: Accumulation, *, to_the_penny: bool) -> Decimal:
    """The sums with interest for their whole months."""
    powers = [Decimal(1)]
    for _ in range(max((months for _, months in accumulation.amounts), default=0)):
        powers.append(powers[-1] * (1 + rate))
    grown = [amount * powers[months] for amount, months in accumulation.amounts]
    return Decimal(sum(map(round_half_up, grown))) if to_the_penny else sum(grown, Decimal(0))


def undated_rebate(
    *,
    amount_of_credit: int,
    instalment: int,
    number_of_instalments: int,
    apr_percent: Decimal,
    whole_months: int,
    part_month: Fraction,
) -> Rebate:
    """The rebate of a level agreement so many months after the drawdown: the form of the published examples."""
    paid = min(whole_months, number_of_instalments)
    return rebate(
        apr_percent=apr_percent,
        lent=Accumulation([(amount_of_credit, whole_months)], part_month),
        repaid=[Accumulation([(instalment, whole_months - month) for month in range(1, paid + 1)], part_month)],
        payments_after=instalment * (number_of_instalments - paid),
    )
