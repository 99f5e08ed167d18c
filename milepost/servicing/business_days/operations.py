"""Opening the lender's days."""

from datetime import date, datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.business_days.models import BusinessDay
from milepost.servicing.business_days.states import DayState


class DayAlreadyOpen(Refusal):
    code = "day-already-open"
    sentence = "A business day is open already. Close it before you open another."


def open_first_day(*, on: date, actor: Actor, at: datetime) -> None:
    """Open the installation's first business day. Later ones are opened by the close of the one before."""
    with transaction():
        if BusinessDay.objects.exists():
            raise DayAlreadyOpen
        BusinessDay.objects.create(date=on, state=DayState.OPEN, opened_at=at)
        audit.record(
            "business_day.opened", subject_kind="business_day", subject_id=on.toordinal(), actor=actor, at=at,
            date=on.isoformat(),
        )  # fmt: skip
