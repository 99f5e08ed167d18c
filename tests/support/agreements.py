"""Agreements for tests, written by the operations that an import uses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from milepost.finance import entries
from milepost.finance.arrears import position
from milepost.finance.chart_of_accounts import Channel
from milepost.finance.products import PRODUCTS
from milepost.finance.terms import Balloon, Fee, FeeKind, RateConvention, Terms, Timing
from milepost.plumbing.copying import copy_rows, reserve_ids
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations
from milepost.servicing.agreements.operations import NewAgreement, NewParty, NewStanding, NewVehicle
from milepost.servicing.agreements.states import PartyRole, ScheduleReason, Status
from milepost.servicing.customers import operations as customers
from milepost.servicing.identity import operations as people
from milepost.servicing.ledger import operations as ledger

TODAY = date(2026, 11, 22)
RECORDED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """What `make` wrote."""

    id: int
    reference: str
    user_id: int
    joint_user_id: int | None
    payments: tuple[int, ...]


def priya_terms() -> Terms:
    """Priya Shah's printed agreement."""
    return Terms(
        amount_of_credit=21_995_00,
        number_of_instalments=47,
        rate_convention=RateConvention.CONTRACT,
        drawdown_date=date(2025, 2, 14),
        first_due_date=date(2025, 3, 14),
        balloon=Balloon(9_850_00, 48),
        fees=(Fee(FeeKind.OPTION_TO_PURCHASE, 10_00, Timing.LAST),),
        instalment=363_30,
        deposit=3_000_00,
        apr_percent=Decimal("7.9"),
    )


def make(
    terms: Terms, *, product: str = "HIRE_PURCHASE", paid: list[tuple[date, int]] | None = None, on: date = TODAY,
    reference: str | None = None, given_name: str = "Priya", family_name: str = "Shah", joint: bool = False,
    vehicle: NewVehicle | None = None, status: Status = Status.LIVE, account_ending: str = "",
) -> Made:  # fmt: skip
    """An agreement with its dues and payments up to a day. `paid`: dates and amounts; None pays every due in time."""
    schedule = PRODUCTS[product].schedule(terms)
    if paid is None:
        paid = [(schedule.due(row), schedule.amount_due(row)) for row in range(schedule.rows_due_by(on))]
    total = sum(amount for _, amount in paid)
    stands = position(schedule, total, on)
    due = schedule.rows_due_by(on)
    with transaction():
        names = [people.NewUser(full_name=f"{given_name} {family_name}", email="", phone="")]
        names += [people.NewUser(full_name="Jo Hart")] if joint else []
        users = list(people.take_in(users=names, valid_from=schedule.drawdown_date))
        new_customers = [customers.NewCustomer(users[0], "", given_name, family_name, date(1990, 5, 4))]
        new_customers += [customers.NewCustomer(users[1], "", "Jo", "Hart")] if joint else []
        ids = customers.take_in(customers=new_customers, valid_from=schedule.drawdown_date)
        parties = (NewParty(ids[0]), *((NewParty(ids[1], PartyRole.JOINT),) if joint else ()))
        new = NewAgreement(
            product=product, terms=terms.to_json(), agreed_on=schedule.drawdown_date,
            ends_on=schedule.due(len(schedule) - 1), apr_percent=str(terms.apr_percent or ""), parties=parties,
            schedule=schedule, schedule_reason=ScheduleReason.AS_SIGNED, effective_from=schedule.drawdown_date,
            standing=NewStanding(
                status=status, next_number=stands.next_number, next_due=stands.next_due, next_amount=stands.next_amount,
                next_interest=0, due_total=stands.due_total, paid_total=total,
                principal_outstanding=schedule.balance_after(due - 1), arrears_since=stands.arrears_since,
            ),
            reference=reference, vehicle=vehicle,
        )  # fmt: skip
        (agreement_id,) = operations.take_in(agreements=[new])
        payments = _write_payments(agreement_id, paid)
        _post(agreement_id, schedule, due, paid, payments)
        if account_ending:
            copy_rows(
                "payments_mandate",
                ("agreement_id", "scheme", "state", "holder", "account_ending", "valid_from", "valid_to"),
                [(agreement_id, "BACS", "ACTIVE", "", account_ending, schedule.drawdown_date, date(9999, 12, 31))],
            )
    from milepost.servicing.agreements.models import Agreement

    number = Agreement.objects.get(id=agreement_id).reference
    return Made(agreement_id, number, users[0], users[1] if joint else None, tuple(payments))


def _write_payments(agreement_id: int, paid: list[tuple[date, int]]) -> list[int]:
    ids = list(reserve_ids("payments_payment_id_seq", len(paid)))
    copy_rows(
        "payments_payment",
        ("id", "agreement_id", "received_on", "amount", "method", "state", "returned_on", "imported"),
        [
            (row_id, agreement_id, day, amount, "DIRECT_DEBIT", "RECEIVED", date(9999, 12, 31), True)
            for row_id, (day, amount) in zip(ids, paid, strict=True)
        ],
    )
    return ids


def _post(agreement_id: int, schedule: Any, due: int, paid: list[tuple[date, int]], payments: list[int]) -> None:
    def rows(entry: entries.Entry, source: int, day: date) -> list[ledger.Row]:
        return ledger.rows(
            book=agreement_id, entry=entry, source=source, effective_on=day, recorded_at=RECORDED, policy_version=1
        )

    transfers = rows(entries.paid_out(amount=schedule.opening), 0, schedule.drawdown_date)
    for row in range(due):
        entry = entries.instalment_due(
            principal=schedule.principal[row], interest=schedule.interest[row], fee=schedule.fees[row]
        )
        transfers += rows(entry, row + 1, schedule.due(row))
    for payment_id, (day, amount) in zip(payments, paid, strict=True):
        transfers += rows(entries.payment_received(channel=Channel.DIRECT_DEBIT, due=amount), payment_id, day)
    ledger.ensure_quarters(first=schedule.drawdown_date, last=TODAY)
    ledger.copy_transfers(transfers=transfers)
