"""The agreement page: the road, the cost, the thresholds, the parties."""

from datetime import date

import pytest

from milepost.finance.terms import RateConvention, Terms
from milepost.servicing.agreements import queries
from milepost.servicing.agreements.operations import NewVehicle
from tests.support.agreements import TODAY, make, priya_terms

pytestmark = pytest.mark.django_db


def test_the_cost_adds_up_to_the_total_amount_payable() -> None:
    made = make(priya_terms(), product="PCP", vehicle=NewVehicle(cash_price=24_995_00))
    view = queries.agreement(made.id, on=TODAY, user_id=made.user_id)
    assert sum(line.amount for line in view.costs if not line.is_total) == view.costs[-1].amount == 29_935_10
    assert view.cost_words == "47 payments of £363.30, then £9,850.00 and a £10.00 fee, if you keep the car."


def test_a_third_and_a_half_count_the_deposit_and_come_when_the_payments_bring_them() -> None:
    made = make(priya_terms(), product="PCP")
    half = queries.agreement(made.id, on=TODAY, user_id=made.user_id).half
    assert half is not None
    assert (half.total, half.third, half.half, half.paid) == (29_935_10, 9_978_37, 14_967_55, 10_629_30)
    assert (half.past_third, half.past_half, half.to_half) == (True, False, 4_338_25)
    assert half.half_on == date(2027, 11, 14)


def test_the_road_is_in_order_and_says_where_she_is() -> None:
    made = make(priya_terms(), product="PCP")
    road = queries.agreement(made.id, on=TODAY, user_id=made.user_id).road
    assert [point.title for point in road] == [
        "You started", "A third paid", "You are here", "Half paid", "You choose", "The end",
    ]  # fmt: skip
    assert [point.state for point in road] == ["done", "done", "now", "to-come", "to-come", "to-come"]
    assert road[2].text == "21 of 47 payments made"


def test_a_loan_has_no_half_rule() -> None:
    terms = Terms(
        amount_of_credit=7_500_00, number_of_instalments=60, rate_convention=RateConvention.CONTRACT, instalment=147_42,
        drawdown_date=date(2026, 1, 31), due_day=31,
    )  # fmt: skip
    made = make(terms, product="PERSONAL_LOAN")
    view = queries.agreement(made.id, on=TODAY, user_id=made.user_id)
    assert view.half is None
    assert not any("return the car" in title for title, _ in view.rights)


def test_you_are_named_first_whoever_looks() -> None:
    made = make(priya_terms(), product="PCP", joint=True)
    assert made.joint_user_id is not None
    for user_id, name in ((made.user_id, "Priya Shah"), (made.joint_user_id, "Jo Hart")):
        parties = queries.agreement(made.id, on=TODAY, user_id=user_id).parties
        assert parties[0] == ("You", name)
        assert len(parties) == 3
