"""What an agreement's terms and payments come to: paid out, each instalment as it fell due, each payment as it came.

A payment covers what is due, oldest first; what is above that is the customer's credit, which covers the next due.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any

from milepost.finance import entries
from milepost.finance.calendars import FOREVER
from milepost.finance.chart_of_accounts import Channel
from milepost.finance.money import FinanceError
from milepost.finance.products import PRODUCTS
from milepost.finance.schedule import Balloon, Fee, FeeKind, RateConvention, Schedule, Terms, Timing
from milepost.plumbing import references
from milepost.servicing.agreements.operations import NewStanding
from milepost.servicing.agreements.states import ScheduleReason, Status
from milepost.servicing.tapes.formats.mapping import Columns
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

DUE, PAID, RETURNED, SETTLED = range(4)
"""What happens first on one day: what falls due, then what is paid, then what comes back, then the settlement."""

_MONEY = (
    "product", "currency", "agreed_on", "drawdown_date", "first_due_date", "due_day", "amount_of_credit",
    "number_of_instalments", "advance_instalments", "rate_convention", "annual_percent", "apr_percent", "instalment",
    "final_instalment", "balloon", "balloon_month", "acceptance_fee", "option_fee", "deposit", "part_exchange",
)  # fmt: skip

_FIELDS = {"balloon.month": "balloon_month", "balloon.amount": "balloon", "fees": "option_fee"}
"""What a tape calls a figure of the terms, where finance has another word."""


@dataclass(slots=True)
class _Books:
    """The running state of one agreement."""

    due: int = 0
    paid: int = 0
    credit: int = 0
    principal: int = 0
    rows: int = 0
    settled: bool = False


def plan(
    row: dict[str, Any],
    line: int,
    movements: list[tuple[int, dict[str, Any]]],
    columns: Columns,
    as_of: date,
    country: str,
) -> Planned:
    """The agreement of one book row and its payments. Raises Rejected, of the book's line or a movement's."""
    terms, schedule = _terms(row)
    assert terms.drawdown_date is not None
    if terms.drawdown_date > as_of:
        name = "drawdown_date" if row.get("drawdown_date") else "agreed_on"
        raise Rejected(name, terms.drawdown_date, f"is after the date up to which the tape is taken in, {as_of}")
    payments = _payments(movements, terms.drawdown_date, as_of, terms.amount_of_credit * MOST_TIMES)
    who, car = describe.people(row, country), describe.vehicle(row)
    account = (row.get("account_ending") or "", row.get("account_holder") or "")
    number = row["reference"]
    tidy = references.tidy(number)
    planned = Planned(
        line=line, number=number, reference=tidy if references.is_agreement_number(tidy) else None,
        product=row["product"], terms=terms.to_json(), agreed_on=row["agreed_on"],
        ends_on=schedule.due(len(schedule) - 1),
        apr_percent=row.get("apr_percent") or "", people=who, vehicle=car, account=account, schedule=schedule,
        schedule_reason=ScheduleReason.AS_SIGNED, effective_from=terms.drawdown_date, first_number=1,
        standing=NewStanding(Status.LIVE, 1, FOREVER, 0, 0, 0, 0, 0), as_of=as_of, payments=payments,
        terms_hash=fingerprint(row.get(key) for key in _MONEY), facts_hash=describe.facts_hash(who, car, account),
        movement_marks=[(paid.on.toordinal(), paid.amount, paid.method,
        paid.returned_on.toordinal()) for paid in payments], movement_dates=[paid.on for paid in payments],
    )  # fmt: skip
    books = _replay(planned, terms, row.get("settled_on"))
    _stand(planned, books)
    _compare(planned, books, row, columns)
    return planned


def _terms(row: dict[str, Any]) -> tuple[Terms, Schedule]:
    fees = []
    if row.get("acceptance_fee"):
        fees.append(Fee(FeeKind.ACCEPTANCE, row["acceptance_fee"], 1))
    if row.get("option_fee"):
        fees.append(Fee(FeeKind.OPTION_TO_PURCHASE, row["option_fee"], Timing.LAST))
    number, advance = row["number_of_instalments"], row.get("advance_instalments") or 0
    balloon, month = row.get("balloon"), row.get("balloon_month")
    if balloon and month is None:
        raise Rejected("balloon_month", "", "is missing: the month of the final payment is the contract's")
    product = PRODUCTS[row["product"]]
    try:
        terms = Terms(
            amount_of_credit=row["amount_of_credit"], number_of_instalments=number,
            rate_convention=RateConvention(row.get("rate_convention") or "CONTRACT"),
            annual_percent=_decimal(row.get("annual_percent")),
            drawdown_date=row.get("drawdown_date") or row["agreed_on"],
            first_due_date=row.get("first_due_date"), due_day=row.get("due_day"), advance_instalments=advance,
            balloon=Balloon(balloon, month) if balloon and month is not None else None, fees=tuple(fees),
            instalment=row.get("instalment"), final_instalment=row.get("final_instalment"),
            deposit=row.get("deposit") or 0, part_exchange=row.get("part_exchange") or 0,
            apr_percent=_decimal(row.get("apr_percent")),
        )  # fmt: skip
        product.check(terms)
        return terms, product.schedule(terms)
    except FinanceError as error:
        raise _blamed(error, row) from error


def _blamed(error: FinanceError, row: dict[str, Any]) -> Rejected:
    """Which field of the tape finance has something against."""
    name = _FIELDS.get(error.field, error.field)
    if name in ("drawdown_date", "first_due_date") and not row.get(name):
        name = "agreed_on" if not row.get("drawdown_date") else "drawdown_date"
    reason = error.message
    if name == "instalment" and error.code in ("too_small", "too_large", "negative_amortisation"):
        credit, price = row["amount_of_credit"], row.get("cash_price") or 0
        if credit * MOST_TIMES < price - (row.get("deposit") or 0) - (row.get("part_exchange") or 0):
            name, reason = "amount_of_credit", f"is next to nothing for a price of {shown(price)}: {reason}"
        else:
            reason = f"{reason}, for an amount of credit of {shown(credit)}"
    return Rejected(name, row.get(name), reason)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _payments(
    movements: list[tuple[int, dict[str, Any]]], drawdown: date, as_of: date, most: int
) -> list[Paid]:  # fmt: skip
    payments = []
    for line, values in sorted(movements, key=lambda movement: (movement[1]["paid_on"], movement[0])):
        on, back = values["paid_on"], values.get("returned_on") or FOREVER
        if on < drawdown:
            raise Rejected("paid_on", on, f"is before the pay-out on {drawdown}", file=FileKind.MOVEMENTS, line=line)
        if back < on:
            raise Rejected("returned_on", back, "is before it was paid", file=FileKind.MOVEMENTS, line=line)
        if not values["amount"]:
            raise Rejected("amount", "0.00", "is nothing at all", file=FileKind.MOVEMENTS, line=line)
        if values["amount"] > most:
            reason = f"is absurd: more than {MOST_TIMES} times the amount of the agreement"
            raise Rejected("amount", shown(values["amount"]), reason, file=FileKind.MOVEMENTS, line=line)
        payments.append(Paid(on, values["amount"], values["method"], back if back <= as_of else FOREVER))
    return payments


def _replay(planned: Planned, terms: Terms, settled_on: date | None) -> _Books:
    """Post everything in the order in which it happened."""
    schedule, books = planned.schedule, _Books(principal=terms.amount_of_credit)
    drawdown = schedule.drawdown_date
    planned.postings.append(Posting(drawdown, entries.paid_out(amount=terms.amount_of_credit), 0))
    if fees := sum(schedule.fees):
        planned.postings.append(Posting(drawdown, entries.fee_at_inception(amount=fees), 0))
    last_due = planned.as_of
    if settled_on is not None and settled_on <= planned.as_of:
        if settled_on < drawdown:
            raise Rejected("settled_on", settled_on, "is before the pay-out")
        last_due = settled_on
    happenings: list[tuple[date, int, int]] = [
        (schedule.due(place), DUE, place) for place in range(schedule.rows_due_by(last_due))
    ]
    for place, payment in enumerate(planned.payments):
        happenings.append((payment.on, PAID, place))
        if payment.returned_on != FOREVER:
            happenings.append((payment.returned_on, RETURNED, place))
    if last_due == settled_on:
        happenings.append((last_due, SETTLED, 0))
    for on, what, place in sorted(happenings):
        if what == DUE:
            _fall_due(planned, books, on, place)
        elif what == PAID:
            _receive(planned, books, on, place)
        elif what == RETURNED:
            _take_back(planned, books, on, place)
        else:
            _settle(planned, books, on)
    return books


def _fall_due(planned: Planned, books: _Books, on: date, place: int) -> None:
    schedule = planned.schedule
    principal, interest, fee = schedule.principal[place], schedule.interest[place], schedule.fees[place]
    planned.postings.append(
        Posting(on, entries.instalment_due(principal=principal, interest=interest, fee=fee), place + 1)
    )
    books.due += principal + interest + fee
    books.principal -= principal
    books.rows = place + 1
    if books.credit:
        applied = min(books.credit, books.due - books.paid)
        planned.postings.append(Posting(on, entries.credit_applied(amount=applied), place + 1))
        books.credit -= applied
        books.paid += applied


def _receive(planned: Planned, books: _Books, on: date, place: int) -> None:
    amount = planned.payments[place].amount
    covers = min(amount, max(0, books.due - books.paid))
    books.paid += covers
    books.credit += amount - covers
    # History is long settled: the money is in the bank, not in the clearing of the way it came.
    planned.postings.append(Posting(on, _received(covers, amount - covers), place, place))


@lru_cache(maxsize=4096)
def _received(due: int, unallocated: int) -> entries.Entry:
    """The same instalment is paid again and again."""
    return entries.payment_received(channel=Channel.BANK_TRANSFER, due=due, unallocated=unallocated)


def _take_back(planned: Planned, books: _Books, on: date, place: int) -> None:
    amount = planned.payments[place].amount
    credit = min(books.credit, amount)  # as finance.replay has it: what is left is owed again
    due = amount - credit
    books.paid -= due
    books.credit -= credit
    entry = entries.payment_returned(channel=Channel.BANK_TRANSFER, due=due, unallocated=credit, settled=True)
    planned.postings.append(Posting(on, entry, place, place))


def _settle(planned: Planned, books: _Books, on: date) -> None:
    """The credit that has come in pays the principal; what is above it is the interest kept, after the rebate."""
    available = books.credit
    if available < books.principal:
        pounds, pence = divmod(books.principal - available, 100)
        reason = f"is said to settle the agreement, but the payments leave {pounds}.{pence:02d} of principal"
        raise Rejected("settled_on", on, reason)
    fees = min(sum(planned.schedule.fees[books.rows :]), available - books.principal)
    interest = available - books.principal - fees
    entry = entries.settled_early(principal=books.principal, interest=interest, fee=fees)
    planned.postings.append(Posting(on, entry, books.rows + 1))
    planned.postings.append(Posting(on, entries.credit_applied(amount=available), books.rows + 1))
    books.principal, books.credit, books.settled = 0, 0, True


def _stand(planned: Planned, books: _Books) -> None:
    schedule, row = planned.schedule, books.rows
    ended = books.settled or (row == len(schedule) and books.paid >= books.due)
    status = Status.SETTLED if books.settled else Status.COMPLETED if ended else Status.LIVE
    upcoming = row < len(schedule) and not ended
    arrears_since = FOREVER
    if books.paid < books.due and not books.settled:
        covered = bisect_right(list(accumulate(schedule.amounts_due())), books.paid)
        arrears_since = schedule.due(covered)
    planned.standing = NewStanding(
        status=status,
        next_number=min(row, len(schedule) - 1) + 1,
        next_due=schedule.due(row) if upcoming else FOREVER,
        next_amount=schedule.amount_due(row) if upcoming else 0,
        next_interest=schedule.interest[row] if upcoming else 0,
        due_total=books.due,
        paid_total=books.paid + books.credit,
        principal_outstanding=books.principal,
        arrears_since=arrears_since,
    )


def _compare(planned: Planned, books: _Books, row: dict[str, Any], columns: Columns) -> None:
    """The tape's own balance, where it gives one, against what its terms and payments come to."""
    stated = row.get("principal_outstanding")
    closing = books.principal if stated is None else stated
    planned.sums.update(agreements=1, opening=row["amount_of_credit"], closing=closing)
    planned.sums.update(months=len(planned.payments), rolled=len(planned.payments))
    if closing != books.principal:
        reason = (
            f"The tape's {columns.column('principal_outstanding')} is not what its terms come to on {planned.as_of}."
        )
        planned.findings.append(
            Found(planned.line, planned.as_of, FindingKind.DIFFERENCE, books.principal - closing, reason)
        )
    settled_on = row.get("settled_on")
    if settled_on and settled_on > planned.as_of:
        reason = f"Settled on {settled_on}, after the day up to which the tape is taken in: running on that day."
        planned.findings.append(Found(planned.line, planned.as_of, FindingKind.ASSUMPTION, 0, reason))
    if books.credit:
        reason = "More was paid than was due: kept as the customer's credit."
        planned.findings.append(Found(planned.line, planned.as_of, FindingKind.ASSUMPTION, books.credit, reason))
