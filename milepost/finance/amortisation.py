"""How each payment divides into interest and principal (domain.md 2.3): rate-driven, or fixed by the contract.

Both give the principal and the interest of each row, in minor units. Advance instalments
are all principal. The last instalment absorbs the pence; the balloon, which is contractual, never does.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from operator import sub
from typing import NamedTuple

from milepost.finance.first_period import FirstPeriod
from milepost.finance.implied_rate import implied_monthly_rate
from milepost.finance.money import FinanceError, round_division, round_half_up
from milepost.finance.rates import PRECISE, annual_rate, decimal_of, effective_monthly, nominal_monthly
from milepost.finance.terms import RateConvention, Terms

Rows = tuple[list[int], list[int]]
"""(principal, interest), one element a row; together they are what is paid without fees."""

_ONE = Decimal(1)


def rows(terms: Terms) -> Rows:
    """Divide the payments by the terms' own convention. Raises FinanceError when no such schedule exists."""
    if terms.rate_convention is RateConvention.CONTRACT:
        return _contract_rows(terms, _printed_payments(terms))
    if terms.rate_convention is RateConvention.FLAT:
        return _contract_rows(terms, _flat_payments(terms))
    return _rated_rows(terms)


def instalment(terms: Terms) -> int:
    """The level instalment of the terms: by their rate, by their flat charge, or as printed."""
    if terms.rate_convention is RateConvention.CONTRACT:
        return terms.instalment or 0
    if terms.rate_convention is RateConvention.FLAT:
        return _flat_instalment(terms)[0]
    monthly = _monthly(terms)
    return _level_instalment(terms, monthly, _first(terms, monthly.exact))


def _level_instalment(terms: Terms, monthly: "_Monthly", first: Fraction) -> int:
    """Half up (domain.md 2.2): (P g - B v^m) / (k g + a(n)), k instalments in advance.

    `first` is the interest of the first period on one unit, which makes g = (1 + first) / (1 + monthly).
    """
    months = terms.last_instalment_month
    growth = _ONE if first is monthly.exact else decimal_of((1 + first) / (1 + monthly.exact))
    worth = PRECISE.multiply(terms.amount_of_credit, growth)
    if terms.balloon:
        discount = PRECISE.power(monthly.discount, terms.balloon.month)
        worth = PRECISE.subtract(worth, PRECISE.multiply(terms.balloon.amount, discount))
    annuity = Decimal(months)
    if monthly.rate:
        annuity = PRECISE.divide(PRECISE.subtract(_ONE, PRECISE.power(monthly.discount, months)), monthly.rate)
    return round_half_up(PRECISE.divide(worth, PRECISE.fma(terms.advance_instalments, growth, annuity)))


class _Monthly(NamedTuple):
    """The interest of a month on one unit, exactly and to 40 digits, and what one unit a month from now is worth."""

    exact: Fraction
    rate: Decimal
    discount: Decimal


def _monthly(terms: Terms) -> _Monthly:
    return _monthly_of(terms.rate_convention, terms.annual_percent or Decimal(0))


@lru_cache(maxsize=4096)
def _monthly_of(convention: RateConvention, annual_percent: Decimal) -> _Monthly:
    """Kept, since a lender has a few hundred rates and a book asks for them a million times."""
    annual = annual_rate(annual_percent)
    nominal = convention is RateConvention.NOMINAL
    exact = nominal_monthly(annual) if nominal else Fraction(effective_monthly(annual))
    rate = decimal_of(exact)
    return _Monthly(exact, rate, PRECISE.divide(_ONE, PRECISE.add(_ONE, rate)))


def _first(terms: Terms, monthly: Fraction) -> Fraction:
    """Interest of the first period on one unit; `monthly` itself when that period is a month like the others."""
    first = FirstPeriod.of(terms)
    return monthly if first.is_equal else first.rate(monthly, terms.annual)


