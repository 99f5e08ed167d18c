"""Who is invited when the lender invites."""

import pytest

from milepost.servicing.agreements import queries
from milepost.servicing.identity.models import User
from tests.support.agreements import RECORDED, make, priya_terms

pytestmark = pytest.mark.django_db


def test_both_parties_of_a_joint_agreement_are_invited_and_those_who_joined_are_not() -> None:
    made = make(priya_terms(), product="PCP", joint=True)
    alone = make(priya_terms(), product="PCP")
    assert queries.users_to_invite([made.reference]) == [made.user_id, made.joint_user_id]
    User.objects.filter(id=made.user_id).update(joined_at=RECORDED)
    assert queries.users_to_invite(None) == [made.joint_user_id, alone.user_id]


def test_a_nameless_customer_is_not_invitable() -> None:
    made = make(priya_terms(), product="PCP", given_name="", family_name="")
    assert queries.users_to_invite([made.reference]) == []
