"""The monthly rate implied by the payments an agreement prints (domain.md 2.3, contract-fixed)."""

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from itertools import groupby

from milepost.finance.first_period import EQUAL, FirstPeriod
from milepost.finance.money import FinanceError
from milepost.finance.rates import PLACES, PRECISE

HIGHEST_MONTHLY = 1  # 100 % a month: beyond it the figures are a slip of the pen
_QUICK = Context(prec=20)
_MOST_STEPS = 40

Run = tuple[int, int, int]
"""(amount, how many, the month after which the first of them falls): equal payments in a row."""


def implied_monthly_rate(credit: int, payments: Sequence[int], first_period: FirstPeriod = EQUAL) -> Decimal:
    """The rate at which `payments`, one a month from one month after the drawdown, are worth `credit`; 28 places.

    Exactly nought when they add up to the credit. Raises FinanceError when they add up to less, or when the rate would
    exceed 100 % a month.
    """
    total = sum(payments)
    if total < credit:
        raise FinanceError("too_small", "instalment", "the payments do not repay the credit")
    if total == credit:
        return Decimal(0)
    runs = _runs(payments)
    if _excess(Decimal(HIGHEST_MONTHLY), credit, runs, first_period)[0] > 0:
        raise FinanceError("too_large", "instalment", "the payments imply a rate above 100 percent a month")
    # Simple discount never exceeds compound discount, so this start is at or below the root of a falling convex curve,
    # up which Newton's method climbs without passing it.
    months = sum(payment * month for month, payment in enumerate(payments, 1))
    with localcontext(PRECISE):
        rate = (total - credit) / (months + total * first_period.extra)
    for context in (_QUICK, PRECISE):
        with localcontext(context):
            rate = _climb(rate, credit, runs, first_period)
    return PRECISE.quantize(rate, PLACES)


def _climb(rate: Decimal, credit: int, runs: Sequence[Run], first_period: FirstPeriod) -> Decimal:
    """Newton's method in the current context until the next step would be beyond the 28th digit."""
    for _ in range(_MOST_STEPS):
        excess, slope = _excess(rate, credit, runs, first_period)
        step = excess / slope
        rate -= step
        if abs(step) < rate.scaleb(-14):  # each step squares the error
            break
    return rate


def _excess(rate: Decimal, credit: int, runs: Sequence[Run], first_period: FirstPeriod) -> tuple[Decimal, Decimal]:
    """What the payments are worth less the credit at a monthly rate, and its derivative by the rate."""
    worth = slope = Decimal(0)
    discount = 1 / (1 + rate)
    for amount, count, before in runs:
        start, stop = discount**before, discount ** (before + count)
        annuity = (start - stop) / rate
        worth += amount * annuity
        slope += amount * ((stop * (before + count) - start * before) * discount - annuity) / rate
    if first_period.is_equal:
        return worth - credit, slope
    stretch, steeper = first_period.stretch(rate)
    return worth / stretch - credit, (slope - worth * steeper / stretch) / stretch


def _runs(payments: Sequence[int]) -> list[Run]:
    runs = []
    before = 0
    for amount, equal in groupby(payments):
        count = len(list(equal))
        runs.append((amount, count, before))
        before += count
    return runs
