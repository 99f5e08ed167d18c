"""`direct-debit-dates`: the days of one Direct Debit collection in England and Wales."""

from dataclasses import asdict
from typing import Any

from milepost.finance.bank_holidays import ENGLAND_AND_WALES
from milepost.finance.calculations.answers import DATE, ENGINE_FIELD, UNDATED_RULE, Answer, Given, day
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Day, Field, Object
from milepost.finance.direct_debit_calendar import dates


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The six days (rules: `finance.direct_debit_calendar`)."""
    found = asdict(dates(request["due_date"], ENGLAND_AND_WALES))
    return {name: day(on) for name, on in found.items()} | {"rule": "Bacs, three working days; England and Wales"}


KIND = Kind(
    name="direct-debit-dates",
    summary="When a Direct Debit is announced, sent, collected and reported unpaid.",
    request=Object({"due_date": Field(Day(working=True), "by the contract; it is never moved")}),
    answer=Answer(
        {
            "collection_date": Given(DATE, "the due date or the next working day"),
            "processing_day": Given(DATE, "a working day before"),
            "input_day": Given(DATE, "two working days before"),
            "latest_advance_notice_date": Given(DATE, "ten working days before"),
            "arudd_expected_by": Given(DATE, "when an unpaid collection is reported at the latest"),
            "latest_representation_date": Given(DATE, "within a calendar month of the collection"),
            "rule": UNDATED_RULE,
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={"Due on Good Friday 2027": {"due_date": "2027-03-26"}},
    paths={},
)
