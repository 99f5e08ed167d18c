"""The agreement: from start to end, what it costs, who it is between, and the right to end it half way."""

import pytest
from django.urls import reverse

from tests.support.cast import Cast, Member
from tests.support.page_client import Page

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]


def shown(member: Member, number: int = 0) -> Page:
    return member.client().get(reverse("agreement", kwargs={"reference": member.person.agreements[number]}))


def test_a_pcp_has_its_choice_at_the_end_and_its_half_way_point(cast: Cast):
    page = shown(cast.priya)
    for words in (
        "You borrowed£24,995.00 for the car, less your deposit£21,995.00",
        "Total amount payable£29,935.10",
        "A third £9,978.37Half £14,967.55",
        "Half paid14 November 2027",
        "Keep, return or part exchange",
        "Option to purchase feeOnly if you keep the car£10.00",
    ):
        assert words in page.text


def test_a_loan_has_neither(cast: Cast):
    page = shown(cast.marek)
    assert "Total amount payable£8,298.72" in page.text
    assert "half way" not in page.text


def test_past_half_she_may_hand_the_car_back(cast: Cast):
    assert "You are past half" in shown(cast.hana).text


def test_a_joint_agreement_names_both(cast: Cast):
    assert "YouHana Moriyama Joint customerJo Fairbrother" in shown(cast.hana).text


def test_a_settled_agreement_is_still_there_to_look_at(cast: Cast):
    assert "Settled" in shown(cast.owen, 1).text
