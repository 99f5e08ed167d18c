"""Whole minor units, one rounding rule, and splits that lose no penny."""

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from milepost.finance.money import LARGEST_AMOUNT, FinanceError, Money, require_amount, round_half_up, split


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("354.4999", 354), ("354.5", 355), ("355.5", 356), ("0.5", 1), ("-0.5", -1), ("-354.5", -355), ("0", 0)],
)
def test_halves_go_up_and_a_reversal_mirrors_it(exact: str, rounded: int):
    assert round_half_up(Decimal(exact)) == rounded
    assert round_half_up(Fraction(exact)) == rounded


def test_the_irish_instalments_that_prove_halves_go_up():
    # Printed by dealers: 354.09, 213.96, 621.51 (domain.md 2.2).
    exact = ("35409.14", "21395.65", "62151.19")
    assert [round_half_up(Decimal(pence)) for pence in exact] == [35409, 21396, 62151]


def test_money_at_the_edges_knows_its_currency():
    assert Money(29805, "GBP") != Money(29805, "EUR")


def test_a_split_gives_the_odd_penny_to_the_largest_fraction():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(100, [1, 2]) == [33, 67]
    assert split(-100, [1, 2]) == [-33, -67]
    assert split(7, [0, 5, 0]) == [0, 7, 0]


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_a_split_needs_weights(weights: list[int]):
    with pytest.raises(FinanceError) as refused:
        split(100, weights)
    assert refused.value.field == "weights"


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_a_split_loses_no_penny_and_is_fair_within_one(amount: int, weights: list[int]):
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(
        abs(part - Fraction(amount * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (-1, "negative"),
        (LARGEST_AMOUNT + 1, "too_large"),
        (True, "wrong_type"),
        ("12", "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_an_amount_is_a_whole_number_that_four_bytes_hold(amount: int, code: str):
    with pytest.raises(FinanceError) as refused:
        require_amount(amount, "deposit")
    assert (refused.value.code, refused.value.field) == (code, "deposit")


def test_an_amount_of_nought_may_be_too_small():
    require_amount(0, "deposit")
    with pytest.raises(FinanceError, match="amount_of_credit: must be above nought"):
        require_amount(0, "amount_of_credit", least=1)


def test_a_refusal_survives_being_sent_between_processes():
    again = pickle.loads(pickle.dumps(FinanceError("negative", "deposit", "must not be negative")))
    assert (again.code, again.field, again.message) == ("negative", "deposit", "must not be negative")
