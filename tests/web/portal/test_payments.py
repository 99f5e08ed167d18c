"""The payments: what is coming up, what was paid and where it went, and one payment's own page."""

import pytest
from django.urls import reverse

from tests.support.cast import Cast, Member
from tests.support.page_client import Page

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]


def shown(member: Member, asked: str = "", number: int = 0) -> Page:
    return member.client().get(reverse("payments", kwargs={"reference": member.person.agreements[number]}) + asked)


def test_what_was_paid_and_where_it_went(cast: Cast):
    page = shown(cast.priya)
    for words in (
        "2026 so farPaid £3,996.30Off what you borrowed £2,706.58Interest £1,289.72",
        "In allPaid £7,629.30",
        "Payment 21 of 47. Balance after it: £16,986.08.",
        "so your bank paid on the next working day",
    ):
        assert words in page.text


def test_what_came_back_has_a_filter_of_its_own(cast: Cast):
    returned = shown(cast.priya, "?show=returned")
    assert "came back" in returned.text or "Returned" in returned.text
    assert "Payment 21 of 47" not in returned.text


def test_a_settled_agreement_has_nothing_coming_up(cast: Cast):
    assert "Nothing coming up" in shown(cast.owen, number=1).text


def test_a_payment_has_a_page(cast: Cast):
    client = cast.priya.client()
    listed = client.get(reverse("payments", kwargs={"reference": cast.priya.agreement}))
    receipt = next(
        address for words, address in listed.links.items() if words.startswith("Receipt for 16 November 2026")
    )
    page = client.get(receipt)
    assert "£363.30" in page.text
    assert "16 November 2026" in page.text


@pytest.mark.parametrize("reference", ["PY0000000", "nonsense", "PYZZZZZZ9"])
def test_a_payment_that_does_not_exist_is_not_found(cast: Cast, reference: str):
    address = reverse("payment", kwargs={"reference": cast.priya.agreement, "payment_reference": reference})
    cast.priya.client().get(address, status=404)


def test_a_payment_of_another_agreement_is_not_found(cast: Cast):
    listed = cast.tom.client().get(reverse("payments", kwargs={"reference": cast.tom.agreement}))
    receipt = next(address for words, address in listed.links.items() if words.startswith("Receipt for"))
    stolen = receipt.replace(cast.tom.agreement, cast.priya.agreement)
    cast.priya.client().get(stolen, status=404)


def test_a_page_number_out_of_range_is_no_error(cast: Cast):
    for asked in ("?page=999", "?page=-1", "?page=x", "?show=%00"):
        assert shown(cast.priya, asked).status == 200


def test_the_books_tie(cast: Cast):
    """What the payments page says is owed is what the overview says."""
    page = cast.priya.client().get(reverse("overview"))
    assert "Today, £16,986" in page.text
    assert "Balance after it: £16,986.08" in shown(cast.priya).text
