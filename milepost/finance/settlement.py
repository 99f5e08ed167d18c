"""What a customer pays to settle an agreement early, and how that figure is reached (CCA s94-97; SI 2004/1483).

The figure is good until 28 days after the notice; the settlement date of the formula may lie one month or 30 days
later, by the lender's policy, where the credit runs for more than a year (domain.md 4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from milepost.finance import law
from milepost.finance.calendars import add_months, months_between
from milepost.finance.money import FinanceError, require_amount
from milepost.finance.policy import Deferral
from milepost.finance.rebate import Accumulation, Rebate, rebate
from milepost.finance.schedule import Schedule

_LATEST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum that makes the figure: signed minor units, why it is there, and where the rule is written."""

    label: str
    amount: int
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class SettlementQuote:
    """A settlement figure. Minor units; `lines` add up to `amount_to_settle`.

    `part_month` is `days_left` over `days_in_month`, the month that the settlement date stands in, counted from the
    drawdown.
    """

    received_on: date
    good_until: date
    settlement_date: date
    whole_months: int
    days_left: int
    days_in_month: int
    payments_due_after_settlement_date: int
    instalments_falling_due_before_settlement_date: int
    workings: Rebate
    unpaid: int
    default_sums: int
    credit: int
    amount_to_settle: int
    lines: tuple[Line, ...]

    @property
    def part_month(self) -> Fraction:
        """What is left of the settlement date beyond the whole months, in months."""
        return Fraction(self.days_left, self.days_in_month)

    @property
    def rebate(self) -> int:
        """The rebate allowed: the larger of the two."""
        return self.workings.allowed

    @property
    def rebate_rounded_rate(self) -> int:
        """The rebate at the monthly rate of six decimals."""
        return self.workings.rounded_rate.rebate

    @property
    def rebate_exact_rate(self) -> int:
        """The rebate at the unrounded monthly rate."""
        return self.workings.exact_rate.rebate


def settlement_dates(schedule: Schedule, received_on: date, deferral: Deferral) -> tuple[date, date]:
    """(good until, settlement date) of a notice received on a date."""
    good_until = received_on + timedelta(days=law.in_force(law.Provision.SETTLEMENT_NOTICE_DAYS, received_on).whole)
    months = law.in_force(law.Provision.SETTLEMENT_DEFERRAL_OVER_MONTHS, received_on).whole
    runs_longer = schedule.due(len(schedule) - 1) > add_months(schedule.drawdown_date, months)
    if deferral is Deferral.NONE or not runs_longer:
        return good_until, good_until
    if deferral is Deferral.MONTH:
        return good_until, add_months(good_until, 1)
    days = law.in_force(law.Provision.SETTLEMENT_DEFERRAL_DAYS, received_on).whole
    return good_until, good_until + timedelta(days=days)


def quote(
    *,
    schedule: Schedule,
    apr_percent: Decimal,
    received_on: date,
    deferral: Deferral,
    unpaid: int = 0,
    default_sums: int = 0,
    credit: int = 0,
    upfront_fees: int = 0,
) -> SettlementQuote:
    """The figure for a notice received on a date; about half a millisecond.

    Whatever was due before that date counts as paid, except `unpaid`, which is added and leaves the rebate alone, as do
    `default_sums`; `credit` (money of the customer's beyond the sums due before that date: `Position.paid_ahead`) is
    taken off, down to a figure of nought. `apr_percent` is the APR as printed. Raises FinanceError for a notice before
    the drawdown and for negative amounts.
    """
    for field, amount in (("unpaid", unpaid), ("default_sums", default_sums), ("credit", credit)):
        require_amount(amount, field)
    if received_on < schedule.drawdown_date:
        raise FinanceError("too_early", "received_on", "must not be before the drawdown date")
    if received_on > add_months(schedule.due(len(schedule) - 1), _LATEST_MONTHS):
        raise FinanceError("too_late", "received_on", "must not be a century after the last payment")
    good_until, settlement_date = settlement_dates(schedule, received_on, deferral)
    counted_paid = schedule.rows_due_by(received_on - timedelta(days=1))
    due_by_settlement = schedule.rows_due_by(settlement_date)
    falling_due = schedule.total(counted_paid, due_by_settlement)
    after = schedule.total(due_by_settlement)
    whole, left, length = _elapsed(schedule.drawdown_date, schedule.drawdown_date.day, settlement_date)
    amounts = schedule.amounts_due()[:due_by_settlement]
    at_drawdown = [(amount, whole) for amount in (upfront_fees, *amounts[: schedule.advance]) if amount]
    workings = rebate(
        apr_percent=apr_percent,
        lent=Accumulation([(schedule.opening, whole)], Fraction(left, length)),
        repaid=[
            Accumulation(at_drawdown, Fraction(left, length)),
            _monthly_payments(schedule, amounts[schedule.advance :], settlement_date),
        ],
        payments_after=after,
    )
    owed = falling_due + after - workings.allowed + unpaid + default_sums
    lines = tuple(_lines(falling_due + after, workings.allowed, unpaid, default_sums, min(credit, owed)))
    return SettlementQuote(
        received_on,
        good_until,
        settlement_date,
        whole,
        left,
        length,
        after,
        falling_due,
        workings,
        unpaid,
        default_sums,
        credit,
        sum(line.amount for line in lines),
        lines,
    )


def _elapsed(start: date, due_day: int, end: date) -> tuple[int, int, int]:
    """Whole months from `start` to `end`, the days left over, and the days of the month they stand in."""
    whole = months_between(start, end, due_day)
    month = add_months(start, whole, due_day)
    return whole, (end - month).days, (add_months(start, whole + 1, due_day) - month).days


def _monthly_payments(schedule: Schedule, amounts: Sequence[int], settlement_date: date) -> Accumulation:
    """The monthly payments due by the settlement date, each with its months to that date.

    They are counted from the drawdown where the first period is one month, as in the published examples; with an odd
    first period from due date to due date, since the months from the drawdown fall elsewhere.
    """
    if schedule.first_due == add_months(schedule.drawdown_date, 1):
        months, left, length = _elapsed(schedule.drawdown_date, schedule.drawdown_date.day, settlement_date)
        months -= 1
    else:
        months, left, length = _elapsed(schedule.first_due, schedule.due_day, settlement_date)
    return Accumulation([(amount, months - row) for row, amount in enumerate(amounts)], Fraction(left, length))


def _lines(to_come: int, rebate: int, unpaid: int, default_sums: int, credit: int) -> Iterator[Line]:
    """The sum in the order in which a customer reads it; missed payments, fees and credit only where there are any."""
    yield Line("Payments still to come", to_come, "every sum the agreement still asks for, fees included", "CCA s94")
    yield Line("Rebate", -rebate, "the larger rebate, by rounded and by exact monthly rate", "CCA s95; SI 2004/1483")
    if unpaid:
        yield Line("Missed payments", unpaid, "due before the notice and not paid", "CCA s94")
    if default_sums:
        yield Line("Default sums", default_sums, "charged for breaches and not paid", "CCA s94")
    if credit:
        yield Line("Your credit", -credit, "paid already and not used", "the agreement")
