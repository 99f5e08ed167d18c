"""What the facts of an agreement come to: the position that follows from them, day by day and account by account.

A fact is what happened in the world: an instalment of the schedule fell due, money came or went back, a default sum was
charged or let go, credit was refunded. Everything else follows, and is worked out from the beginning each time: which
debt a receipt paid, the customer's credit and what it covered, what is overdue since when, default interest. Facts are
put in order by their dates and amounts, never by when they were recorded, so that order cannot matter.

The rules, on one day in this order: instalments fall due; default sums are charged, then waived; other sums are asked
for; receipts, the smallest first; returns; refunds. A receipt is spread by the waterfall of the policy in force. The
customer's credit covers what falls due on 1250 and never a default sum. Money taken back comes out of the credit first
and is owed again for the rest; the part that had paid default sums makes those owed again.

Default interest is simple, actual/365, on overdue instalments, at the rate of the policy in force on each day. It is
posted on the last day of a month and on the day when a receipt clears the arrears, rounded over the whole stretch of
arrears. Default sums bear none: no fact says that their notice was given (CCA 1974 s86E).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from math import lcm
from typing import NamedTuple

from milepost.finance import chart_of_accounts as chart
from milepost.finance.allocation import Bucket, allocate
from milepost.finance.calendars import FOREVER, days_in_month
from milepost.finance.money import round_division
from milepost.finance.policy import LenderPolicy, in_force
from milepost.finance.rates import annual_rate
from milepost.finance.schedule import Schedule


class Receipt(NamedTuple):
    """Money that came: its value date, and the ledger account where it waits or lies."""

    on: date
    amount: int
    account: int
    number: int
    """Names the receipt; never orders it."""


class Return(NamedTuple):
    """Money taken back from a receipt (or, where `receipt` is 0, from no one receipt) out of an account."""

    on: date
    amount: int
    account: int
    receipt: int


class DefaultSum(NamedTuple):
    """A default sum charged or, as a waiver, let go."""

    on: date
    amount: int


class Refund(NamedTuple):
    """The customer's credit paid out."""

    on: date
    amount: int


class Asked(NamedTuple):
    """Another event that makes a sum due on 1250, such as a settlement or the miles above the allowance."""

    on: date
    amount: int


Fact = int | Receipt | Return | DefaultSum | Refund | Asked
"""What happened; a number is that of a row which fell due, counted from 0."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that happened to one agreement. `rows` of the schedule have fallen due; amounts in minor units."""

    schedule: Schedule
    rows: int
    receipts: Sequence[Receipt] = ()
    returns: Sequence[Return] = ()
    charged: Sequence[DefaultSum] = ()
    waived: Sequence[DefaultSum] = ()
    refunds: Sequence[Refund] = ()
    asked: Sequence[Asked] = ()


class Share(NamedTuple):
    """How a receipt was spread: instalments, default interest, default sums, and the customer's credit."""

    due: int
    interest: int = 0
    sums: int = 0
    credit: int = 0


Movements = dict[date, dict[int, int]]
"""By effective date and account the net movement, debit positive; sums that are asked for by other events left out."""


@dataclass(slots=True)
class Position:
    """What the facts come to. Sums are at the end, minor units; `unpaid` is the balance of 1250, `credit` of 2100.

    `due_total` is what the schedule has asked for, `paid_total` what was paid towards it, credit included, so that
    `due_total + asked_unpaid - paid_total` is `unpaid`, or the credit below nought.
    """

    movements: Movements = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    shares: dict[int, Share] = field(default_factory=dict)
    """By the receipt's number."""
    returned: dict[int, Share] = field(default_factory=dict)
    """What a return took from where, by its receipt's number."""
    applied: dict[int, int] = field(default_factory=dict)
    """Credit that covered an instalment as it fell due, by row."""
    interest_posted: dict[date, int] = field(default_factory=dict)
    due_total: int = 0
    asked: list[tuple[int, int]] = field(default_factory=list)  # all that was due before it, and its amount
    asked_total: int = 0
    unpaid: int = 0
    credit: int = 0
    default_sums: int = 0
    default_interest: int = 0
    arrears_since: date = FOREVER
    instalments_overdue: int = 0

    @property
    def overdue(self) -> int:
        """What is unpaid of instalments."""
        return self.unpaid - self.asked_unpaid

    @property
    def asked_unpaid(self) -> int:
        """What is unpaid of the sums that other events asked for; all that is due is paid in the order it fell due."""
        paid = self.due_total + self.asked_total - self.unpaid
        return sum(max(0, amount - max(0, paid - before)) for before, amount in self.asked)

    @property
    def paid_total(self) -> int:
        """Paid towards the schedule, with what is paid ahead."""
        return max(0, self.due_total - self.overdue) + self.credit


