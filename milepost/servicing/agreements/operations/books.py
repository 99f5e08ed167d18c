"""The books of one agreement, open for one act: the facts that its transfers hold, and what follows from them.

The transfers are read as facts (finance.replay): what came, what went back, what was charged. An act adds its fact with
that fact's own transfers; `settle` then posts what else changes, day by day, and moves the standing. Nothing that was
posted is touched.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Entry, Event
from milepost.finance.replay import (
    Asked,
    DefaultSum,
    Facts,
    Movements,
    Position,
    Receipt,
    Refund,
    Return,
    differences,
    replay,
)
from milepost.finance.schedule import Schedule
from milepost.plumbing import formats, lender
from milepost.plumbing.errors import InvariantBroken, Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.models import Agreement, Schedule as ScheduleVersion, Standing
from milepost.servicing.agreements.states import MOVES, ScheduleReason, Status
from milepost.servicing.ledger import operations as ledger, queries
from milepost.servicing.ledger.queries import Posted

DERIVED = frozenset({
    Event.INSTALMENT_DUE, Event.PAYMENT_RECEIVED, Event.PAYMENT_RETURNED, Event.CREDIT_APPLIED, Event.REFUNDED,
    Event.CLAIM_REINSTATED, Event.DEFAULT_SUM_CHARGED, Event.DEFAULT_SUM_WAIVED, Event.DEFAULT_INTEREST,
    Event.REDERIVED,
})  # fmt: skip
"""The events whose transfers follow from the facts; others stand as they were posted."""
OPENINGS = (Event.PAID_OUT, Event.BROUGHT_FORWARD)
ENDINGS = {
    Event.SETTLED_EARLY: Status.SETTLED,
    Event.TERMINATED_VOLUNTARILY: Status.TERMINATED,
    Event.VEHICLE_KEPT: Status.COMPLETED,
    Event.VEHICLE_RETURNED: Status.COMPLETED,
    Event.WRITTEN_OFF: Status.CHARGED_OFF,
}
"""Events after which no instalment falls due, and what the agreement is then."""
NEVER = (Status.CHARGED_OFF, Status.TRANSFERRED)
STAYS_ENDED = (Status.TERMINATED, Status.CHARGED_OFF)
"""Ended, whatever is still owed."""
ANOTHER_RETURN = 2**48
"""A return's source is its payment's number; one that follows a return taken back on that day has this added."""


class InTheFuture(Refusal):
    code = "in-the-future"
    sentence = "That date has not come yet."


class BeforePayOut(Refusal):
    code = "before-pay-out"
    sentence = "That date is before the agreement was paid out."


class NotPaidOut(BeforePayOut):
    sentence = "This agreement has not been paid out. Record that first."


class OldBooksStand(Refusal):
    code = "old-books-stand"


class NotRunning(Refusal):
    code = "not-running"
    sentence = "This agreement has ended, and its books with it."


@dataclass
class Books:
    """Locked, with everything that was ever posted. `own` are the transfers of our time, `facts` what they say."""

    agreement: Agreement
    standing: Standing
    schedule: Schedule
    first_number: int
    begun_on: date
    """The old system's books stand up to this day and with it; date.min where the whole history is here."""
    lines: list[Posted]
    taken_back: set[tuple[date, Event, int]]
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.facts = self._read()

    def read_again(self) -> None:
        """The facts anew, after transfers or a schedule that say other things."""
        self.facts = self._read()

    def load_again(self) -> None:
        """The transfers anew, after the ledger has taken something back by itself."""
        self.lines = queries.transfers(self.agreement.id)
        self.taken_back = queries.reversed_events(self.agreement.id)
        self.read_again()

    @property
    def ending(self) -> Status | None:
        """What an event that ended the agreement made of it."""
        found = [ENDINGS[line.event] for line in self.own if line.event in ENDINGS]
        return found[-1] if found else None

    @property
    def paid_out(self) -> bool:
        """Whether the credit went out, here or in an old system, and that was not taken back."""
        return self.begun_on > date.min or self._opened

    @property
    def _opened(self) -> bool:
        return any(
            line.event in OPENINGS and (line.effective_on, line.event, line.source) not in self.taken_back
            for line in self.lines
        )

    @property
    def waived_too_much(self) -> bool:
        """Whether on some day more had been let go of default sums than had been charged by then."""
        facts = self.facts
        return any(
            sum(waiver.amount for waiver in facts.waived if waiver.on <= day.on)
            > sum(charge.amount for charge in facts.charged if charge.on <= day.on)
            for day in facts.waived
        )

    @property
    def own(self) -> list[Posted]:
        """What was posted since these books began and was not taken back."""
        return [
            line
            for line in self.lines
            if line.effective_on > self.begun_on
            and line.event is not Event.REVERSED
            and (line.effective_on, line.event, line.source) not in self.taken_back
        ]

    def _read(self) -> Facts:
        events: dict[tuple[date, Event, int], list[Posted]] = defaultdict(list)
        for line in self.own:
            events[line.effective_on, line.event, line.source].append(line)
        read = _Read()
        for (on, event, source), lines in events.items():
            read.take(on, event, source, lines)
        return replace(read.facts(self.schedule), rows=max(0, read.last_due - self.first_number + 1))

    def require_day(self, day: date, today: date, *, opens: bool = False, after_ending: bool = False) -> None:
        """Raises a Refusal unless a fact of this day can be recorded today.

        `opens`: the fact is the pay-out. `after_ending`: it may come after a charge-off that was posted here.
        """
        ended_there = self.begun_on > date.min and self.standing.status != Status.LIVE and not self.own
        if ended_there or (self.standing.status in NEVER and not (after_ending and self.ending)):
            raise NotRunning
        if day > today:
            raise InTheFuture
        if day <= self.begun_on:
            raise OldBooksStand(f"The old system's books stand until {formats.day(self.begun_on)}.")
        if day < self.schedule.drawdown_date:
            raise BeforePayOut
        if not (opens or self.paid_out):
            raise NotPaidOut

    def derive(self, until: date) -> Position:
        """What the facts come to, at the end of a day."""
        return replay(self.facts, lender.current().policies, until)

    def post(self, entry: Entry, source: int, on: date, at: datetime) -> None:
        """Post an entry, and keep it here too."""
        version = lender.current().policy(on).version
        ledger.post(
            book=self.agreement.id, entry=entry, source=source, effective_on=on, recorded_at=at, policy_version=version
        )
        self.lines += [
            Posted(on, entry.event, source, line, move.debit, move.credit, move.amount, at, version)
            for line, move in enumerate(entry.transfers, 1)
        ]

    def settle(self, position: Position, number: int, at: datetime) -> list[date]:
        """Post what follows from the facts and is not in the books yet, and move the standing. Answers the days."""
        changes = differences(position.movements, self._held())
        for on, day in changes.items():
            self._post_changes(on, day, position, number, at)
        self._move_standing(position)
        self._prove(position)
        return list(changes)

    def _held(self) -> Movements:
        held: Movements = defaultdict(lambda: defaultdict(int))
        for line in self.own:
            if line.event in DERIVED:
                held[line.effective_on][line.debit] += line.amount
                held[line.effective_on][line.credit] -= line.amount
        return held

    def _post_changes(self, on: date, day: dict[int, int], position: Position, number: int, at: datetime) -> None:
        interest = position.interest_posted.get(on, 0)
        first = not any(line.event is Event.DEFAULT_INTEREST and line.effective_on == on for line in self.lines)
        if interest and first and day.get(chart.DEFAULT_INTEREST_INCOME) == -interest:
            self.post(entries.default_interest(amount=interest), number, on, at)
            del day[chart.DEFAULT_INTEREST_INCOME]
            day[chart.DEFAULT_SUMS] = day.get(chart.DEFAULT_SUMS, 0) - interest
        self.post(entries.rederived(day), number, on, at)

    def _move_standing(self, position: Position) -> None:
        standing, schedule, rows = self.standing, self.schedule, self.facts.rows
        ended = self.ending
        upcoming = rows < len(schedule) and not ended
        status = ended or Status.COMPLETED
        if upcoming or (position.unpaid and status not in STAYS_ENDED):
            status = Status.LIVE
        if status != standing.status and status not in MOVES[Status(standing.status)]:
            raise InvariantBroken(f"Agreement {self.agreement.id} cannot go from {standing.status} to {status}")
        standing.status = status
        standing.next_number = self.first_number + min(rows, len(schedule) - 1)
        standing.next_due = schedule.due(rows) if upcoming else FOREVER
        standing.next_amount = schedule.amount_due(rows) if upcoming else 0
        standing.next_interest = schedule.interest[rows] if upcoming else 0
        standing.due_total = position.due_total + position.asked_unpaid
        standing.paid_total = position.paid_total
        standing.principal_outstanding = self.balance(chart.PRINCIPAL)
        standing.arrears_since = position.arrears_since
        standing.revision += 1
        standing.save()

    def balance(self, account: int) -> int:
        """What an account of this book holds, debit positive."""
        return sum(
            line.amount if line.debit == account else -line.amount
            for line in self.lines
            if account in (line.debit, line.credit)
        )

    def _prove(self, position: Position) -> None:
        """The transfers must come to what was derived, whichever way they got there."""
        owed = position.default_sums + position.default_interest
        for account, expected in (
            (chart.DUE_FROM_CUSTOMER, position.unpaid),
            (chart.CUSTOMER_CREDIT, -position.credit),
            (chart.DEFAULT_SUMS, owed),
        ):
            if (found := self.balance(account)) != expected:
                raise InvariantBroken(f"Agreement {self.agreement.id}: {account} is {found}, not {expected}")
        left = self.schedule.balance_after(self.facts.rows - 1) + self._outside_the_schedule(chart.PRINCIPAL)
        if self._opened and (found := self.balance(chart.PRINCIPAL)) != left:
            raise InvariantBroken(f"Agreement {self.agreement.id}: principal is {found}, its schedule leaves {left}")

    def _outside_the_schedule(self, account: int) -> int:
        """What events that follow from no schedule, such as an ending, moved on an account."""
        return sum(
            line.amount if line.debit == account else -line.amount
            for line in self.own
            if line.event not in DERIVED and line.event not in OPENINGS and account in (line.debit, line.credit)
        )


