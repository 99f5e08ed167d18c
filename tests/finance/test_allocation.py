"""The waterfall: one receipt over what one agreement owes."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance.allocation import FEES_LAST, Bucket, allocate
from milepost.finance.money import FinanceError
from tests.finance import vectors

OWED = {
    Bucket.ARREARS_INTEREST: 40_00,
    Bucket.ARREARS_PRINCIPAL: 210_00,
    Bucket.INSTALMENT_INTEREST: 20_00,
    Bucket.INSTALMENT_PRINCIPAL: 230_00,
    Bucket.DEFAULT_INTEREST: 1_50,
    Bucket.FEES: 12_00,
}
FEES_FIRST = (Bucket.FEES, Bucket.DEFAULT_INTEREST, *FEES_LAST[:4])


def filled(payment: int, order: tuple[Bucket, ...] = FEES_LAST) -> dict[str, int]:
    return {bucket.name: amount for bucket, amount in allocate(payment, OWED, order).allocated.items() if amount}


def test_arrears_are_cleared_before_the_current_instalment_and_fees_wait():
    assert filled(100_00) == {"ARREARS_INTEREST": 40_00, "ARREARS_PRINCIPAL": 60_00}
    assert filled(500_00) == {
        "ARREARS_INTEREST": 40_00,
        "ARREARS_PRINCIPAL": 210_00,
        "INSTALMENT_INTEREST": 20_00,
        "INSTALMENT_PRINCIPAL": 230_00,
    }


def test_a_lender_may_put_fees_first():
    assert filled(50_00, FEES_FIRST) == {"FEES": 12_00, "DEFAULT_INTEREST": 1_50, "ARREARS_INTEREST": 36_50}


def test_what_is_left_over_is_the_customers():
    assert allocate(513_50 + 78_09, OWED).unallocated == 78_09


def test_every_bucket_of_the_order_is_answered_for():
    assert set(allocate(0, {}).allocated) == set(Bucket)


@pytest.mark.parametrize(
    ("payment", "owed", "order", "field"),
    [
        (-1, {}, FEES_LAST, "payment"),
        (1, {Bucket.FEES: -1}, FEES_LAST, "owed.FEES"),
        (1, {Bucket.FEES: 1}, FEES_LAST[:2], "order"),
        (1, {}, (Bucket.FEES, Bucket.FEES), "order"),
    ],
)
def test_what_cannot_be_allocated(payment: int, owed: dict[Bucket, int], order: tuple[Bucket, ...], field: str):
    with pytest.raises(FinanceError) as refused:
        allocate(payment, owed, order)
    assert refused.value.field == field


@given(
    st.integers(0, 10**6),
    st.dictionaries(st.sampled_from(Bucket), st.integers(0, 10**5)),
    st.permutations(FEES_LAST),
)
def test_no_penny_is_lost_and_none_is_paid_twice(payment: int, owed: dict[Bucket, int], order: list[Bucket]):
    allocation = allocate(payment, owed, order)
    assert sum(allocation.allocated.values()) + allocation.unallocated == payment
    assert all(0 <= amount <= owed.get(bucket, 0) for bucket, amount in allocation.allocated.items())
    assert allocation.unallocated == max(0, payment - sum(owed.values()))


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-payment-allocation.json", "allocation"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    order = [Bucket(name.upper()) for name in request_["order"]]
    owed = {Bucket(name.upper()): vectors.pence(amount) for name, amount in request_["owed"].items()}
    allocation = allocate(vectors.pence(request_["payment"]), owed, order)
    assert {b.lower(): vectors.pounds(amount) for b, amount in allocation.allocated.items()} == answer["allocated"]
    assert vectors.pounds(allocation.unallocated) == answer["unallocated"]
