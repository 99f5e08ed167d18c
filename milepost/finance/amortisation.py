"""How each payment divides into interest and principal (domain.md 2.3): rate-driven, or fixed by the contract.

Both give, for each row, what is paid without fees and how much of it is interest, in minor units. Advance instalments
are all principal. The last instalment absorbs the pence; the balloon, which is contractual, never does.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from milepost.finance.first_period import FirstPeriod
from milepost.finance.implied_rate import implied_monthly_rate
from milepost.finance.money import FinanceError, round_division, round_half_up
from milepost.finance.rates import PRECISE, decimal_of, effective_monthly, nominal_monthly
from milepost.finance.terms import RateConvention, Terms

Rows = tuple[list[int], list[int]]
"""(payments without fees, interest), one element a row."""


def rows(terms: Terms) -> Rows:
    """Divide the payments by the terms' own convention. Raises FinanceError when no such schedule exists."""
    if terms.rate_convention is RateConvention.CONTRACT:
        return _contract_rows(terms, _printed_payments(terms))
    if terms.rate_convention is RateConvention.FLAT:
        return _contract_rows(terms, _flat_payments(terms))
    return _rated_rows(terms)


def level_instalment(terms: Terms, monthly: Fraction, first: Fraction) -> int:
    """The level instalment, half up (domain.md 2.2): (P g - B v^m) / (k g + a(n)), k instalments in advance.

    `first` is the interest of the first period on one unit, which makes g = (1 + first) / (1 + monthly).
    """
    months = terms.last_instalment_month
    with localcontext(PRECISE):
        growth = decimal_of((1 + first) / (1 + monthly))
        discount = 1 / (1 + decimal_of(monthly))
        annuity = (1 - discount**months) / decimal_of(monthly) if monthly else Decimal(months)
        worth = terms.amount_of_credit * growth
        if terms.balloon:
            worth -= terms.balloon.amount * discount**terms.balloon.month
        return round_half_up(worth / (terms.advance_instalments * growth + annuity))


def _rated_rows(terms: Terms) -> Rows:
    """Interest of a month is the rounded balance times the rate, multiplied first and divided once."""
    annual = terms.annual
    nominal = terms.rate_convention is RateConvention.NOMINAL
    monthly = nominal_monthly(annual) if nominal else Fraction(effective_monthly(annual))
    first = FirstPeriod.of(terms).rate(monthly, annual)
    instalment = level_instalment(terms, monthly, first)
    payments = [instalment] * terms.number_of_instalments
    interest = [0] * terms.advance_instalments
    balance = terms.amount_of_credit - instalment * terms.advance_instalments
    rate = first
    for _ in range(terms.last_instalment_month):
        interest.append(round_division(balance * rate.numerator, rate.denominator))
        balance += interest[-1] - instalment
        rate = monthly
    payments[-1] += balance
    if terms.balloon and terms.balloon.month > terms.last_instalment_month:
        # The principal which, with its own month of interest, makes the balloon exactly.
        principal = round_half_up(terms.balloon.amount / (1 + monthly))
        payments[-1] -= principal
        payments.append(terms.balloon.amount)
        interest.append(terms.balloon.amount - principal)
    return payments, interest


def _printed_payments(terms: Terms) -> list[int]:
    instalment = terms.instalment or 0
    final = instalment if terms.final_instalment is None else terms.final_instalment
    return _with_balloon(terms, [instalment] * (terms.number_of_instalments - 1) + [final])


def _flat_payments(terms: Terms) -> list[int]:
    """The charge is credit x flat rate x years of the whole term; what it leaves to pay is spread evenly."""
    months = max(terms.number_of_instalments, terms.balloon.month if terms.balloon else 0)
    charge = round_half_up(terms.amount_of_credit * terms.annual * months / 12)
    to_spread = terms.amount_of_credit + charge - (terms.balloon.amount if terms.balloon else 0)
    instalment = round_division(to_spread, terms.number_of_instalments)
    payments = [instalment] * terms.number_of_instalments
    payments[-1] += to_spread - sum(payments)
    return _with_balloon(terms, payments)


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
    return payments, [0] * advance + _cumulative_interest(credit, payments[advance:], monthly)


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
