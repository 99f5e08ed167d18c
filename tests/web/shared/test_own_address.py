"""One address for each agreement: typed as it is printed, it leads there, and only its own people."""

import pytest

from milepost.plumbing import references
from milepost.servicing.identity.models import User
from tests.support import agreements
from tests.support.page_client import PageClient

UNDER = ("", "schedule/", "payments/", "payments/?show=paid&page=2")


@pytest.fixture
def made(business_day) -> agreements.Made:
    return agreements.make(agreements.priya_terms(), product="PCP")


def spaced(number: str, gap: str) -> str:
    return gap.join((number[:4], number[4:8], number[8:]))


@pytest.mark.parametrize("gap", ["%20", "-", "%C2%A0", "%E2%80%93", "%20%20"])
def test_a_printed_number_leads_to_the_one_address(made: agreements.Made, gap: str):
    client = PageClient(User.objects.get(id=made.user_id))
    for under in UNDER:
        page = client.get(f"/agreements/{spaced(made.reference, gap)}/{under}", status=301)
        assert page.goes_to == f"/agreements/{made.reference}/{under}"
        client.get(page.goes_to)


def test_so_does_a_payments_reference(made: agreements.Made):
    client = PageClient(User.objects.get(id=made.user_id))
    payment = references.reference("PY", made.payments[0])
    typed = f"{payment[:2].lower()}%20{payment[2:]}"
    page = client.get(f"/agreements/{made.reference}/payments/{typed}/", status=301)
    assert page.goes_to == f"/agreements/{made.reference}/payments/{payment}/"
    client.get(f"/agreements/{made.reference}/payments/%20/", status=404)


def test_a_stranger_is_told_the_same_as_for_one_that_does_not_exist(made: agreements.Made):
    other = agreements.make(agreements.priya_terms(), product="PCP", given_name="Tom", family_name="Baker")
    client = PageClient(User.objects.get(id=other.user_id))
    numbers = [spaced(number, "%20") for number in (made.reference, "7999999993", "1234567890")] + ["%20", "-"]
    for under in UNDER:
        answers = {client.get(f"/agreements/{number}/{under}", status=404).html for number in numbers}
        assert len(answers) == 1


def test_nobody_is_asked_to_sign_in_first(made: agreements.Made):
    for number in (made.reference, "7999999993"):
        page = PageClient().get(f"/agreements/{spaced(number, '%20')}/", status=302)
        assert page.goes_to.startswith("/sign-in/")
