"""The cap on what a lender may claim for an early payment (s95A)."""

from datetime import date
from typing import Any

import pytest

from milepost.finance.compensatory_amount import maximum
from milepost.finance.money import FinanceError
from tests.finance import vectors


@pytest.mark.parametrize(
    ("payment", "others", "more_than_a_year", "avoided", "cap"),
    [
        (8_000_00, 0, True, 900_00, 0),  # must exceed the threshold
        (8_000_01, 0, True, 900_00, 80_00),
        (16_575_84, 0, True, 2_236_40, 165_75),  # one per cent, rounded down
        (8_390_94, 0, False, 300_00, 41_95),  # half of one in the last year
        (12_000_00, 0, True, 55_20, 55_20),  # never more than the interest spared
        (5_000_00, 3_500_00, True, 700_00, 50_00),  # a year's payments together, a share of this one
    ],
)
def test_the_cap(payment: int, others: int, more_than_a_year: bool, avoided: int, cap: int):
    found = maximum(
        payment=payment,
        other_payments_last_12_months=others,
        more_than_one_year_left=more_than_a_year,
        interest_avoided=avoided,
        on=date(2026, 11, 22),
    )
    assert found == cap


@pytest.mark.parametrize("field", ["payment", "other_payments_last_12_months", "interest_avoided"])
def test_negative_amounts_are_refused(field: str):
    figures: dict[str, Any] = {"payment": 1, "other_payments_last_12_months": 0, "interest_avoided": 0, field: -1}
    with pytest.raises(FinanceError) as refused:
        maximum(**figures, more_than_one_year_left=True)
    assert refused.value.field == field


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-s95a.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    figures: dict[str, Any] = {key: vectors.pence(value) for key, value in request_.items() if isinstance(value, str)}
    found = maximum(**figures, more_than_one_year_left=request_["more_than_one_year_left"])
    assert vectors.pounds(found) == answer["maximum"]
