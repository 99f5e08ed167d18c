"""The overview: what is due next, what is owed two ways, how the balance falls; in every state of an agreement."""

import pytest
from django.urls import reverse

from tests.support.cast import Cast

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]


def test_priya_sees_what_the_reference_page_shows(cast: Cast):
    page = cast.priya.client().get(reverse("overview"))
    assert page.heading == "Hello, Priya"
    for words in (
        "Next payment £363.30 Monday 14 December 2026, in 22 days",
        "26 payments of £363.30, then £9,850.00 and a £10.00 fee",
        "£19,305.80",
        "To pay it all off today",
        "About £17,230",
        "Why are these two amounts different?",
        "Today, £16,986",
        "21 of 47 payments made",
        "7034 1182 55",
    ):
        assert words in page.text


def test_the_lenders_date_is_what_counts_not_the_clock(cast: Cast):
    assert "in 22 days" in cast.priya.client().get(reverse("overview")).text


def test_tom_is_told_kindly_that_he_is_behind_and_what_to_do(cast: Cast):
    page = cast.tom.client().get(reverse("overview"))
    assert "Let’s put this right £315.83" in page.text
    assert "5 November 2026" in page.text
    assert "Free advice" in page.text


def test_owen_has_a_switcher_and_sees_either_agreement(cast: Cast):
    client = cast.owen.client()
    running = client.get(reverse("overview"))
    assert "Left to pay£16,542.16" in running.text
    settled = next(address for words, address in running.links.items() if "Settled" in words)
    page = client.get(settled)
    assert "Nothing more to pay here" in page.text
    assert "What you owe" not in page.text


def test_hana_and_jo_see_the_same_agreement(cast: Cast):
    hers, his = (member.client().get(reverse("overview")) for member in (cast.hana, cast.jo))
    assert hers.text.replace("Hello, Hana", "") == his.text.replace("Hello, Jo", "")


def test_a_due_day_of_31_moves_with_the_month(cast: Cast):
    assert "Monday 30 November 2026" in cast.marek.client().get(reverse("overview")).text


def test_it_asks_as_much_for_two_agreements_as_for_one(cast: Cast):
    one, two = (member.client().get(reverse("overview")).queries for member in (cast.priya, cast.owen))
    assert len(one) == len(two)
