"""The rate of an agreement was wrong from some day on."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from milepost.finance.money import FinanceError
from milepost.finance.rate_correction import corrected
from milepost.finance.rates import annual_rate
from milepost.finance.terms import Terms
from milepost.plumbing.actor import Actor
from milepost.plumbing.copying import copy_rows
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.models import Schedule as ScheduleVersion
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import Books, NotRunning, schedule_of
from milepost.servicing.agreements.operations.take_in import SCHEDULE, schedule_row
from milepost.servicing.agreements.states import ScheduleReason, Status


class NotOurSchedule(Refusal):
    code = "not-our-schedule"
    sentence = "Another system ran the beginning of this agreement, so its rate can only be corrected by a tape."


class CorrectedAlready(Refusal):
    code = "rate-corrected-already"
    sentence = "The rate from that day on was corrected before. Reverse nothing: choose another day."


class RateCannotBe(Refusal):
    code = "rate-cannot-be"


LONGEST_RATE = 12
"""Characters of `Schedule.annual_percent`."""


def correct_rate(
    *, agreement_id: int, annual_percent: Decimal, effective_from: date, reason: str, key: str, actor: Actor,
    at: datetime, on: date,
) -> Recorded:  # fmt: skip
    """Write the next version of the schedule, at this rate from the first period that begins on or after a day.

    Instalments that have fallen due are due at their corrected amounts: the differences are posted on their days.
    Corrections may come in any order. Raises NotRunning once the agreement has ended, NotOurSchedule, CorrectedAlready,
    RateCannotBe.
    """
    annual_percent = _storable(annual_percent)

    def fact(books: Books, _: int) -> Mapping[str, int]:
        books.require_day(effective_from, on)
        if books.ending or books.standing.status != Status.LIVE:
            raise NotRunning
        _write_version(books, annual_percent, effective_from)
        return {}

    with transaction():
        return perform(
            agreement_id=agreement_id, action="agreement.rate_corrected",
            asked={"annual_percent": annual_percent, "effective_from": effective_from}, fact=fact, key=key,
            actor=actor, at=at, on=on, reason=reason,
        )  # fmt: skip


def _storable(percent: Decimal) -> Decimal:
    """The rate without needless zeros; raises RateCannotBe for what is no rate or has too many digits to be kept."""
    try:
        annual_rate(percent)
    except FinanceError as error:
        raise RateCannotBe(f"The rate {error.message}.") from error
    plain = f"{Decimal(percent).copy_abs():f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if len(plain) > LONGEST_RATE:
        raise RateCannotBe(f"The rate must have at most {LONGEST_RATE - 2} digits.")
    return Decimal(plain)


def _write_version(books: Books, annual_percent: Decimal, effective_from: date) -> None:
    versions = list(ScheduleVersion.objects.filter(agreement_id=books.agreement.id).order_by("version"))
    if versions[0].reason != ScheduleReason.AS_SIGNED:
        raise NotOurSchedule
    rates = {version.effective_from: Decimal(version.annual_percent) for version in versions if version.annual_percent}
    if effective_from in rates:
        raise CorrectedAlready
    rates[effective_from] = annual_percent
    try:
        schedule = corrected(Terms.from_json(books.agreement.terms), schedule_of(versions[0]), rates)
    except FinanceError as error:
        raise RateCannotBe(f"The rate {error.message}.") from error
    number = versions[-1].version + 1
    row = schedule_row(
        books.agreement.id, number, schedule, ScheduleReason.RATE_CORRECTED, effective_from, books.first_number
    )
    copy_rows("agreements_schedule", (*SCHEDULE, "annual_percent"), [(*row, str(annual_percent))])
    books.standing.schedule_version = number
    books.schedule = schedule
    books.read_again()