def replay(facts: Facts, policies: Sequence[LenderPolicy], until: date) -> Position:
    """The position that follows from the facts, default interest up to the end of `until` included. Pure."""
    books = _Books(facts, policies)
    for on, kind, _, fact in sorted(_happenings(facts), key=lambda happening: happening[:3]):
        books.accrue_to(on)
        books.happen(kind, on, fact)
    books.accrue_to(until)
    return books.closed()


DUE, CHARGED, WAIVED, ASKED, RECEIVED, RETURNED, REFUNDED = range(7)


def _happenings(facts: Facts) -> Iterable[tuple[date, int, tuple[object, ...], Fact]]:
    """Every fact with its date, its place in the day and a rule for those of one kind, which never uses a number."""
    for row in range(facts.rows):
        yield facts.schedule.due(row), DUE, (row,), row
    backs: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    for back in facts.returns:
        backs[back.receipt].append(back[:3])
    for receipt in facts.receipts:
        # Two receipts that differ in nothing but what becomes of them are told apart by that.
        order = (receipt.amount, receipt.account, sorted(backs.get(receipt.number, [])))
        yield receipt.on, RECEIVED, order, receipt
    received = {receipt.number: receipt[:3] for receipt in facts.receipts}
    for back in facts.returns:
        yield back.on, RETURNED, (back.amount, back.account, received.get(back.receipt, (date.min, 0, 0))), back
    for kind, those in ((CHARGED, facts.charged), (WAIVED, facts.waived), (REFUNDED, facts.refunds)):
        for fact in those:
            yield fact.on, kind, (fact.amount,), fact
    for asked in facts.asked:
        yield asked.on, ASKED, (asked.amount,), asked


