"""Money for tests: agreements paid out by our own operations, and the acts that follow, in a few words."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection

from milepost.finance.products import PRODUCTS
from milepost.finance.terms import Fee, FeeKind, RateConvention, Terms
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.agreements.models import Standing
from milepost.servicing.agreements.operations import NewAgreement, NewParty, NewStanding, Recorded
from milepost.servicing.agreements.states import ScheduleReason, Status
from milepost.servicing.customers import operations as customers
from milepost.servicing.identity import operations as people
from milepost.servicing.ledger import queries
from milepost.servicing.payments import operations as payments
from milepost.servicing.payments.operations import Received
from milepost.servicing.payments.states import Method

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CLERK = Actor.agent(7)
_keys = count(1)


def hp_terms(acceptance_fee: int = 0) -> Terms:
    """12,000.00 at 8.9 % nominal over 48 months: 298.05 a month from 10 July 2026."""
    return Terms(
        amount_of_credit=12_000_00, number_of_instalments=48, rate_convention=RateConvention.NOMINAL,
        annual_percent=Decimal("8.9"), drawdown_date=date(2026, 6, 10), first_due_date=date(2026, 7, 10),
        fees=(Fee(FeeKind.ACCEPTANCE, acceptance_fee, 1),) if acceptance_fee else (),
    )  # fmt: skip


@dataclass
class Running:
    """An agreement of ours whose books began here."""

    id: int
    today: date = TODAY
    at: datetime = AT
    payments: list[int] = field(default_factory=list)

    def due(self, number: int, *, key: str = "") -> Recorded:
        with transaction():
            return agreements.record_due(agreement_id=self.id, number=number, **self._said(key))

    def dues(self, last: int) -> None:
        for number in range(1, last + 1):
            self.due(number)

    def pay(self, amount: int, on: date, method: Method = Method.CARD, *, key: str = "") -> Received:
        received = payments.record_receipt(
            agreement_id=self.id, amount=amount, method=method, received_on=on, **self._said(key)
        )
        self.payments.append(received.payment_id)
        return received

    def bounce(self, payment_id: int, on: date, *, settled: bool = False) -> None:
        payments.record_return(payment_id=payment_id, returned_on=on, settled=settled, **self._said(""))

    def charge(self, amount: int, on: date) -> Recorded:
        with transaction():
            return agreements.charge_default_sum(
                agreement_id=self.id, amount=amount, charged_on=on, reason="returned payment", **self._said("")
            )

    def waive(self, amount: int, on: date) -> Recorded:
        return agreements.waive_default_sum(
            agreement_id=self.id, amount=amount, waived_on=on, reason="goodwill", **self._said("")
        )

    def correct_rate(self, percent: str, on: date) -> Recorded:
        return agreements.correct_rate(
            agreement_id=self.id, annual_percent=Decimal(percent), effective_from=on, reason="typed wrongly",
            **self._said(""),
        )  # fmt: skip

    def balances(self, on: date | None = None, known_at: datetime | None = None) -> dict[int, int]:
        return queries.balances(self.id, on=on or self.today, known_at=known_at)

    @property
    def standing(self) -> Standing:
        return Standing.objects.get(agreement_id=self.id)

    def _said(self, key: str) -> dict[str, Any]:
        return {"key": key or f"test:{next(_keys)}", "actor": CLERK, "at": self.at, "on": self.today}


def new_agreement(terms: Terms | None = None, *, paid_out: bool = True, today: date = TODAY) -> Running:
    """A hire purchase agreement that begins here, paid out (unless told not to); nothing has fallen due."""
    terms = terms or hp_terms()
    schedule = PRODUCTS["HIRE_PURCHASE"].schedule(terms)
    with transaction():
        users = people.take_in(users=[people.NewUser(full_name="Ada Lockyer")], valid_from=schedule.drawdown_date)
        (customer,) = customers.take_in(
            customers=[customers.NewCustomer(users[0], "", "Ada", "Lockyer", date(1990, 5, 4))],
            valid_from=schedule.drawdown_date,
        )
        (agreement_id,) = agreements.take_in(agreements=[NewAgreement(
            product="HIRE_PURCHASE", terms=terms.to_json(), agreed_on=schedule.drawdown_date,
            ends_on=schedule.due(len(schedule) - 1), apr_percent="", parties=(NewParty(customer),), schedule=schedule,
            schedule_reason=ScheduleReason.AS_SIGNED, effective_from=schedule.drawdown_date,
            standing=NewStanding(
                Status.LIVE, 1, schedule.due(0), schedule.amount_due(0), schedule.interest[0], 0, 0, schedule.opening
            ),
        )])  # fmt: skip
    running = Running(agreement_id, today)
    if paid_out:
        agreements.pay_out(agreement_id=agreement_id, key=f"pay-out:{agreement_id}", actor=CLERK, at=AT, on=today)
    return running


def journal(book: int) -> list[str]:
    """Every transfer of a book in words: date, event, debit <- credit, amount."""
    from milepost.finance.chart_of_accounts import ACCOUNTS

    return [
        f"{line.effective_on:%Y-%m-%d} {line.event.name} {ACCOUNTS[line.debit].name} <- {ACCOUNTS[line.credit].name} "
        f"{line.amount / 100:.2f}"
        for line in queries.transfers(book)
    ]


def total() -> int:
    """What all balances of all books add up to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(side), 0)::bigint FROM (SELECT amount AS side FROM ledger_transfer "
            "UNION ALL SELECT -amount FROM ledger_transfer) sides"
        )
        return int(cursor.fetchone()[0])
