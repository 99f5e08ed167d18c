"""Agreements as one statement brings them: contract, car, schedule in force and standing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from milepost.finance.schedule import Schedule
from milepost.servicing.agreements.states import ScheduleReason, Status


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the pages of one agreement are drawn from; amounts in minor units."""

    id: int
    reference: str
    product: str
    terms: dict[str, Any]
    agreed_on: date
    ends_on: date
    apr_percent: str
    registration: str
    make: str
    model: str
    body: str
    is_new: bool | None
    first_registered: date | None
    year: int | None
    cash_price: int | None
    annual_mileage: int | None
    excess_mileage_tenths: int | None
    status: Status
    paid_total: int
    principal_outstanding: int
    schedule_reason: ScheduleReason
    effective_from: date
    first_number: int
    schedule: Schedule

    @property
    def as_signed(self) -> bool:
        """The schedule is the whole contract's; otherwise an old system ran the earlier part of it."""
        return self.schedule_reason is not ScheduleReason.IMPORTED_BALANCE


def load(ids: Sequence[int]) -> list[Loaded]:
    """These agreements, in the order given."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, a.reference, a.product, a.terms::text, a.agreed_on, a.ends_on, a.apr_percent,
                   coalesce(v.registration, ''), coalesce(v.make, ''), coalesce(v.model, ''), coalesce(v.body, ''),
                   v.is_new, v.first_registered, v.year, v.cash_price, v.annual_mileage, v.excess_mileage_tenths,
                   s.status, s.paid_total, s.principal_outstanding, c.reason, c.effective_from, c.first_number,
                   c.drawdown_date, c.first_due, c.due_day, c.advance, c.principal, c.interest, c.fees
            FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)
            JOIN agreements_agreement a ON a.id = wanted.id
            JOIN agreements_standing s ON s.agreement_id = a.id
            JOIN agreements_schedule c ON c.agreement_id = a.id AND c.version = s.schedule_version
            LEFT JOIN agreements_vehicle v ON v.agreement_id = a.id
            ORDER BY wanted.place
            """,
            [list(ids)],
        )
        return [_loaded(row) for row in cursor.fetchall()]


def _loaded(row: tuple[Any, ...]) -> Loaded:
    cells = list(row[:23])
    cells[3], cells[17], cells[20] = json.loads(cells[3]), Status(cells[17]), ScheduleReason(cells[20])
    drawdown, first_due, due_day, advance, principal, interest, fees = row[23:]
    # Straight into the dataclass: an agreement that had ended when it was imported has a schedule without rows.
    arrays = tuple(principal), tuple(interest), tuple(fees)
    cells.append(Schedule(drawdown, first_due, due_day, advance, sum(principal), *arrays))
    return Loaded(*cells)
