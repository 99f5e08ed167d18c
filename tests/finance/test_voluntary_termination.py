"""The half rule and the one-third mark."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance.calendars import FOREVER
from milepost.finance.money import FinanceError
from milepost.finance.protected_goods import Crossing, crossing
from milepost.finance.voluntary_termination import VoluntaryTermination, terminate
from tests.finance import vectors

CAR: dict[str, Any] = {
    "deposit": 1_500_00,
    "part_exchange": 0,
    "instalment": 298_05,
    "number_of_instalments": 48,
    "other_sums": [150_00, 10_00],
    "instalments_paid": 20,
    "instalments_due_unpaid": 0,
    "other_sums_paid": 150_00,
}


def ended(**changes: Any) -> VoluntaryTermination:
    return terminate(**{**CAR, **changes})


def test_before_half_the_customer_pays_up_to_half():
    ending = ended()
    assert (ending.total_amount_payable, ending.half, ending.third) == (15_966_40, 7_983_20, 5_322_14)
    assert (ending.paid, ending.shortfall, ending.amount_payable) == (7_611_00, 372_20, 372_20)
    assert (ending.protected_goods, ending.first_instalment_at_which_half_is_reached) == (True, 22)


def test_after_half_nothing_is_owed_and_nothing_comes_back():
    ending = ended(part_exchange=2_000_00, instalments_paid=26)
    assert (ending.paid, ending.shortfall, ending.amount_payable) == (11_399_30, 0, 0)


def test_what_is_already_due_stays_payable_and_counts_towards_half():
    ending = ended(instalments_due_unpaid=2)
    assert (ending.sums_due_unpaid, ending.shortfall, ending.amount_payable) == (596_10, 0, 596_10)


def test_a_pcp_counts_its_final_payment_and_reaches_half_late():
    pcp: dict[str, Any] = {
        "deposit": 3_500_00, "part_exchange": 0, "instalment": 346_24, "number_of_instalments": 48,
        "instalments_paid": 30, "instalments_due_unpaid": 0,
    }  # fmt: skip
    among_others = terminate(**pcp, other_sums=[9_800_00, 10_00])
    by_name = terminate(**pcp, balloon=9_800_00, other_sums=[10_00])
    assert among_others == by_name
    assert (by_name.amount_payable, by_name.first_instalment_at_which_half_is_reached) == (1_077_56, 34)


def test_damage_is_added():
    assert ended(instalments_paid=40, damage_claim=420_00).amount_payable == 420_00


def test_an_installation_charge_counts_in_full():
    # Half of 15,966.40 is 7,983.20; with 300 of installation it is 300 + half of 15,666.40.
    ending = ended(installation_charge=300_00)
    assert (ending.half, ending.third) == (300_00 + 7_833_20, 300_00 + 5_222_14)
    assert ending.amount_payable == 372_20 + 150_00


def test_the_first_instalment_to_reach_half_may_be_none_or_before_the_first():
    assert ended(deposit=20_000_00).first_instalment_at_which_half_is_reached == 0
    assert ended(other_sums=[40_000_00]).first_instalment_at_which_half_is_reached is None
    assert ended(instalment=0, other_sums=[40_000_00]).first_instalment_at_which_half_is_reached is None


@pytest.mark.parametrize(("paid", "protected"), [(9, False), (10, True)])
def test_a_third_is_reached_or_not(paid: int, protected: bool):
    ending = terminate(
        deposit=1_000_00, part_exchange=0, instalment=250_00, number_of_instalments=36, instalments_paid=paid,
        instalments_due_unpaid=0,
    )  # fmt: skip
    assert (ending.third, ending.protected_goods) == (3_333_34, protected)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deposit": -1}, "deposit"),
        ({"other_sums": [-1]}, "other_sums"),
        ({"number_of_instalments": 0}, "number_of_instalments"),
        ({"number_of_instalments": 601}, "number_of_instalments"),
        ({"instalments_paid": 49}, "instalments_paid"),
        ({"instalments_paid": -1}, "instalments_paid"),
        ({"instalments_due_unpaid": 29}, "instalments_due_unpaid"),
        ({"installation_charge": 20_000_00}, "installation_charge"),
    ],
)
def test_absurd_figures_are_refused(changes: dict[str, Any], field: str):
    with pytest.raises(FinanceError) as refused:
        ended(**changes)
    assert refused.value.field == field


@given(st.integers(0, 48), st.integers(0, 5_000_00), st.integers(0, 3))
def test_nobody_pays_more_than_half_and_damages(paid: int, deposit: int, unpaid: int):
    ending = ended(deposit=deposit, instalments_paid=paid, instalments_due_unpaid=min(unpaid, 48 - paid))
    assert ending.paid + ending.amount_payable >= ending.half
    assert ending.shortfall == 0 or ending.paid + ending.amount_payable == ending.half


def test_a_mark_is_crossed_once():
    paid = [(date(2026, 1, 10), 40_00), (date(2026, 2, 10), 40_00), (date(2026, 3, 10), 40_00)]
    assert crossing(paid, 70_00) == Crossing(True, date(2026, 2, 10), date(2026, 2, 10))
    assert crossing(paid, 120_01) == Crossing(False, FOREVER, FOREVER)
    assert crossing([], 1) == Crossing(False, FOREVER, FOREVER)


def test_a_returned_payment_takes_the_protection_away_and_the_next_gives_it_back():
    paid = [(date(2026, 2, 10), 80_00), (date(2026, 2, 13), -40_00)]
    assert crossing(paid, 70_00) == Crossing(False, FOREVER, date(2026, 2, 10))
    again = [*paid, (date(2026, 3, 10), 40_00)]
    assert crossing(again, 70_00) == Crossing(True, date(2026, 3, 10), date(2026, 2, 10))


def test_what_is_returned_on_the_same_day_never_counted():
    paid = [(date(2026, 2, 10), 80_00), (date(2026, 2, 10), -80_00)]
    assert crossing(paid, 70_00).first_reached == FOREVER


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-voluntary-termination.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    figures: dict[str, Any] = {
        key: vectors.pence(value) if isinstance(value, str) else value for key, value in request_.items()
    }
    figures["other_sums"] = [vectors.pence(amount) for amount in request_["other_sums"]]
    ending = terminate(**figures)
    for field, expected in answer.items():
        figure = getattr(ending, field)
        assert (vectors.pounds(figure) if isinstance(expected, str) else figure) == expected
