"""The days of one Direct Debit."""

from datetime import date
from typing import Any

import pytest

from milepost.finance.calendars import WorkingDays
from milepost.finance.direct_debit_calendar import DirectDebitDates, dates
from tests.finance import vectors

# England and Wales, around the turn of three years and the dates that the cases below touch.
ENGLAND = WorkingDays(
    frozenset(
        {
            date(2025, 8, 25), date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3),
            date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 25),
            date(2026, 12, 28), date(2027, 1, 1),
        }
    )
)  # fmt: skip


def test_good_friday_is_collected_on_the_tuesday():
    assert dates(date(2026, 4, 3), ENGLAND) == DirectDebitDates(
        collection_date=date(2026, 4, 7),
        processing_day=date(2026, 4, 2),
        input_day=date(2026, 4, 1),
        latest_advance_notice_date=date(2026, 3, 20),
        arudd_expected_by=date(2026, 4, 9),
        latest_representation_date=date(2026, 5, 7),
    )


def test_a_working_day_is_its_own_collection_date():
    collected = dates(date(2026, 4, 15), ENGLAND)
    assert (collected.collection_date, collected.input_day) == (date(2026, 4, 15), date(2026, 4, 13))


def test_a_shorter_notice_may_be_agreed():
    assert dates(date(2026, 4, 15), ENGLAND, notice_working_days=3).latest_advance_notice_date == date(2026, 4, 10)


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-direct-debit-calendar.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    found = dates(date.fromisoformat(request_["due_date"]), ENGLAND)
    assert {field: getattr(found, field).isoformat() for field in answer} == answer
