"""What a tape of balances says about an agreement: month by month what was collected and what was left.

The tape is the truth up to its last month. Nothing falls due before; the schedule begins with the closing balance.
"""

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from milepost.finance import entries
from milepost.finance.calendars import FOREVER, add_months
from milepost.finance.money import FinanceError
from milepost.finance.products import PRODUCTS
from milepost.finance.rates import annual_rate
from milepost.finance.schedule import Balloon, RateConvention, Schedule, Terms, build, remaining
from milepost.servicing.agreements.operations import NewStanding
from milepost.servicing.agreements.states import ScheduleReason, Status
from milepost.servicing.payments.states import Method
from milepost.servicing.tapes.operations import describe
from milepost.servicing.tapes.operations.planned import (
    MOST_TIMES,
    Found,
    Paid,
    Planned,
    Posting,
    Rejected,
    fingerprint,
    shown,
)
from milepost.servicing.tapes.states import FileKind, FindingKind

RESIDUAL_PART, RESIDUAL = 100, 100
"""A balance below nought by more than a hundredth of the original amount, and by more than 1.00, is an overpayment:
the month's own money must account for it, or the figure is wrong."""
SMALL = 500
"""A balance up to this, after the last instalment, is called a residual."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is known of the tape as a whole."""

    as_of: date
    last_month: date
    """The last month that any agreement of the tape has."""
    months_only: bool
    """Its origination dates are months without a day."""
    country: str
    today: date
    """The lender's: what a tape dates later cannot have happened."""


@dataclass(slots=True)
class _Month:
    line: int
    file: FileKind
    end: date
    closing: int | None
    principal: int | None
    total: int | None
    recovered: int
    proceeds: int
    zero_balance: str
    days_past_due: int

    @classmethod
    def of(cls, row: dict[str, Any], line: int, file: FileKind) -> "_Month":
        principal, total, interest = row.get("principal_paid"), row.get("total_paid"), row.get("interest_paid")
        if total is None and interest is not None and principal is not None:
            total = principal + interest
        return cls(
            line, file, row["period_end"], row.get("closing_balance"), principal, total, row.get("recovered") or 0,
            row.get("proceeds") or 0, row.get("zero_balance") or "", row.get("days_past_due") or 0,
        )  # fmt: skip

    @property
    def number(self) -> int:
        return self.end.year * 12 + self.end.month

    def money(self) -> tuple[tuple[str, int | None], ...]:
        return (
            ("closing_balance", self.closing), ("principal_paid", self.principal), ("total_paid", self.total),
            ("recovered", self.recovered), ("proceeds", self.proceeds),
        )  # fmt: skip

    def mark(self) -> tuple[object, ...]:
        day = self.end.toordinal()
        return (day, self.closing, self.principal, self.total, self.recovered, self.proceeds, self.zero_balance)


