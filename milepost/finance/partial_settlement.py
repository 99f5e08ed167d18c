"""Paying part of the debt early (CCA s94(3)): the balance falls at once, and the customer chooses what that changes.

KEEP_TERM lowers the instalments, KEEP_INSTALMENT ends the agreement sooner. The settlement date is the day of the
payment, without deferral (domain.md 4.1); here that is the day of an instalment, after that instalment.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from milepost.finance.key_figures import final_instalment
from milepost.finance.money import FinanceError, require_amount
from milepost.finance.rates import decimal_of, effective_monthly, nominal_monthly
from milepost.finance.schedule import Schedule, build, implied_rate, remaining
from milepost.finance.terms import Balloon, RateConvention, Terms


class Keeping(StrEnum):
    """What stays as it was: the customer's choice."""

    KEEP_TERM = "KEEP_TERM"
    KEEP_INSTALMENT = "KEEP_INSTALMENT"


@dataclass(frozen=True, slots=True)
class PartialSettlement:
    """The agreement after a partial settlement; minor units, fees left out.

    `final_instalment` is the last instalment alone; `remaining_total` is all there is to pay from now on, with any
    balloon; `interest_saved` is what the payment spares beyond its own amount. `schedule` holds the rows to come.
    """

    balance_before: int
    balance_after: int
    new_instalment: int
    remaining_instalments: int
    final_instalment: int
    remaining_total: int
    interest_saved: int
    schedule: Schedule


def settle_in_part(
    *, terms: Terms, schedule: Schedule, instalments_paid: int, payment: int, keeping: Keeping
) -> PartialSettlement:
    """Pay `payment` early on the day of instalment `instalments_paid`, after it.

    Interest goes on at the agreement's own monthly rate, the implied one where the contract is FLAT or CONTRACT.
    Raises FinanceError where no instalment is left or none but advance ones is paid, where the payment would settle
    everything or leave less than the balloon, and for KEEP_INSTALMENT with a balloon, whose date is fixed.
    """
    left = terms.number_of_instalments - instalments_paid
    if left < 1 or instalments_paid <= terms.advance_instalments:
        raise FinanceError("out_of_range", "instalments_paid", "must be an instalment's number, and not the last")
    require_amount(payment, "partial_payment", least=1)
    before = schedule.balance_after(instalments_paid - 1)
    after = before - payment
    if after <= (terms.balloon.amount if terms.balloon else 0):
        raise FinanceError("too_large", "partial_payment", "leaves nothing for the instalments: settle in full instead")
    monthly = _monthly_rate(terms, schedule)
    if keeping is Keeping.KEEP_TERM:
        rest = _with_lower_instalments(terms, schedule, instalments_paid, after, monthly)
    else:
        rest = _with_fewer_instalments(terms, schedule, instalments_paid, after, monthly)
    number = left if keeping is Keeping.KEEP_TERM else len(rest)
    final = final_instalment(terms, rest, number - 1)
    total = rest.opening + sum(rest.interest)
    unchanged = before + sum(schedule.interest[instalments_paid:])
    return PartialSettlement(
        balance_before=before,
        balance_after=after,
        new_instalment=rest.payment(0) if number > 1 else final,
        remaining_instalments=number,
        final_instalment=final,
        remaining_total=total,
        interest_saved=unchanged - payment - total,
        schedule=rest,
    )


def _monthly_rate(terms: Terms, schedule: Schedule) -> Fraction:
    if terms.rate_convention is RateConvention.NOMINAL:
        return nominal_monthly(terms.annual)
    if terms.rate_convention is RateConvention.EFFECTIVE:
        return Fraction(effective_monthly(terms.annual))
    return implied_rate(terms, schedule)


def _with_lower_instalments(terms: Terms, schedule: Schedule, paid: int, balance: int, monthly: Fraction) -> Schedule:
    """The same term at a new level instalment; the balloon stays as it is, when it is."""
    left = terms.number_of_instalments - paid
    balloon = terms.balloon
    if balloon:
        balloon = Balloon(balloon.amount, left + balloon.month - terms.last_instalment_month)
    nominal = decimal_of(monthly) * 1200
    dated = terms.drawdown_date is not None
    rest = Terms(
        amount_of_credit=balance,
        number_of_instalments=left,
        rate_convention=RateConvention.NOMINAL,
        annual_percent=nominal,
        drawdown_date=schedule.due(paid - 1) if dated else None,
        first_due_date=schedule.due(paid) if dated else None,
        due_day=schedule.due_day if dated else None,
        balloon=balloon,
    )
    return replace(build(rest), fees=schedule.fees[paid:])


def _with_fewer_instalments(terms: Terms, schedule: Schedule, paid: int, balance: int, monthly: Fraction) -> Schedule:
    """The same instalment for as long as it takes."""
    if terms.balloon:
        raise FinanceError("not_allowed", "mode", "the balloon's date is fixed: keep the term instead")
    rest = remaining(
        opening_principal=balance,
        number=terms.number_of_instalments - paid,
        instalment=schedule.payment(paid - 1),
        first_due=schedule.first_due,
        due_day=schedule.due_day,
        annual=12 * monthly,
        drawdown_date=schedule.drawdown_date,
    )
    fees = (0,) * (len(rest) - 1) + (sum(schedule.fees[paid:]),)
    rest = replace(rest, fees=fees)
    if terms.drawdown_date is None:
        return rest
    return replace(rest, first_due=schedule.due(paid), drawdown_date=schedule.due(paid - 1))
