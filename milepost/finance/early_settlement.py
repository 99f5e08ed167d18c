"""What a customer pays on the day she chooses to settle: the settlement figure, and what goes out before that day.

The notice is given today. Up to 28 days after it the figure is that of the notice; for a later day the customer has
named that day, and the settlement date of the formula counts from there (CCA 1974 s94-97; SI 2004/1483 reg 5 and 6).
A payment that falls due between the notice and the day she pays counts towards the figure (domain.md 4.2, step 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from milepost.finance import compensatory_amount, law, settlement
from milepost.finance.calendars import add_months
from milepost.finance.law import Provision, Rule
from milepost.finance.money import FinanceError, require_amount
from milepost.finance.policy import Deferral
from milepost.finance.rebate import Rebate
from milepost.finance.schedule import Schedule

PROVISIONS = (
    Provision.SETTLEMENT_NOTICE_DAYS,
    Provision.SETTLEMENT_DEFERRAL_DAYS,
    Provision.SETTLEMENT_DEFERRAL_OVER_MONTHS,
    Provision.COMPENSATORY_THRESHOLD,
    Provision.COMPENSATORY_SHARE,
    Provision.COMPENSATORY_SHARE_LAST_YEAR,
)


class LineKind(StrEnum):
    """What a line of the figure is."""

    INSTALMENTS = "INSTALMENTS"
    FINAL_PAYMENT = "FINAL_PAYMENT"
    FEES = "FEES"
    REBATE = "REBATE"
    UNPAID = "UNPAID"
    DEFAULT_SUMS = "DEFAULT_SUMS"
    CREDIT = "CREDIT"
    GOING_OUT = "GOING_OUT"
    """Falls due after the notice and before she pays, so it is paid already on that day."""
    COMPENSATION = "COMPENSATION"


RULES: dict[LineKind, tuple[str, str]] = {
    LineKind.INSTALMENTS: ("every payment that the agreement still asks for", "CCA 1974 s94"),
    LineKind.FINAL_PAYMENT: ("the last payment of the agreement is part of what is settled", "CCA 1974 s94"),
    LineKind.FEES: ("fees that the agreement still asks for", "CCA 1974 s94"),
    LineKind.REBATE: (
        "the larger of two rebates: by the monthly rate rounded to six places, and by the exact one",
        "CCA 1974 s95; SI 2004/1483 reg 4 and Schedule",
    ),
    LineKind.UNPAID: ("due before the notice and not paid; it leaves the rebate as it is", "CCA 1974 s94"),
    LineKind.DEFAULT_SUMS: ("charged for breaches of the agreement and not paid", "CCA 1974 s94"),
    LineKind.CREDIT: ("paid already and not used for a payment yet", "the agreement"),
    LineKind.GOING_OUT: ("falls due before the chosen day, and counts towards the figure", "the agreement"),
    LineKind.COMPENSATION: ("the most the law allows: a share of what is paid early", "CCA 1974 s95A"),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """Everything the figure depends on. Minor units; `apr_percent` is the printed one.

    `rows_going_out` counts the rows, from the first due after the notice, that will have been collected by the day she
    pays; what falls due on the very day of the notice is asked for like what comes later. `balloon` is the final
    payment inside the schedule's last row, nought without one.
    """

    schedule: Schedule
    apr_percent: Decimal
    received_on: date
    settle_on: date
    deferral: Deferral
    balloon: int = 0
    unpaid: int = 0
    default_sums: int = 0
    credit: int = 0
    upfront_fees: int = 0
    rows_going_out: int = 0
    claims_compensation: bool = False
    paid_early_last_12_months: int = 0


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One signed line; all of them add up to the figure."""

    kind: LineKind
    amount: int
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer. `amount` is what to pay on the chosen day; `rows_to_come` counts the instalments the figure ends."""

    good_until: date
    settlement_date: date
    whole_months: int
    days_left: int
    days_in_month: int
    payments_after: int
    rows_to_come: int
    to_come: int
    workings: Rebate
    amount: int
    lines: tuple[FigureLine, ...]

    @property
    def rebate(self) -> int:
        """What the customer keeps by settling."""
        return self.workings.allowed


def notice_days(received_on: date) -> int:
    """How many days a figure stays good, under the law of the day the notice came in."""
    return law.in_force(Provision.SETTLEMENT_NOTICE_DAYS, received_on).whole


def laws(received_on: date) -> tuple[Rule, ...]:
    """The rows of the law that a figure asked for on this day rests on."""
    return tuple(law.in_force(provision, received_on) for provision in PROVISIONS)


def figure(ask: Ask) -> Figure:
    """The figure for a chosen day; about half a millisecond.

    Raises FinanceError for a day before the notice, for negative amounts, and whatever `settlement.quote` refuses.
    """
    if ask.settle_on < ask.received_on:
        raise FinanceError("too_early", "settle_on", "must not be before the day the notice came in")
    require_amount(ask.rows_going_out, "rows_going_out")
    schedule = ask.schedule
    counted_paid = schedule.rows_due_by(ask.received_on - timedelta(days=1))
    to_come = schedule.total(counted_paid)
    if ask.balloon > (schedule.payment(len(schedule) - 1) if to_come else 0):
        raise FinanceError("too_large", "balloon", "must be part of the last payment that is still to come")
    formula = settlement.quote(
        schedule=schedule,
        apr_percent=ask.apr_percent,
        received_on=max(ask.received_on, ask.settle_on - timedelta(days=notice_days(ask.received_on))),
        deferral=ask.deferral,
        unpaid=ask.unpaid,
        default_sums=ask.default_sums,
        credit=ask.credit,
        upfront_fees=ask.upfront_fees,
    )
    lines = tuple(
        FigureLine(kind, amount, *RULES[kind]) for kind, amount in _lines(ask, counted_paid, formula.rebate) if amount
    )
    return Figure(
        good_until=formula.good_until,
        settlement_date=formula.settlement_date,
        whole_months=formula.whole_months,
        days_left=formula.days_left,
        days_in_month=formula.days_in_month,
        payments_after=formula.payments_due_after_settlement_date,
        rows_to_come=len(schedule) - counted_paid,
        to_come=to_come,
        workings=formula.workings,
        amount=sum(line.amount for line in lines),
        lines=lines,
    )


def _lines(ask: Ask, counted_paid: int, rebate: int) -> Iterator[tuple[LineKind, int]]:
    """The sum in the order in which a customer reads it; credit and what goes out never take it below nought."""
    schedule = ask.schedule
    to_come = schedule.total(counted_paid)
    fees = sum(schedule.fees[counted_paid:])
    yield LineKind.INSTALMENTS, to_come - fees - ask.balloon
    yield LineKind.FINAL_PAYMENT, ask.balloon
    yield LineKind.FEES, fees
    yield LineKind.REBATE, -rebate
    yield LineKind.UNPAID, ask.unpaid
    yield LineKind.DEFAULT_SUMS, ask.default_sums
    owed = to_come - rebate + ask.unpaid + ask.default_sums
    credit = min(ask.credit, owed)
    yield LineKind.CREDIT, -credit
    due_today = schedule.rows_due_by(ask.received_on)
    going_out = schedule.total(due_today, due_today + ask.rows_going_out)
    ahead = max(0, credit - schedule.total(counted_paid, due_today))
    going_out = min(max(0, going_out - ahead), owed - credit)
    yield LineKind.GOING_OUT, -going_out
    if ask.claims_compensation:
        yield LineKind.COMPENSATION, _compensation(ask, owed - credit - going_out)


def _compensation(ask: Ask, payment: int) -> int:
    schedule = ask.schedule
    last_due = schedule.due(len(schedule) - 1)
    return compensatory_amount.maximum(
        payment=payment,
        other_payments_last_12_months=ask.paid_early_last_12_months,
        more_than_one_year_left=last_due > add_months(ask.settle_on, 12),
        interest_avoided=sum(schedule.interest[schedule.rows_due_by(ask.settle_on) :]),
        on=ask.received_on,
    )
