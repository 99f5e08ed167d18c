"""Pay it all off: an estimate for a day of her choice, and the way to the exact figure."""

from datetime import date

import pytest
from django.urls import reverse

from milepost.servicing.agreements import operations
from milepost.servicing.agreements.models import SettlementQuote
from tests.support.cast import Cast, Member
from tests.support.page_client import Page, PageClient

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]


def address(member: Member, number: int = 0) -> str:
    return reverse("settlement", args=[member.person.agreements[number]])


def shown(member: Member, asked: str = "", number: int = 0) -> Page:
    return member.client().get(address(member, number) + asked)


def test_the_estimate_is_called_one_and_the_days_to_choose_are_those_drawn(cast: Cast):
    page = shown(cast.priya)
    assert page.heading == "Pay it all off"
    for words in (
        "To pay it all off today About £17,230 An estimate",
        "good until 20 December 2026",
        "You keep about £2,080",
        "Now to 13 Dec 2026About £17,230save £2,080",
        "From 14 to 20 Dec 2026About £16,860",
        "Friday 29 Jan 2027About £16,640save £1,940",
        "Friday 26 Feb 2027About £16,370",
        "Wednesday 31 Mar 2027About £16,120",
        "From 14 December your next payment has gone out first",
        "Any day up to 23 May 2027",
    ):
        assert words in page.text, words
    assert "£17,222.04" not in page.text


def test_it_is_found_from_the_overview_and_from_the_agreement(cast: Cast):
    client = cast.priya.client()
    assert address(cast.priya) in client.get(reverse("overview")).links.values()
    assert address(cast.priya) in client.get(reverse("agreement", args=[cast.priya.agreement])).links.values()


@pytest.mark.parametrize("asked", ["2027-01-29", "29/01/2027", "29 January 2027", "29 1 2027"])
def test_another_day_may_be_written_as_people_write_it(cast: Cast, asked: str):
    page = shown(cast.priya, f"?on={asked}")
    assert "To pay it all off on Friday 29 January 2027 About £16,640" in page.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("21 11 2026", "Choose today or a later day"),
        ("24 05 2027", "Choose a day up to 23 May 2027"),
        ("next Friday", "Enter a day with its month and year"),
        ("31 02 2027", "Enter a day with its month and year"),
        ("9" * 200, "Enter a day with its month and year"),
    ],
)
def test_a_day_that_cannot_be_is_a_fault_and_stays_in_the_field(cast: Cast, asked: str, words: str):
    page = shown(cast.priya, f"?on={asked}")
    assert f"There is a problem {words}" in page.text
    assert page.one(".//input[@name='on']").get("value") == asked[:40]
    assert "To pay it all off today" in page.text
    assert "Error: Pay it all off" in page.html


def test_a_weekend_is_a_day_like_any_other(cast: Cast):
    assert "on Saturday 5 December 2026" in shown(cast.priya, "?on=5 12 2026").text


def test_the_form_gives_the_exact_figure_once_however_often_it_is_sent(cast: Cast):
    client = cast.priya.client()
    page = client.get(address(cast.priya) + "?on=2027-01-29")
    form = page.fields(address(cast.priya))
    form.pop("csrfmiddlewaretoken")
    before = SettlementQuote.objects.count()
    first = client.post(address(cast.priya), form)
    second = client.post(address(cast.priya), form)
    assert first.goes_to == second.goes_to
    assert SettlementQuote.objects.count() == before + 1
    quote = client.get(first.goes_to)
    assert "£16,634.80 To pay on Friday 29 January 2027" in quote.text
    assert f"{first.goes_to.split('/')[-2]}" in quote.text


def test_a_form_sent_for_a_day_gone_by_or_a_word_shows_the_page_with_the_fault(cast: Cast):
    client = cast.priya.client()
    for typed, words in (("2026-11-21", "Choose today or a later day"), ("soon", "Enter a day")):
        page = client.post(address(cast.priya), {"settle_on": typed, "key": "k"}, status=200)
        assert f"There is a problem {words}" in page.text
        assert page.one(".//input[@name='on']").get("value") == typed


def test_without_a_key_each_form_stands_for_itself(cast: Cast):
    client = cast.priya.client()
    first, second = (client.post(address(cast.priya), {"settle_on": "2026-11-22"}) for _ in range(2))
    assert first.goes_to != second.goes_to


def test_a_settled_agreement_has_nothing_to_pay_off(cast: Cast):
    page = shown(cast.owen, number=1)
    assert "Nothing to pay off This agreement has ended" in page.text
    assert not page.root.findall(".//main//form")
    refused = cast.owen.client().post(address(cast.owen, 1), {"settle_on": "2026-11-22", "key": "k"}, status=200)
    assert "Nothing to pay off" in refused.text


def test_both_parties_of_a_joint_agreement_see_the_same_quotes(cast: Cast):
    given = cast.hana.client().post(address(cast.hana), {"settle_on": "2026-11-22", "key": "k"})
    page = cast.jo.client().get(given.goes_to)
    assert "Pay this and the car is yours" in page.text
    assert given.goes_to in shown(cast.jo).links.values()


def test_tom_is_behind_and_what_he_missed_is_part_of_it(cast: Cast):
    client = cast.tom.client()
    page = client.get(client.post(address(cast.tom), {"settle_on": "2026-11-22", "key": "k"}).goes_to)
    assert "Due already and not paidPayments that have not reached us yet" in page.text
    assert "You were up to date" not in page.text


def test_a_loan_says_nothing_of_a_car_that_would_become_hers(cast: Cast):
    page = shown(cast.marek)
    assert "It is yours already" in page.text
    assert "vehicle finance register" not in page.text


def test_an_agreement_without_a_printed_rate_says_so_and_never_nought(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    from milepost.servicing.agreements.queries import settlement_figures

    monkeypatch.setattr(
        settlement_figures, "why_not", lambda reading: "We work this out for you when you ask, because of the tape."
    )
    page = shown(cast.priya)
    assert "We can’t show a figure here We work this out for you when you ask" in page.text
    assert "0808 157 0140" in page.text
    assert "£0.00" not in page.text


def test_a_stranger_cannot_ask_for_somebody_elses_figure(cast: Cast):
    before = SettlementQuote.objects.count()
    client: PageClient = cast.tom.client()
    client.post(address(cast.priya), {"settle_on": "2026-11-22", "key": "k"}, status=404, on=reverse("overview"))
    assert SettlementQuote.objects.count() == before


def test_the_estimate_is_the_exact_figure_rounded_up(cast: Cast):
    from milepost.plumbing.actor import Actor
    from milepost.plumbing.clock import now
    from milepost.servicing.agreements import access

    user = cast.priya.user
    issued = operations.issue_settlement_quote(
        agreement_id=access.agreement_of(user.id, cast.priya.agreement), received_on=date(2026, 11, 22),
        settle_on=date(2026, 11, 22), key="estimate", actor=Actor.customer(user.id), at=now(),
    )  # fmt: skip
    assert SettlementQuote.objects.get(id=issued.quote_id).amount_to_settle == 17_222_04
