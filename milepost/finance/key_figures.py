"""The figures an agreement prints on its first page, from its terms and their schedule."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from milepost.finance import apr
from milepost.finance.schedule import Schedule, implied_rate
from milepost.finance.terms import Terms


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Minor units, except the rates.

    `final_instalment` is the last instalment alone, without balloon or fee. `total_of_payments` counts fees and
    balloon, `total_amount_payable` the deposit and part-exchange as well. `implied_monthly_rate` is a fraction of one,
    to 28 places; `apr_percent` is unrounded (print `apr.rounded`).
    """

    instalment: int
    final_instalment: int
    balloon: int | None
    total_interest: int
    total_of_payments: int
    total_amount_payable: int
    implied_monthly_rate: Fraction
    apr_percent: Decimal


def key_figures(terms: Terms, schedule: Schedule) -> KeyFigures:
    """Work them out; about a millisecond. Raises FinanceError where fees leave no rate that could be an APR."""
    last = terms.number_of_instalments - 1
    final = final_instalment(terms, schedule, last)
    total = schedule.total() + terms.upfront_fees
    return KeyFigures(
        instalment=schedule.payment(0) if last else final,
        final_instalment=final,
        balloon=terms.balloon.amount if terms.balloon else None,
        total_interest=sum(schedule.interest),
        total_of_payments=total,
        total_amount_payable=total + terms.deposit + terms.part_exchange,
        implied_monthly_rate=implied_rate(terms, schedule),
        apr_percent=apr.of_schedule(schedule, terms.upfront_fees),
    )


def final_instalment(terms: Terms, schedule: Schedule, last: int) -> int:
    """What row `last`, the last instalment's, holds without a balloon that shares it."""
    shared = terms.balloon.amount if terms.balloon and len(schedule) == last + 1 else 0
    return schedule.payment(last) - shared