class _Read:
    """Sorts the events of a book into facts."""

    def __init__(self) -> None:
        self.last_due = 0
        self.receipts: list[Receipt] = []
        self.returns: list[Return] = []
        self.charged: list[DefaultSum] = []
        self.waived: list[DefaultSum] = []
        self.refunds: list[Refund] = []
        self.asked: list[Asked] = []

    def take(self, on: date, event: Event, source: int, lines: list[Posted]) -> None:
        amount = sum(line.amount for line in lines)
        if event is Event.INSTALMENT_DUE:
            self.last_due = max(self.last_due, source)
        elif event is Event.PAYMENT_RECEIVED:
            self.receipts.append(Receipt(on, amount, lines[0].debit, source))
        elif event is Event.PAYMENT_RETURNED:
            self.returns.append(Return(on, amount, lines[0].credit, source % ANOTHER_RETURN))
        elif event is Event.CLAIM_REINSTATED:
            self.returns.append(Return(on, amount, lines[0].credit, 0))
        elif event is Event.DEFAULT_SUM_CHARGED:
            self.charged.append(DefaultSum(on, amount))
        elif event is Event.DEFAULT_SUM_WAIVED:
            self.waived.append(DefaultSum(on, amount))
        elif event is Event.REFUNDED:
            self.refunds.append(Refund(on, amount))
        elif event not in DERIVED:
            asked = sum(line.amount for line in lines if line.debit == chart.DUE_FROM_CUSTOMER)
            if asked:
                self.asked.append(Asked(on, asked))

    def facts(self, schedule: Schedule) -> Facts:
        return Facts(
            schedule, 0, self.receipts, self.returns, self.charged, self.waived, self.refunds, self.asked
        )  # fmt: skip


@in_transaction
def open_books(*, agreement_id: int) -> Books:
    """Lock the agreement, then its standing, and read its books."""
    agreement = Agreement.objects.select_for_update().get(id=agreement_id)
    standing = Standing.objects.select_for_update().get(agreement_id=agreement_id)
    version = ScheduleVersion.objects.get(agreement_id=agreement_id, version=standing.schedule_version)
    imported = version.reason == ScheduleReason.IMPORTED_BALANCE
    return Books(
        agreement,
        standing,
        schedule_of(version),
        version.first_number,
        version.effective_from if imported else date.min,
        queries.transfers(agreement_id),
        queries.reversed_events(agreement_id),
    )


def schedule_of(version: ScheduleVersion) -> Schedule:
    """A stored version as finance computes with it."""
    return Schedule(
        version.drawdown_date, version.first_due, version.due_day, version.advance, sum(version.principal),
        tuple(version.principal), tuple(version.interest), tuple(version.fees),
    )  # fmt: skip
