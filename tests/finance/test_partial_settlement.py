"""Paying part of the debt early: a lower instalment, or a shorter term."""

from datetime import date
from typing import Any

import pytest

from milepost.finance.money import FinanceError
from milepost.finance.partial_settlement import Keeping, PartialSettlement, settle_in_part
from milepost.finance.schedule import build
from milepost.finance.terms import Balloon, Terms
from tests.finance import vectors
from tests.finance.agreements import ACCEPTANCE_FEE, OPTION_FEE, family_car, printed, priya, rated

KEEP_TERM, KEEP_INSTALMENT = Keeping
CAR = rated(12_000_00, 48, "NOMINAL", "8.9", fees=(ACCEPTANCE_FEE, OPTION_FEE), drawdown_date=date(2024, 6, 10))


def settle(terms: Terms, paid: int, payment: int, keeping: Keeping) -> PartialSettlement:
    return settle_in_part(terms=terms, schedule=build(terms), instalments_paid=paid, payment=payment, keeping=keeping)


def test_the_term_stays_and_the_instalments_fall():
    after = settle(CAR, 18, 2_000_00, KEEP_TERM)
    assert (after.balance_before, after.balance_after) == (7_990_23, 5_990_23)
    assert (after.new_instalment, after.remaining_instalments, after.final_instalment) == (223_45, 30, 223_39)
    assert (after.remaining_total, after.interest_saved) == (6_703_44, 238_12)


def test_the_instalment_stays_and_the_term_shortens():
    after = settle(CAR, 18, 2_000_00, KEEP_INSTALMENT)
    assert (after.new_instalment, after.remaining_instalments, after.final_instalment) == (298_05, 22, 251_81)
    assert (after.remaining_total, after.interest_saved) == (6_510_86, 430_70)


@pytest.mark.parametrize("keeping", Keeping)
def test_the_rows_to_come_go_on_from_the_next_due_date_with_their_fees(keeping: Keeping):
    rest = settle(CAR, 18, 2_000_00, keeping).schedule
    assert (rest.drawdown_date, rest.due(0)) == (date(2025, 12, 10), date(2026, 1, 10))
    assert (rest.opening, rest.balances()[-1]) == (5_990_23, 0)
    assert (sum(rest.fees[:-1]), rest.fees[-1]) == (0, 10_00)


@pytest.mark.parametrize(
    "terms",
    [
        rated(12_000_00, 48, "EFFECTIVE", "9.9"),
        rated(12_000_00, 48, "FLAT", "5"),
        family_car(),
        printed(15_000_00, 36, 479_95, advance_instalments=3),
    ],
    ids=["effective", "flat", "contract", "advance"],
)
def test_every_convention_goes_on_at_its_own_rate(terms: Terms):
    lower, shorter = (settle(terms, 12, 1_000_00, keeping) for keeping in Keeping)
    assert lower.balance_after == shorter.balance_after == build(terms).balance_after(11) - 1_000_00
    assert lower.remaining_instalments == terms.number_of_instalments - 12
    assert shorter.remaining_instalments < lower.remaining_instalments
    assert shorter.interest_saved > lower.interest_saved > 0
    assert lower.new_instalment < shorter.new_instalment


@pytest.mark.parametrize("month", [48, 49])
def test_a_balloon_stays_what_and_when_it_is(month: int):
    terms = rated(21_000_00, 48, "EFFECTIVE", "8.9", balloon=Balloon(9_800_00, month))
    after = settle(terms, 24, 2_000_00, KEEP_TERM)
    assert after.remaining_instalments == 24
    assert abs(after.new_instalment - after.final_instalment) < 50
    assert len(after.schedule) == month - 24
    assert after.remaining_total == 23 * after.new_instalment + after.final_instalment + 9_800_00
    with pytest.raises(FinanceError, match="keep the term instead"):
        settle(terms, 24, 2_000_00, KEEP_INSTALMENT)


def test_before_the_last_instalment_only_that_one_changes():
    terms = rated(1_000_00, 3, "NOMINAL", "12", balloon=Balloon(300_00, 3))
    after = settle(terms, 2, 50_00, KEEP_TERM)
    assert after.remaining_instalments == 1
    assert after.new_instalment == after.final_instalment == after.remaining_total - 300_00


def test_priya_may_keep_her_term():
    after = settle(priya(), 21, 2_000_00, KEEP_TERM)
    assert (after.balance_before, after.remaining_instalments) == (16_986_08, 26)
    assert after.schedule.due(26) == date(2029, 2, 14)
    assert after.schedule.fees[-1] == 10_00


@pytest.mark.parametrize(
    ("terms", "paid", "payment", "field"),
    [
        (CAR, 0, 1_00, "instalments_paid"),
        (CAR, 48, 1_00, "instalments_paid"),
        (printed(15_000_00, 36, 479_95, advance_instalments=3), 3, 1_00, "instalments_paid"),
        (CAR, 18, 0, "partial_payment"),
        (CAR, 18, 7_990_23, "partial_payment"),
        (priya(), 21, 16_986_08 - 9_850_00, "partial_payment"),
    ],
)
def test_what_is_no_partial_settlement(terms: Terms, paid: int, payment: int, field: str):
    with pytest.raises(FinanceError) as refused:
        settle(terms, paid, payment, KEEP_TERM)
    assert refused.value.field == field


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-partial-settlement.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    after = settle(
        vectors.terms(request_),
        request_["instalments_paid"],
        vectors.pence(request_["partial_payment"]),
        Keeping(request_["mode"]),
    )
    for field, expected in answer.items():
        figure = getattr(after, field)
        assert (figure if field == "remaining_instalments" else vectors.pounds(figure)) == expected