def plan(row: dict[str, Any], line: int, movements: list[tuple[int, dict[str, Any]]], reporting: Reporting) -> Planned:
    """The agreement of one book row and its movements. Raises Rejected, of the book's line or a movement's."""
    months = _months(row, line, movements, reporting.as_of)
    _refuse_absurd(months, max(row["amount_of_credit"], row["opening_balance"]) * MOST_TIMES)
    due_day = _due_day(row)
    terms = _terms(row, due_day, reporting.months_only)
    who = describe.people(row, reporting.country)
    car = describe.vehicle(row)
    assert terms.drawdown_date is not None
    planned = Planned(
        line=line, number=row["reference"], reference=None, product=row["product"], terms=terms.to_json(),
        agreed_on=min(row["agreed_on"], terms.drawdown_date), ends_on=add_months(row["maturity_date"], 0, due_day),
        apr_percent="", people=who, vehicle=car, account=("", ""), schedule=_nothing_left(terms, reporting.as_of),
        schedule_reason=ScheduleReason.IMPORTED_BALANCE, effective_from=reporting.as_of, first_number=1,
        standing=_standing(Status.LIVE, None, 1, 0), as_of=reporting.as_of,
        terms_hash=fingerprint(sorted((key, row.get(key)) for key in _MONEY)),
        facts_hash=describe.facts_hash(who, car, ("", "")),
        movement_marks=[month.mark() for month in months[1:]], movement_dates=[month.end for month in months[1:]],
    )  # fmt: skip
    opened = row.get("period_begin") or months[0].end.replace(day=1)
    residual = max(RESIDUAL, row["amount_of_credit"] // RESIDUAL_PART)
    closing, zero = _follow(planned, months, row["opening_balance"], opened, residual)
    planned.sums.update(agreements=1, opening=row["opening_balance"], closing=closing)
    _carry(planned, months[-1].end, closing, reporting.last_month)
    status = _status(planned, months[-1], closing, zero, terms, reporting)
    _look_ahead(planned, row, months[-1], closing, status, terms, due_day)
    _look_back(planned, months[-1])
    return planned


_MONEY = (
    "product", "agreed_on", "maturity_date", "first_due_date", "amount_of_credit", "number_of_instalments",
    "annual_percent", "instalment", "opening_balance", "closing_balance", "principal_paid", "total_paid",
    "period_begin",
    "period_end", "recovered", "proceeds", "interest_paid_through", "balloon", "deposit",
)  # fmt: skip


_FIELDS = {"balloon.amount": "balloon", "balloon.month": "maturity_date", "number_of_instalments": "maturity_date"}
"""Where a figure of the terms comes from on a tape of balances, which the tape calls otherwise."""


def _months(row: dict[str, Any], line: int, movements: list[tuple[int, dict[str, Any]]], as_of: date) -> list[_Month]:
    first = _Month.of(row, line, FileKind.BOOK)
    if first.end > as_of:
        raise Rejected("period_end", first.end, f"is after the date up to which the tape is taken in, {as_of}")
    months = [first, *(_Month.of(values, number, FileKind.MOVEMENTS) for number, values in movements)]
    months[1:] = sorted(months[1:], key=lambda month: month.end)
    for before, month in itertools.pairwise(months):
        if month.number <= before.number:
            what = (
                "is a second row for that month" if month.number == before.number else "is before the book's own month"
            )
            raise Rejected("period_end", month.end, what, file=month.file, line=month.line)
    for place, month in enumerate(months):
        if month.closing is None and any(later.closing for later in months[place + 1 :]):
            raise Rejected(
                "closing_balance",
                "",
                "is missing although later months have a balance",
                file=month.file,
                line=month.line,
            )
    return months


def _refuse_absurd(months: list[_Month], most: int) -> None:
    """A figure with a slipped point or two cells run together, not money of this agreement."""
    for month in months:
        for name, amount in month.money():
            if abs(amount or 0) > most:
                raise Rejected(
                    name, shown(amount or 0),
                    f"is absurd: more than {MOST_TIMES} times the amount of the agreement", file=month.file,
                    line=month.line,
                )  # fmt: skip


def _refuse_unexplained_credit(month: _Month, balance: int, closing: int, residual: int) -> None:
    """A balance far below nought is an overpayment only where the month's own money comes to it."""
    collected = month.principal if month.principal is not None else month.total or 0
    if closing < -residual and balance - collected > closing:
        raise Rejected(
            "closing_balance", shown(closing), "is far below nought, and what was paid does not account for it",
            file=month.file, line=month.line,
        )  # fmt: skip


def _due_day(row: dict[str, Any]) -> int:
    told = row.get("interest_paid_through") or (None if row.get("first_due_date") else row["maturity_date"])
    due_day: int = told.day if told else row["first_due_date"].day
    return due_day


def _terms(row: dict[str, Any], due_day: int, months_only: bool) -> Terms:
    maturity = row["maturity_date"]
    first_due = add_months(row["first_due_date"], 0, due_day) if row.get("first_due_date") else None
    if first_due is None:
        first_due = add_months(row["agreed_on"], 1, due_day)
    drawdown = add_months(row["agreed_on"], 0, due_day) if months_only else row["agreed_on"]
    if drawdown >= first_due:
        drawdown = add_months(first_due, -1, due_day)
    count = (maturity.year - first_due.year) * 12 + maturity.month - first_due.month + 1
    if count < 1:
        raise Rejected("maturity_date", maturity, "is before the first payment")
    instalment, balloon = row.get("instalment") or 0, row.get("balloon") or 0
    contract = instalment * count + balloon > row["amount_of_credit"]  # otherwise its rate alone is known
    try:
        terms = Terms(
            amount_of_credit=row["amount_of_credit"], number_of_instalments=count,
            rate_convention=RateConvention.CONTRACT if contract else RateConvention.NOMINAL,
            annual_percent=Decimal(row["annual_percent"]), instalment=instalment if contract else None,
            balloon=Balloon(balloon, count) if balloon else None,
            drawdown_date=drawdown, first_due_date=first_due, due_day=due_day, deposit=row.get("deposit") or 0,
        )  # fmt: skip
        PRODUCTS[row["product"]].check(terms)
    except FinanceError as error:
        name = _FIELDS.get(error.field, error.field)
        by_its_end = f"the number of instalments up to it {error.message}"
        reason = by_its_end if error.field == "number_of_instalments" else error.message
        raise Rejected(name, row.get(name), reason) from error
    return terms


def _follow(
    planned: Planned, months: list[_Month], opening: int, opened: date, residual: int
) -> tuple[int, str]:  # fmt: skip
    """Post every month; answer the closing balance and how it came to nought, where it did."""
    if opening < 0:
        raise Rejected("opening_balance", shown(opening), "must not be negative")
    post = planned.postings.append
    post(Posting(opened, entries.brought_forward(principal=opening), 0))
    balance, zero = opening, ""
    for month in months:
        principal = month.principal
        if principal is None:
            principal = balance - month.closing if month.closing is not None else 0
        total = principal if month.total is None else month.total
        closing = month.closing if month.closing is not None else balance - principal if zero else 0
        _refuse_unexplained_credit(month, balance, closing, residual)
        payment = -1
        if total:
            payment = len(planned.payments)
            planned.payments.append(Paid(month.end, total, Method.UNKNOWN, FOREVER))
        if principal or total:
            entry = entries.imported_movement(principal=principal, interest=total - principal)
            post(Posting(month.end, entry, month.number, payment))
        gap = closing - (balance - principal)
        planned.sums["months"] += 1
        if gap:
            zero = _explain(planned, month, balance, principal, total, closing) or zero
        else:
            planned.sums["rolled"] += 1
        if month.recovered or month.proceeds:
            post(Posting(month.end, entries.recovered(customer=month.recovered, vehicle=month.proceeds), month.number))
            planned.sums["recoveries"] += month.recovered + month.proceeds
            planned.sums["recovery_months"] += 1
        zero = month.zero_balance or zero
        balance = closing
        planned.months[f"{month.end:%Y-%m}"] += closing
    return balance, zero


def _carry(planned: Planned, last: date, closing: int, until: date) -> None:
    """An agreement that leaves the tape with a balance keeps it, in the sums of the months that follow."""
    month = add_months(last.replace(day=1), 1)
    while closing and month <= until:
        planned.months[f"{month:%Y-%m}"] += closing
        month = add_months(month, 1)


def _explain(planned: Planned, month: _Month, balance: int, principal: int, total: int, closing: int) -> str:
    """Correct the principal account by what the tape leaves open, and say why. Answers CHARGED_OFF where it was."""
    gap = closing - (balance - principal)
    post = planned.postings.append
    money_after = month.recovered or month.proceeds or month.closing is None or month.zero_balance == "CHARGED_OFF"
    if gap < 0 and closing == 0 and balance > 0 and (not principal or money_after):
        post(Posting(month.end, entries.written_off(principal=-gap), month.number))
        reason = "The balance became nought and nothing was collected: charged off."
        planned.findings.append(Found(month.line, month.end, FindingKind.CHARGED_OFF, gap, reason))
        planned.sums["explained"] += 1
        return "CHARGED_OFF"
    post(Posting(month.end, entries.tape_adjustment(principal=gap), month.number))
    if balance < 0 and closing == 0 and not principal:
        reason = "A balance below nought, an overpayment, was cleared in the old system."
        planned.findings.append(Found(month.line, month.end, FindingKind.CREDIT_CLEARED, gap, reason))
        planned.sums["explained"] += 1
        return ""
    if closing < 0:
        reason = "More was paid than was owed; the tape carries the rest as a balance below nought."
    elif gap > 0 and total > 0:
        reason = "The balance rose although money came in: interest added to it, or an earlier payment taken back."
    elif gap > 0:
        reason = "The balance rose without a payment: an earlier payment taken back, or interest added to it."
    else:
        reason = "The balance fell by more than the principal collected, and the tape does not say why."
    planned.findings.append(Found(month.line, month.end, FindingKind.BREAK, gap, reason))
    planned.sums["breaks"] += 1
    return ""


def _status(planned: Planned, last: _Month, closing: int, zero: str, terms: Terms, reporting: Reporting) -> Status:
    """From the zero-balance code where the tape has one; otherwise inferred, and reported."""
    ran_to_term = (last.end.year, last.end.month) >= (planned.ends_on.year, planned.ends_on.month)
    if last.zero_balance == "TRANSFERRED":
        return Status.TRANSFERRED
    if last.zero_balance == "CHARGED_OFF" or (zero == "CHARGED_OFF" and closing <= 0):
        status, why = Status.CHARGED_OFF, "charged off, because the balance went without being collected"
    elif closing <= 0:
        ended = f"ended in or before {last.end:%B %Y}"
        status = Status.COMPLETED if ran_to_term else Status.SETTLED
        why = f"{'run to term' if ran_to_term else 'settled early'}, because the balance {ended}"
    elif last.number < reporting.last_month.year * 12 + reporting.last_month.month:
        status, why = (
            Status.TRANSFERRED,
            f"transferred, because the tape has it last in {last.end:%B %Y}, with a balance",
        )
    else:
        if ran_to_term:
            kind = FindingKind.RESIDUAL if closing <= SMALL else FindingKind.ASSUMPTION
            planned.findings.append(
                Found(
                    last.line,
                    last.end,
                    kind,
                    closing,
                    "A balance is left after the last instalment; it is asked for at once.",
                )
            )
        return Status.LIVE
    if not last.zero_balance:
        planned.findings.append(
            Found(last.line, last.end, FindingKind.STATUS_INFERRED, closing, f"No zero-balance code: taken as {why}.")
        )
    return status


def _look_ahead(
    planned: Planned, row: dict[str, Any], last: _Month, closing: int, status: Status, terms: Terms, due_day: int
) -> None:
    """The schedule from the closing balance on, and the standing."""
    as_of, first = planned.as_of, terms.first_due
    next_due = add_months(as_of.replace(day=1), 0, due_day)
    if next_due <= as_of:
        next_due = add_months(as_of.replace(day=1), 1, due_day)
    planned.first_number = max(1, (next_due.year - first.year) * 12 + next_due.month - first.month + 1)
    if status is not Status.LIVE:
        planned.standing = _standing(status, None, planned.first_number, closing)
        return
    left = max(1, terms.number_of_instalments - planned.first_number + 1)
    rate = annual_rate(Decimal(row["annual_percent"]))
    instalment = row.get("instalment") or 0
    try:
        planned.schedule = remaining(
            opening_principal=closing, number=left, instalment=instalment, first_due=next_due, due_day=due_day,
            annual=rate, drawdown_date=as_of,
        )  # fmt: skip
    except FinanceError as error:
        if error.code != "negative_amortisation":
            raise Rejected("closing_balance", shown(closing), error.message, file=last.file, line=last.line) from error
        level = Terms(
            amount_of_credit=closing, number_of_instalments=left, rate_convention=RateConvention.NOMINAL,
            annual_percent=Decimal(row["annual_percent"]), drawdown_date=as_of, first_due_date=next_due,
            due_day=due_day,
        )  # fmt: skip
        planned.schedule = build(level)
        reason = (
            "The scheduled payment would not cover the interest: level instalments over the rest of the term instead."
        )
        planned.findings.append(Found(planned.line, as_of, FindingKind.ASSUMPTION, instalment, reason))
    planned.standing = _standing(Status.LIVE, planned.schedule, planned.first_number, closing)


def _look_back(planned: Planned, last: _Month) -> None:
    """Since when the agreement is in arrears, where the tape says so. How much is overdue no tape of balances says."""
    days = last.days_past_due
    if days and not 0 < days <= (last.end - planned.agreed_on).days:
        reason = "is no number of days for which a payment can have been overdue"
        raise Rejected("days_past_due", days, reason, file=last.file, line=last.line)
    if days and planned.standing.status is Status.LIVE:
        planned.standing = replace(planned.standing, arrears_since=last.end - timedelta(days=days))


def _nothing_left(terms: Terms, as_of: date) -> Schedule:
    """The schedule of an agreement that has ended: one row of nothing."""
    return Schedule(as_of, add_months(as_of, 1, terms.day_of_month), terms.day_of_month, 0, 0, (0,), (0,), (0,))


def _standing(status: Status, schedule: Schedule | None, number: int, closing: int) -> NewStanding:
    return NewStanding(
        status=status,
        next_number=number,
        next_due=schedule.due(0) if schedule else FOREVER,
        next_amount=schedule.amount_due(0) if schedule else 0,
        next_interest=schedule.interest[0] if schedule else 0,
        due_total=0,
        paid_total=0,
        principal_outstanding=closing,
    )
