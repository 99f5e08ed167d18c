"""The days of one Direct Debit collection (Bacs; domain.md 7.1).

Three working days: input, processing, entry. The contractual due date is never moved; only the collection is.
"""

from dataclasses import dataclass
from datetime import date

from milepost.finance.calendars import WorkingDays, add_months

ADVANCE_NOTICE_WORKING_DAYS = 10  # the scheme's default; a shorter one may be agreed, see policy
UNPAID_REPORT_WORKING_DAYS = 2
REPRESENTATION_MONTHS = 1


@dataclass(frozen=True, slots=True)
class DirectDebitDates:
    """Collection and processing are the last two of the three days, input the first; the others are limits."""

    collection_date: date
    processing_day: date
    input_day: date
    latest_advance_notice_date: date
    arudd_expected_by: date
    latest_representation_date: date


def dates(
    due_date: date, working_days: WorkingDays, *, notice_working_days: int = ADVANCE_NOTICE_WORKING_DAYS
) -> DirectDebitDates:
    """Collect on the due date or the next working day, and count the rest from there.

    A return is reported within two working days; an unpaid collection may be presented again within a calendar month.
    """
    collection = working_days.on_or_after(due_date)
    return DirectDebitDates(
        collection_date=collection,
        processing_day=working_days.subtract(collection, 1),
        input_day=working_days.subtract(collection, 2),
        latest_advance_notice_date=working_days.subtract(collection, notice_working_days),
        arudd_expected_by=working_days.add(collection, UNPAID_REPORT_WORKING_DAYS),
        latest_representation_date=add_months(collection, REPRESENTATION_MONTHS),
    )
