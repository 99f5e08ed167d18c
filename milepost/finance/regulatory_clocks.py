"""The dates by which the law wants something done (domain.md 6). Each answer names the rule it follows.

A clock that runs from an event takes the law in force on the day of that event. Working days are Monday to Friday less
the holidays the caller supplies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from milepost.finance import law
from milepost.finance.calendars import WorkingDays, add_months
from milepost.finance.law import Provision
from milepost.finance.money import FinanceError, require_amount

_WEEK = 7

Payment = tuple[date, int]
"""(day, minor units)"""


@dataclass(frozen=True, slots=True)
class ArrearsNotice:
    """When the conditions for a notice of sums in arrears were first met, when to give it, and when to repeat it."""

    conditions_met: date
    give_notice_by: date
    next_notice_no_later_than: date
    rule: str


@dataclass(frozen=True, slots=True)
class DefaultNotice:
    """The first date a default notice may specify, which is also the first on which its consequences may follow."""

    earliest_remedy_date: date
    earliest_action: date
    rule: str


@dataclass(frozen=True, slots=True)
class AnnualStatement:
    """The end of a statement's period and the last day on which it may be given."""

    period_end: date
    give_by: date
    rule: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for one thing."""

    by: date
    rule: str


@dataclass(frozen=True, slots=True)
class BreathingSpace:
    """The first and the last day of a moratorium."""

    moratorium_starts: date
    ends_no_later_than: date
    rule: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """The last day for a summary resolution communication, and for a final response."""

    summary_resolution_by: date
    final_response_by: date
    rule: str


@dataclass(frozen=True, slots=True)
class SubjectAccess:
    """The last day to answer, and the last when a complex request is extended."""

    respond_by: date
    extended_by: date
    rule: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The last day to withdraw, and the days to repay in after the notice."""

    last_day: date
    repay_within_days_of_notice: int
    rule: str


def arrears_notice(due: Sequence[Payment], paid: Sequence[Payment]) -> ArrearsNotice | None:
    """Notice of sums in arrears, s86B: None while its conditions are not met.

    They are met on the first day on which at least two payments were required before it and the shortfall is not less
    than the sum of the last two; four, where they are required at intervals of a week or less. A payment counts from
    the day after it was made, a sum due from the day after it fell due. The notice is given within fourteen days
    beginning with that day, then every six months at most. Raises FinanceError for negative amounts.
    """
    for field, sums in (("due", due), ("paid", paid)):
        for _, amount in sums:
            require_amount(amount, field)
    required = sorted(due)
    received = sorted(paid)
    counted = _arrears_notice_payments([day for day, _ in required])
    shortfall = made = 0
    for number, (day, amount) in enumerate(required, 1):
        shortfall += amount
        while made < len(received) and received[made][0] <= day:
            shortfall -= received[made][1]
            made += 1
        last = sum(sum_due for _, sum_due in required[max(0, number - counted) : number])
        if number >= counted and shortfall >= last > 0:
            return _arrears_notice_from(day + timedelta(days=1))
    return None


def _arrears_notice_payments(days: Sequence[date]) -> int:
    """How many payments must be missed, under the law on the day the last of them is required."""
    weekly = len(days) > 1 and all((later - day).days <= _WEEK for day, later in pairwise(days))
    provision = Provision.ARREARS_NOTICE_WEEKLY_PAYMENTS if weekly else Provision.ARREARS_NOTICE_PAYMENTS
    return law.in_force(provision, max(days, default=date.max)).whole


def arrears_notice_rule(on: date) -> str:
    """The rule under which a notice is asked for, its version included."""
    return law.in_force(Provision.ARREARS_NOTICE_DAYS, on).named


def _arrears_notice_from(met: date) -> ArrearsNotice:
    rule = law.in_force(Provision.ARREARS_NOTICE_DAYS, met)
    give_by = met + timedelta(days=rule.whole - 1)
    months = law.in_force(Provision.ARREARS_NOTICE_INTERVAL_MONTHS, met).whole
    return ArrearsNotice(met, give_by, add_months(give_by, months), rule.named)


def default_notice(served: date, *, service_days: int = 0) -> DefaultNotice:
    """Not less than fourteen days after service, s88(2); `service_days` for post to arrive are the lender's policy."""
    rule = law.in_force(Provision.DEFAULT_NOTICE_DAYS, served)
    remedy = served + timedelta(days=service_days + rule.whole)
    return DefaultNotice(remedy, remedy, rule.named)


