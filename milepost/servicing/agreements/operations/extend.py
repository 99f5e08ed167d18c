"""A later tape about agreements that came from an earlier one: a longer history, or a corrected car."""

from datetime import date

from milepost.finance.schedule import Schedule
from milepost.plumbing.copying import copy_rows
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.models import Agreement, Standing, Vehicle
from milepost.servicing.agreements.operations.take_in import SCHEDULE, NewStanding, NewVehicle, schedule_row
from milepost.servicing.agreements.states import ScheduleReason


@in_transaction
def extend(
    *,
    agreement_id: int,
    standing: NewStanding,
    revision: int,
    schedule: Schedule | None = None,
    effective_from: date | None = None,
    first_number: int = 1,
) -> int:
    """Move the standing to a later day and, where one is given, write the next version of the schedule.

    Not the transfers. Answers the standing's new revision. Raises InvariantBroken when it is not at `revision` any
    more, because money has moved here since.
    """
    Agreement.objects.select_for_update().only("id").get(id=agreement_id)
    held = Standing.objects.select_for_update().get(agreement_id=agreement_id)
    if held.revision != revision:
        raise InvariantBroken(f"Agreement {agreement_id} stands at revision {held.revision}, not {revision}")
    if schedule is not None and effective_from is not None:
        held.schedule_version += 1
        row = schedule_row(
            agreement_id, held.schedule_version, schedule, ScheduleReason.IMPORTED_BALANCE, effective_from, first_number
        )
        copy_rows("agreements_schedule", SCHEDULE, [row])
    held.status = standing.status
    held.next_number, held.next_due = standing.next_number, standing.next_due
    held.next_amount, held.next_interest = standing.next_amount, standing.next_interest
    held.due_total, held.paid_total = standing.due_total, standing.paid_total
    held.principal_outstanding, held.arrears_since = standing.principal_outstanding, standing.arrears_since
    held.revision += 1
    held.save()
    return held.revision


@in_transaction
def correct_vehicle(*, agreement_id: int, new: NewVehicle) -> None:
    """Take over what the lender's old system says now about the car."""
    Vehicle.objects.update_or_create(
        agreement_id=agreement_id,
        defaults={
            "registration": new.registration, "vin": new.vin, "make": new.make, "model": new.model, "body": new.body,
            "is_new": new.is_new, "first_registered": new.first_registered, "year": new.year,
            "cash_price": new.cash_price, "annual_mileage": new.annual_mileage,
            "excess_mileage_tenths": new.excess_mileage_tenths,
        },
    )  # fmt: skip
