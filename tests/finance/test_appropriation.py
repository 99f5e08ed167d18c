"""One payment for several agreements (s81)."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance.appropriation import Appropriation, appropriate
from milepost.finance.money import FinanceError
from tests.finance import vectors


def test_in_proportion_to_what_is_due_and_the_remainder_to_the_last():
    assert appropriate(100_00, {"A": 300_00, "B": 100_00}).allocated == {"A": 75_00, "B": 25_00}
    assert appropriate(1_00, {"A": 1_00, "B": 1_00, "C": 1_00}).allocated == {"A": 33, "B": 33, "C": 34}
    assert appropriate(5, {"A": 2, "B": 2, "C": 2}).allocated == {"A": 2, "B": 2, "C": 1}


def test_more_than_is_due_stays_the_customers():
    assert appropriate(50_00, {"A": 20_00, "B": 10_00}) == Appropriation({"A": 20_00, "B": 10_00}, 20_00)
    assert appropriate(50_00, {"A": 0}) == Appropriation({"A": 0}, 50_00)


@pytest.mark.parametrize(
    ("payment", "due", "field"), [(-1, {"A": 1}, "payment"), (1, {}, "due"), (1, {"A": -1}, "due.A")]
)
def test_what_cannot_be_divided(payment: int, due: dict[str, int], field: str):
    with pytest.raises(FinanceError) as refused:
        appropriate(payment, due)
    assert refused.value.field == field


@given(st.integers(0, 10**6), st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**5), min_size=1))
def test_no_penny_is_lost_and_nobody_is_given_more_than_is_due(payment: int, due: dict[str, int]):
    divided = appropriate(payment, due)
    assert sum(divided.allocated.values()) + divided.unallocated == payment
    assert all(0 <= divided.allocated[agreement] <= amount for agreement, amount in due.items())


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-payment-allocation.json", "appropriation"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    due = {agreement: vectors.pence(amount) for agreement, amount in request_["due"].items()}
    divided = appropriate(vectors.pence(request_["payment"]), due)
    assert {key: vectors.pounds(amount) for key, amount in divided.allocated.items()} == answer["allocated"]