def annual_statement(agreement_made: date, period_end: date) -> AnnualStatement:
    """Within thirty days beginning with the day after the period, s77A.

    Periods follow one another from the day the agreement is made, none longer than a year; raises FinanceError for an
    end before that day.
    """
    if period_end < agreement_made:
        raise FinanceError("too_early", "period_end", "must not be before the agreement was made")
    rule = law.in_force(Provision.ANNUAL_STATEMENT_DAYS, period_end)
    return AnnualStatement(period_end, period_end + timedelta(days=rule.whole), rule.named)


def statement_period_end(agreement_made: date, number: int) -> date:
    """The last day of the `number`-th statement period (1 is the first): a year from the last, less a day."""
    months = law.in_force(Provision.ANNUAL_STATEMENT_MONTHS, agreement_made).whole
    return add_months(agreement_made, number * months) - timedelta(days=1)


def settlement_statement(request_received: date, working_days: WorkingDays) -> Deadline:
    """A settlement statement, s97: seven working days after the request."""
    return _working_days_after(Provision.SETTLEMENT_STATEMENT_WORKING_DAYS, request_received, working_days)


def partial_settlement_statement(request_received: date, working_days: WorkingDays) -> Deadline:
    """A statement after a partial settlement, s97A: seven working days from the day after the request."""
    return _working_days_after(Provision.PARTIAL_SETTLEMENT_STATEMENT_WORKING_DAYS, request_received, working_days)


def information_request(request_received: date, working_days: WorkingDays) -> Deadline:
    """A copy of the agreement and a statement, s77: twelve working days."""
    return _working_days_after(Provision.INFORMATION_REQUEST_WORKING_DAYS, request_received, working_days)


def _working_days_after(provision: Provision, received: date, working_days: WorkingDays) -> Deadline:
    rule = law.in_force(provision, received)
    return Deadline(working_days.add(received, rule.whole), rule.named)


def breathing_space(registered: date) -> BreathingSpace:
    """Sixty days beginning with the day after the entry in the register; the creditor's notice does not move them."""
    rule = law.in_force(Provision.BREATHING_SPACE_DAYS, registered)
    return BreathingSpace(registered + timedelta(days=1), registered + timedelta(days=rule.whole), rule.named)


def complaint(received: date, working_days: WorkingDays) -> Complaint:
    """Summary resolution by the third business day after receipt, otherwise a final response within eight weeks."""
    summary = law.in_force(Provision.COMPLAINT_SUMMARY_BUSINESS_DAYS, received)
    final = law.in_force(Provision.COMPLAINT_FINAL_DAYS, received)
    return Complaint(
        working_days.add(received, summary.whole),
        received + timedelta(days=final.whole),
        f"{summary.named}; {final.named}",
    )


def ombudsman(final_response_sent: date) -> Deadline:
    """Six months from the final response."""
    rule = law.in_force(Provision.OMBUDSMAN_MONTHS, final_response_sent)
    return Deadline(add_months(final_response_sent, rule.whole), rule.named)


def subject_access(received: date) -> SubjectAccess:
    """One month, two more for a complex request: the corresponding date, or the last day of a shorter month."""
    rule = law.in_force(Provision.SUBJECT_ACCESS_MONTHS, received)
    extension = law.in_force(Provision.SUBJECT_ACCESS_EXTENSION_MONTHS, received)
    return SubjectAccess(
        add_months(received, rule.whole), add_months(received, rule.whole + extension.whole), rule.named
    )


def withdrawal(agreement_made: date) -> Withdrawal:
    """Fourteen days beginning with the day after the agreement is made, s66A; then thirty days to repay."""
    rule = law.in_force(Provision.WITHDRAWAL_DAYS, agreement_made)
    repay = law.in_force(Provision.WITHDRAWAL_REPAYMENT_DAYS, agreement_made)
    return Withdrawal(agreement_made + timedelta(days=rule.whole), repay.whole, rule.named)


def default_sum_notice(payable: date) -> Deadline:
    """Notice of a default sum within thirty-five days of its becoming payable, s86E."""
    rule = law.in_force(Provision.DEFAULT_SUM_NOTICE_DAYS, payable)
    return Deadline(payable + timedelta(days=rule.whole), rule.named)
