"""What she has paid: every payment by year, with where it went, beside what is coming."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import connection

from milepost.finance import chart_of_accounts as chart
from milepost.finance.entries import Event
from milepost.plumbing import formats, references
from milepost.servicing.agreements import queries as agreements
from milepost.servicing.agreements.queries.reading import Reading, money
from milepost.servicing.agreements.states import Status
from milepost.servicing.ledger import queries as ledger
from milepost.servicing.payments.queries.views import (
    PaymentItem,
    PaymentPart,
    PaymentsView,
    PaymentView,
    PaymentYear,
    YearTotal,
)
from milepost.servicing.payments.queries.words import METHODS, MISTAKE
from milepost.servicing.payments.states import Method, PaymentState

COMING = 3
A_PAGE = 120


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a payment: what it paid. `row` is the instalment's place in the schedule, -1 where there is none."""

    kind: str
    amount: int
    row: int = -1


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment row with the parts that its transfers and the schedule give it."""

    id: int
    received_on: date
    amount: int
    method: Method
    state: PaymentState
    returned_on: date
    parts: tuple[Part, ...]
    settles: bool = False
    """It paid everything off early."""

    @property
    def counts(self) -> bool:
        return self.state is PaymentState.RECEIVED

    def of(self, kind: str) -> int:
        """How much of it was of one kind."""
        return sum(part.amount for part in self.parts if part.kind == kind) if self.counts else 0


SHOWN_WITH = {PaymentState.RECEIVED: "paid", PaymentState.RETURNED: "returned", PaymentState.REVERSED: "all"}
LABELS = {
    "principal": "Off what you borrowed",
    "interest": "Interest",
    "fee": "Fees",
    "credit": "Kept for your next payments",
}


def history(agreement_id: int, *, on: date, show: str, page: int) -> PaymentsView:
    """The payments page. `show` is all, paid or returned; `page` counts from 1, newest first."""
    reading = Reading(agreements.load([agreement_id])[0], on)
    payments = _payments(reading)
    show = show if show in ("all", "paid", "returned") else "all"
    shown = [paid for paid in reversed(payments) if show in ("all", SHOWN_WITH[paid.state])]
    pages = max(1, -(-len(shown) // A_PAGE))
    page = min(max(1, page), pages)
    shown = shown[(page - 1) * A_PAGE : page * A_PAGE]
    years = tuple(
        _year(reading, year, list(group), is_open=place == 0)
        for place, (year, group) in enumerate(groupby(shown, key=lambda paid: paid.received_on.year))
    )
    return PaymentsView(
        head=reading.head(),
        next=reading.next_payment(account_ending=_account_ending(agreement_id)),
        then=reading.coming_up(COMING),
        show=show,
        totals=tuple(_totals(payments, on)),
        total=_total("In all", "", payments),
        years=years,
        page=page,
        pages=pages,
        schedule_count=reading.instalments_in_all,
        as_of=on,
    )


def payment(agreement_id: int, payment_id: int, *, on: date) -> PaymentView | None:
    """One payment of an agreement, or None."""
    reading = Reading(agreements.load([agreement_id])[0], on)
    for paid in _payments(reading):
        if paid.id == payment_id:
            return PaymentView(head=reading.head(), item=_item(reading, paid), as_of=on)
    return None


def _payments(reading: Reading) -> list[Paid]:
    """Every payment, oldest first, with its parts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, received_on, amount, method, state, returned_on FROM payments_payment
            WHERE agreement_id = %s AND received_on <= %s ORDER BY received_on, id
            """,
            [reading.loaded.id, reading.on],
        )
        rows = cursor.fetchall()
    stated = _stated_parts(reading) if not reading.loaded.as_signed else {}
    cover = _Cover(reading)
    received = [row[0] for row in rows if row[4] == PaymentState.RECEIVED]
    settling = (
        received[-1] if received and reading.loaded.status is Status.SETTLED and reading.loaded.as_signed else None
    )
    paid = []
    for payment_id, received_on, amount, method, state, returned_on in rows:
        if payment_id in stated:
            parts = stated[payment_id]
        elif payment_id == settling:
            parts = cover.settle(amount)
        else:
            parts = cover.take(amount if state == PaymentState.RECEIVED else 0)
        paid.append(
            Paid(
                payment_id, received_on, amount, Method(method), PaymentState(state), returned_on, parts,
                payment_id == settling,
            )
        )  # fmt: skip
    return paid


def _stated_parts(reading: Reading) -> dict[int, tuple[Part, ...]]:
    """Of a month from a tape, the transfers themselves say what was principal and what interest."""
    kinds = {chart.PRINCIPAL: "principal", chart.INTEREST_INCOME: "interest"}
    parts: dict[int, list[Part]] = {}
    for line in ledger.lines_of_movements(reading.loaded.id, since=ledger.BEGINNING, until=reading.on):
        if line.event is not Event.IMPORTED_MOVEMENT:
            continue
        kind = kinds.get(line.credit) or kinds.get(line.debit) or "fee"
        parts.setdefault(line.source, []).append(Part(kind, line.amount if line.credit in kinds else -line.amount))
    return {source: tuple(found) for source, found in parts.items()}


class _Cover:
    """Lays payments over the schedule, oldest row first; within a row interest, then principal, then its fee."""

    def __init__(self, reading: Reading) -> None:
        plan = reading.loaded.schedule
        self._asked = [
            Part(kind, amount, row)
            for row in range(len(plan))
            for kind, amount in (
                ("interest", plan.interest[row]),
                ("principal", plan.principal[row]),
                ("fee", plan.fees[row]),
            )
            if amount
        ]
        self._place = self._used = 0

    def take(self, amount: int) -> tuple[Part, ...]:
        """What this payment covers; more than the whole schedule asks for is kept as credit."""
        parts = []
        while amount > 0 and self._place < len(self._asked):
            asked = self._asked[self._place]
            taken = min(amount, asked.amount - self._used)
            parts.append(Part(asked.kind, taken, asked.row))
            amount -= taken
            self._used += taken
            if self._used == asked.amount:
                self._place, self._used = self._place + 1, 0
        if amount:
            parts.append(Part("credit", amount))
        return tuple(parts)

    def settle(self, amount: int) -> tuple[Part, ...]:
        """What a payment in full covers: all that was borrowed and not yet paid; the rest is interest to that day."""
        left = [*self._asked[self._place :]]
        principal = sum(part.amount for part in left if part.kind == "principal")
        if left and left[0].kind == "principal":
            principal -= self._used
        principal = min(principal, amount)
        return tuple(
            part for part in (Part("principal", principal), Part("interest", amount - principal)) if part.amount
        )


def _item(reading: Reading, paid: Paid) -> PaymentItem:
    kinds = {part.kind for part in paid.parts}
    parts = tuple(PaymentPart(LABELS[kind], paid.of(kind)) for kind in LABELS if kind in kinds)
    name = MISTAKE if paid.state is PaymentState.REVERSED else METHODS[paid.method]
    if paid.counts:
        kind, tag_kind, tag_text = ("ok", "ok", "Paid") if paid.amount >= 0 else ("out", "info", "Taken back")
    elif paid.state is PaymentState.REVERSED:
        kind, tag_kind, tag_text = "mistake", "neutral", "Not a payment"
    else:
        kind, tag_kind, tag_text = "returned", "warn", "Came back"
    return PaymentItem(
        reference=references.reference("PY", paid.id),
        title=name,
        on=paid.received_on,
        amount=paid.amount,
        kind=kind,
        tag_kind=tag_kind,
        tag_text=tag_text,
        note=_note(reading, paid),
        parts=parts if paid.counts else (),
        parts_note=_parts_note(reading, paid),
    )


def _note(reading: Reading, paid: Paid) -> str:
    if paid.state is PaymentState.REVERSED:
        name = METHODS[paid.method].lower() if paid.method is not Method.DIRECT_DEBIT else METHODS[paid.method]
        return f"We recorded this by mistake: no such {name} reached us. It does not count towards your agreement."
    if not paid.counts:
        return f"Your bank sent it back on {formats.day(paid.returned_on)}. It did not count towards your agreement."
    rows = sorted({part.row for part in paid.parts if part.row >= 0})
    if len(rows) == 1:
        due = reading.loaded.schedule.due(rows[0])
        if due != paid.received_on and reading.collected(rows[0]) == paid.received_on:
            return f"Due {formats.weekday(due)}, so your bank paid on the next working day."
        if due < paid.received_on:
            return f"For the payment due {formats.weekday(due)}."
    return ""


def _parts_note(reading: Reading, paid: Paid) -> str:
    if paid.settles:
        return f"This payment settled your agreement. Balance after it: {money(reading.loaded.principal_outstanding)}."
    rows = sorted({part.row for part in paid.parts if part.row >= 0})
    if not rows or not paid.counts:
        return ""
    first = reading.loaded.first_number
    count = reading.instalments_in_all
    last = rows[-1]
    which = (
        f"Payment {first + rows[0]} of {count}"
        if len(rows) == 1
        else f"Payments {first + rows[0]} to {first + last} of {count}"
    )
    if first + rows[0] > count:
        which = "The final payment"
    return f"{which}. Balance after it: {money(reading.loaded.schedule.balance_after(last))}."


def _year(reading: Reading, year: int, payments: list[Paid], *, is_open: bool) -> PaymentYear:
    counted = [paid for paid in payments if paid.counts]
    back = sum(paid.state is PaymentState.RETURNED for paid in payments)
    words = f"{len(counted)} payment{'' if len(counted) == 1 else 's'}, {money(sum(paid.amount for paid in counted))}"
    if back:
        words += f". {back} came back"
    return PaymentYear(year, words, is_open, tuple(_item(reading, paid) for paid in payments))


def _totals(payments: list[Paid], on: date) -> Iterator[YearTotal]:
    for year, group in groupby(reversed(payments), key=lambda paid: paid.received_on.year):
        yield _total(str(year), "so far" if year == on.year else "", list(group))


def _total(label: str, sub: str, payments: list[Paid]) -> YearTotal:
    return YearTotal(
        label, sub, sum(paid.amount for paid in payments if paid.counts),
        sum(paid.of("principal") for paid in payments), sum(paid.of("interest") for paid in payments),
    )  # fmt: skip


def _account_ending(agreement_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_ending FROM payments_mandate WHERE agreement_id = %s AND state = 'ACTIVE'", [agreement_id]
        )
        row = cursor.fetchone()
    return row[0] if row else ""