class _Books:
    """The running state, and one rule for each kind of fact."""

    def __init__(self, facts: Facts, policies: Sequence[LenderPolicy]) -> None:
        self.schedule = facts.schedule
        self.rows = 0
        self.totals = list(accumulate(facts.schedule.amounts_due()))
        self.interest = list(accumulate(facts.schedule.interest))
        self.policies = sorted(policies, key=lambda policy: policy.effective_from)
        self.bears_interest = any(policy.default_interest_percent for policy in policies)
        self.position = Position()
        self.accrued_to = date.min
        rates = [annual_rate(policy.default_interest_percent or Decimal(0)) / 365 for policy in self.policies]
        self.unit = lcm(*(rate.denominator for rate in rates))
        """Interest is counted in this part of a penny: in whole numbers, so nothing is lost and little time spent."""
        self.daily = [int(rate * self.unit) for rate in rates]
        self.stretch = 0
        self.posted_of_stretch = 0

    def happen(self, kind: int, on: date, fact: Fact) -> None:
        if isinstance(fact, int):
            self._fall_due(on, fact)
        elif isinstance(fact, Receipt):
            self._receive(on, fact)
        elif isinstance(fact, Return):
            self._take_back(on, fact)
        elif isinstance(fact, DefaultSum) and kind == CHARGED:
            self.position.default_sums += fact.amount
            self._move(on, chart.DEFAULT_SUMS, chart.DEFAULT_FEE_INCOME, fact.amount)
        elif isinstance(fact, DefaultSum):
            self._waive(on, fact.amount)
        elif isinstance(fact, Refund):
            self._refund(on, fact.amount)
        else:
            position = self.position
            position.asked.append((position.due_total + position.asked_total, fact.amount))
            position.asked_total += fact.amount
            self._ask(on, fact.amount)

    def _move(self, on: date, debit: int, credit: int, amount: int) -> None:
        if amount:
            day = self.position.movements[on]
            day[debit] += amount
            day[credit] -= amount

    def _fall_due(self, on: date, row: int) -> None:
        schedule, position = self.schedule, self.position
        self._move(on, chart.DUE_FROM_CUSTOMER, chart.PRINCIPAL, schedule.principal[row])
        self._move(on, chart.DUE_FROM_CUSTOMER, chart.INTEREST_INCOME, schedule.interest[row])
        self._move(on, chart.DUE_FROM_CUSTOMER, chart.FEES_RECEIVABLE, schedule.fees[row])
        self.rows = row + 1
        position.due_total = self.totals[row]
        if applied := self._ask(on, schedule.amount_due(row)):
            position.applied[row] = applied

    def _ask(self, on: date, amount: int) -> int:
        """A sum falls due; credit covers it as far as it goes. Answers how far."""
        position = self.position
        applied = min(position.credit, amount)
        position.unpaid += amount - applied
        position.credit -= applied
        self._move(on, chart.CUSTOMER_CREDIT, chart.DUE_FROM_CUSTOMER, applied)
        return applied

    def _receive(self, on: date, receipt: Receipt) -> None:
        position = self.position
        if (overdue := position.overdue) and receipt.amount >= overdue:
            self._post_interest(on)
        if not (position.default_sums or position.default_interest):
            due = min(receipt.amount, position.unpaid)
            share = Share(due, 0, 0, receipt.amount - due)
        else:
            spread = allocate(receipt.amount, self._owed(on), in_force(self.policies, on).allocation_order)
            paid = spread.allocated
            sums, interest = paid[Bucket.FEES], paid[Bucket.DEFAULT_INTEREST]
            share = Share(sum(paid.values()) - sums - interest, interest, sums, spread.unallocated)
        position.shares[receipt.number] = share
        position.unpaid -= share.due
        position.default_interest -= share.interest
        position.default_sums -= share.sums
        position.credit += share.credit
        self._move(on, receipt.account, chart.DUE_FROM_CUSTOMER, share.due)
        self._move(on, receipt.account, chart.DEFAULT_SUMS, share.interest + share.sums)
        self._move(on, receipt.account, chart.CUSTOMER_CREDIT, share.credit)
        self._end_stretch()

    def _owed(self, on: date) -> Mapping[Bucket, int]:
        """What a receipt may pay, as the waterfall names it. Within an instalment interest comes first."""
        position = self.position
        overdue_rows = bisect_right(range(self.rows), on - timedelta(days=1), key=self.schedule.due)
        paid = position.due_total - position.overdue
        before = self.totals[overdue_rows - 1] if overdue_rows else 0
        interest_before = self._unpaid_interest(paid, overdue_rows)
        interest_all = self._unpaid_interest(paid, self.rows)
        overdue = max(0, before - paid)
        return {
            Bucket.ARREARS_INTEREST: interest_before,
            Bucket.ARREARS_PRINCIPAL: overdue - interest_before,
            Bucket.INSTALMENT_INTEREST: interest_all - interest_before,
            Bucket.INSTALMENT_PRINCIPAL: position.unpaid - overdue - (interest_all - interest_before),
            Bucket.DEFAULT_INTEREST: position.default_interest,
            Bucket.FEES: position.default_sums,
        }

    def _unpaid_interest(self, paid: int, rows: int) -> int:
        """The interest in the first `rows` rows that `paid` has not reached."""
        if not rows or paid >= self.totals[rows - 1]:
            return 0
        full = bisect_right(self.totals, paid)
        reached = (self.interest[full - 1] if full else 0) + min(
            self.schedule.interest[full], paid - (self.totals[full - 1] if full else 0)
        )
        return self.interest[rows - 1] - reached

    def _take_back(self, on: date, back: Return) -> None:
        position = self.position
        share = position.shares.get(back.receipt, Share(0))
        interest = min(share.interest, back.amount)
        sums = min(share.sums, back.amount - interest)
        rest = back.amount - interest - sums
        credit = min(position.credit, rest)
        position.returned[back.receipt] = Share(rest - credit, interest, sums, credit)
        position.default_interest += interest
        position.default_sums += sums
        position.credit -= credit
        position.unpaid += rest - credit
        self._move(on, chart.DEFAULT_SUMS, back.account, interest + sums)
        self._move(on, chart.CUSTOMER_CREDIT, back.account, credit)
        self._move(on, chart.DUE_FROM_CUSTOMER, back.account, rest - credit)

    def _waive(self, on: date, amount: int) -> None:
        """A default sum is let go; what had been paid of it goes to what is due, then to the customer's credit."""
        position = self.position
        self._move(on, chart.DEFAULT_FEE_INCOME, chart.DEFAULT_SUMS, amount)
        open_part = min(amount, position.default_sums)
        position.default_sums -= open_part
        paid_part = amount - open_part
        covers = min(paid_part, position.unpaid)
        position.unpaid -= covers
        position.credit += paid_part - covers
        self._move(on, chart.DEFAULT_SUMS, chart.DUE_FROM_CUSTOMER, covers)
        self._move(on, chart.DEFAULT_SUMS, chart.CUSTOMER_CREDIT, paid_part - covers)

    def _refund(self, on: date, amount: int) -> None:
        """Credit goes out; a refund beyond the credit, as a later correction may show it to be, is owed back."""
        position = self.position
        self._move(on, chart.CUSTOMER_CREDIT, chart.BANK, amount)
        beyond = max(0, amount - position.credit)
        position.credit -= amount - beyond
        position.unpaid += beyond
        self._move(on, chart.DUE_FROM_CUSTOMER, chart.CUSTOMER_CREDIT, beyond)

    def accrue_to(self, on: date) -> None:
        """Run default interest to the end of a day, posting it at every month's end on the way."""
        if not self.bears_interest:
            return
        if self.accrued_to == date.min or not (self.position.overdue or self.stretch):
            self.accrued_to = on
        while self.accrued_to < on:
            end = min(on, _last_of_month(self.accrued_to + timedelta(days=1)))
            if self.position.overdue:
                self.stretch += self.position.overdue * self._days_of_interest(self.accrued_to, end)
            self.accrued_to = end
            if end == _last_of_month(end):
                self._post_interest(end)
                self._end_stretch()

    def _days_of_interest(self, after: date, until: date) -> int:
        """The days between two (the first excluded), each times the rate in force on it, in units."""
        total = 0
        for place, policy in enumerate(self.policies):
            begins = max(after, policy.effective_from - timedelta(days=1))
            later = self.policies[place + 1 :]
            ends = min(until, later[0].effective_from - timedelta(days=1)) if later else until
            if begins < ends:
                total += self.daily[place] * (ends - begins).days
        return total

    def _post_interest(self, on: date) -> None:
        amount = round_division(self.stretch, self.unit) - self.posted_of_stretch
        if amount > 0:
            self.posted_of_stretch += amount
            self.position.default_interest += amount
            self.position.interest_posted[on] = self.position.interest_posted.get(on, 0) + amount
            self._move(on, chart.DEFAULT_SUMS, chart.DEFAULT_INTEREST_INCOME, amount)

    def _end_stretch(self) -> None:
        """Arrears that are cleared, with their interest posted, are over: the next begin at nought."""
        if not self.position.overdue and round_division(self.stretch, self.unit) == self.posted_of_stretch:
            self.stretch = self.posted_of_stretch = 0

    def closed(self) -> Position:
        """The position with its arrears."""
        position = self.position
        if position.overdue:
            paid = bisect_right(self.totals, position.due_total - position.overdue)
            position.arrears_since = self.schedule.due(paid)
            position.instalments_overdue = self.rows - paid
        return position


def _last_of_month(day: date) -> date:
    return day.replace(day=days_in_month(day.year, day.month))


def differences(expected: Mapping[date, Mapping[int, int]], held: Mapping[date, Mapping[int, int]]) -> Movements:
    """By date and account, what must still be posted for `held` to become `expected`."""
    changes: Movements = {}
    for on in sorted({*expected, *held}):
        there, here = expected.get(on, {}), held.get(on, {})
        moved = {account: there.get(account, 0) - here.get(account, 0) for account in sorted({*there, *here})}
        if day := {account: amount for account, amount in moved.items() if amount}:
            changes[on] = day
    return changes
