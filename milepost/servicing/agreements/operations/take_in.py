"""Agreements from a tape: the contract, its parties, its car, its schedule, its standing and its books, in one go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from milepost.finance.calendars import FOREVER
from milepost.finance.schedule import Schedule
from milepost.plumbing import references
from milepost.plumbing.copying import copy_rows, reserve_ids
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.lender import current as lender
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.states import PartyRole, ScheduleReason, Status

ID_STEP = 10**8


@dataclass(frozen=True, slots=True)
class NewParty:
    """A customer in an agreement."""

    customer_id: int
    role: PartyRole = PartyRole.BORROWER


@dataclass(frozen=True, slots=True)
class NewVehicle:
    """What is financed, as far as the tape says."""

    registration: str = ""
    vin: str = ""
    make: str = ""
    model: str = ""
    body: str = ""
    is_new: bool | None = None
    first_registered: date | None = None
    year: int | None = None
    cash_price: int | None = None
    annual_mileage: int | None = None
    excess_mileage_tenths: int | None = None


@dataclass(frozen=True, slots=True)
class NewStanding:
    """Where the agreement stands on the tape's day; amounts in minor units, from the schedule's first row on."""

    status: Status
    next_number: int
    next_due: date
    next_amount: int
    next_interest: int
    due_total: int
    paid_total: int
    principal_outstanding: int
    arrears_since: date = FOREVER


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """One agreement to take in. `reference` is ours (ten digits) or None for the next free number."""

    product: str
    terms: dict[str, Any]
    agreed_on: date
    ends_on: date
    apr_percent: str
    parties: tuple[NewParty, ...]
    schedule: Schedule
    schedule_reason: ScheduleReason
    effective_from: date
    standing: NewStanding
    reference: str | None = None
    origin_reference: str | None = None
    vehicle: NewVehicle | None = field(default=None)
    first_number: int = 1


@in_transaction
def take_in(*, agreements: Sequence[NewAgreement]) -> list[int]:
    """Write many agreements (not their transfers). Answers their ids, in the order given.

    The ids are due day x 10**8 + a running number, so their transfers should be posted in the order of the ids.
    Raises IntegrityError when a reference is in use.
    """
    serials = reserve_ids("agreements_running_number", len(agreements))
    ids = [new.schedule.due_day * ID_STEP + serial for new, serial in zip(agreements, serials, strict=True)]
    if serials and serials[-1] >= ID_STEP:
        raise InvariantBroken("The running numbers of agreements are used up")
    both = list(zip(ids, agreements, strict=True))
    numbers = iter(_free_numbers(sum(new.reference is None for new in agreements)))
    copy_rows(
        "agreements_agreement",
        ("id", "reference", "origin_reference", "product", "terms", "agreed_on", "ends_on", "apr_percent"),
        (
            (row_id, new.reference or next(numbers), new.origin_reference, new.product, json.dumps(new.terms),
             new.agreed_on, new.ends_on, new.apr_percent)
            for row_id, new in both
        ),
    )  # fmt: skip
    copy_rows(
        "agreements_party",
        ("agreement_id", "customer_id", "role"),
        ((row_id, party.customer_id, party.role) for row_id, new in both for party in new.parties),
    )
    copy_rows("agreements_vehicle", VEHICLE, (_vehicle(row_id, new.vehicle) for row_id, new in both if new.vehicle))
    copy_rows(
        "agreements_schedule",
        SCHEDULE,
        (
            schedule_row(row_id, 1, new.schedule, new.schedule_reason, new.effective_from, new.first_number)
            for row_id, new in both
        ),
    )
    copy_rows("agreements_standing", STANDING, (_standing(row_id, new) for row_id, new in both))
    return ids


VEHICLE = (
    "agreement_id", "registration", "vin", "make", "model", "body", "is_new", "first_registered", "year",
    "cash_price", "annual_mileage", "excess_mileage_tenths",
)  # fmt: skip
SCHEDULE = (
    "agreement_id", "version", "effective_from", "reason", "drawdown_date", "first_due", "due_day", "advance",
    "first_number", "principal", "interest", "fees",
)  # fmt: skip
STANDING = (
    "agreement_id", "due_day", "status", "schedule_version", "next_number", "next_due", "next_amount", "next_interest",
    "due_total", "paid_total", "principal_outstanding", "arrears_since", "revision",
)  # fmt: skip


def schedule_row(
    agreement_id: int, version: int, schedule: Schedule, reason: ScheduleReason, effective_from: date, first_number: int
) -> tuple[object, ...]:
    """One version of a schedule as a row of its table."""
    return (
        agreement_id, version, effective_from, reason, schedule.drawdown_date, schedule.first_due, schedule.due_day,
        schedule.advance, first_number, _array(schedule.principal), _array(schedule.interest), _array(schedule.fees),
    )  # fmt: skip


def _array(amounts: Sequence[int]) -> str:
    """An array as PostgreSQL writes it: several times quicker than handing over the list."""
    return "{" + ",".join(map(str, amounts)) + "}"


def _vehicle(agreement_id: int, new: NewVehicle) -> tuple[object, ...]:
    return (
        agreement_id, new.registration, new.vin, new.make, new.model, new.body, new.is_new, new.first_registered,
        new.year, new.cash_price, new.annual_mileage, new.excess_mileage_tenths,
    )  # fmt: skip


def _standing(agreement_id: int, new: NewAgreement) -> tuple[object, ...]:
    standing = new.standing
    return (
        agreement_id, new.schedule.due_day, standing.status, 1, standing.next_number, standing.next_due,
        standing.next_amount, standing.next_interest, standing.due_total, standing.paid_total,
        standing.principal_outstanding, standing.arrears_since, 1,
    )  # fmt: skip


def _free_numbers(count: int) -> list[str]:
    """Agreement numbers of our own, under the lender's prefix, that no agreement has."""
    prefix = lender().new_number_prefix
    free: list[str] = []
    while len(free) < count:
        serials = reserve_ids("agreements_new_number", count - len(free))
        numbers = [references.agreement_number(int(f"{prefix}{serial:0{9 - len(prefix)}d}")) for serial in serials]
        with connection.cursor() as cursor:
            cursor.execute("SELECT reference FROM agreements_agreement WHERE reference = ANY(%s)", [numbers])
            taken = {reference for (reference,) in cursor.fetchall()}
        free += [number for number in numbers if number not in taken]
    return free
