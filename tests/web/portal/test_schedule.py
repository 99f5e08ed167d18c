"""The schedule page is drawn whatever has become of the agreement."""

import pytest

from milepost.servicing.agreements.states import Status
from milepost.servicing.identity.models import User
from tests.support.agreements import make, priya_terms
from tests.support.page_client import PageClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", list(Status))
def test_every_page_of_an_agreement_is_drawn_in_every_state(status: Status, business_day: None) -> None:
    made = make(priya_terms(), product="PCP", status=status)
    client = PageClient()
    client.sign_in(User.objects.get(id=made.user_id))
    for page in ("", "schedule/", "payments/"):
        assert client.get(f"/agreements/{made.reference}/{page}").status == 200
    assert client.get("/overview/").status == 200