def _rated_rows(terms: Terms) -> Rows:
    """Interest of a month is the rounded balance times the rate, multiplied first and divided once."""
    rate = _monthly(terms)
    monthly = rate.exact
    first = _first(terms, monthly)
    level = _level_instalment(terms, rate, first)
    advance = terms.advance_instalments
    balance = terms.amount_of_credit - level * advance
    if first is monthly:
        balances = _run_down(balance, level, monthly, terms.last_instalment_month)
    else:
        balances = _run_down(balance, level, first, 1)
        balances += _run_down(balances[-1], level, monthly, terms.last_instalment_month - 1)[1:]
    principal = [level] * advance + list(map(sub, balances, balances[1:]))
    interest = [level - part for part in principal]
    balloon = terms.balloon
    if balloon is None or balloon.month == terms.last_instalment_month:
        of_balloon = balloon.amount if balloon else 0
    else:
        # The principal which, with its own month of interest, makes the balloon exactly.
        of_balloon = round_half_up(balloon.amount / (1 + monthly))
        principal.append(of_balloon)
        interest.append(balloon.amount - of_balloon)
        balances[-1] -= of_balloon
        of_balloon = 0
    _check_last(terms, level, balances[-1] - of_balloon)
    principal[terms.number_of_instalments - 1] += balances[-1]
    return principal, interest


def _check_last(terms: Terms, level: int, pence: int) -> None:
    """The last instalment absorbs pence. At a high rate over many years a rounded penny grows beyond an instalment."""
    if level + pence <= 0:
        raise FinanceError("too_small", "number_of_instalments", "every payment must be above nought")
    if pence > max(level, terms.number_of_instalments):
        raise FinanceError(
            "negative_amortisation", "number_of_instalments",
            "the instalment, rounded to a penny, would hardly pay off anything: fewer instalments, or a lower rate",
        )  # fmt: skip


def _run_down(balance: int, instalment: int, rate: Fraction, months: int) -> list[int]:
    """The balance at first and after each month: interest added, rounded half up, and the instalment taken off.

    balance + (2 x balance x n + d) // 2d - instalment, for a rate of n/d, with everything under the one division.
    """
    divisor = 2 * rate.denominator
    growth = divisor + 2 * rate.numerator
    less = rate.denominator - instalment * divisor
    return [balance, *[balance := (balance * growth + less) // divisor for _ in range(months)]]


def _printed_payments(terms: Terms) -> list[int]:
    instalment = terms.instalment or 0
    final = instalment if terms.final_instalment is None else terms.final_instalment
    return _with_balloon(terms, [instalment] * (terms.number_of_instalments - 1) + [final])


def _flat_payments(terms: Terms) -> list[int]:
    instalment, to_spread = _flat_instalment(terms)
    before = terms.number_of_instalments - 1
    return _with_balloon(terms, [instalment] * before + [to_spread - instalment * before])


def _flat_instalment(terms: Terms) -> tuple[int, int]:
    """(instalment, all instalments): the charge is credit x flat rate x years, a month for every instalment (domain.md
    2.1), and what it leaves to pay is spread evenly."""
    charge = round_half_up(terms.amount_of_credit * terms.annual * terms.number_of_instalments / 12)
    to_spread = terms.amount_of_credit + charge - (terms.balloon.amount if terms.balloon else 0)
    return round_division(to_spread, terms.number_of_instalments), to_spread


def _with_balloon(terms: Terms, instalments: list[int]) -> list[int]:
    if terms.balloon is None:
        return instalments
    if terms.balloon.month > terms.last_instalment_month:
        return [*instalments, terms.balloon.amount]
    return [*instalments[:-1], instalments[-1] + terms.balloon.amount]


def _contract_rows(terms: Terms, payments: list[int]) -> Rows:
    """Interest by steps of the rounded running total at the implied rate: the parts add up to the contract exactly."""
    advance = terms.advance_instalments
    credit = terms.amount_of_credit - sum(payments[:advance])
    if credit <= 0:
        raise FinanceError("too_large", "instalment", "the advance instalments repay the whole credit")
    monthly = implied_monthly_rate(credit, payments[advance:], FirstPeriod.of(terms))
    interest = [0] * advance + _cumulative_interest(credit, payments[advance:], monthly)
    return list(map(sub, payments, interest)), interest


def _cumulative_interest(credit: int, payments: Sequence[int], monthly: Decimal) -> list[int]:
    """Each row's step of the running interest: what is paid so far, less the credit, plus what the rest is worth.

    The worth of the rest is counted from the end, where errors shrink; from the start they grow as the interest does,
    and at high rates over many years outgrow any number of digits.
    """
    with localcontext(PRECISE):
        discount = 1 / (1 + monthly)
        worth = [Decimal(0)]
        for payment in reversed(payments[1:]):
            worth.append((worth[-1] + payment) * discount)
        interest = []
        shown, paid = 0, -credit
        for payment in payments:
            paid += payment
            total = round_half_up(paid + worth.pop())
            interest.append(total - shown)
            shown = total
    return interest
