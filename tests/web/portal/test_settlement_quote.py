"""One settlement figure: every line of it, what it rests on, and what has become of it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import access, operations, queries
from milepost.servicing.agreements.operations.issue_settlement_quote import move_on
from milepost.servicing.agreements.queries.settlement_quotes import QuoteInList
from milepost.servicing.agreements.states import QuoteState
from milepost.servicing.business_days.models import BusinessDay
from tests.support.cast import Cast, Member
from tests.support.page_client import Page

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]
TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 10, 47, tzinfo=UTC)
SYSTEM = Actor.system("test")


def of(member: Member, settle_on: date = TODAY, *, key: str = "one") -> QuoteInList:
    agreement_id = access.agreement_of(member.user.id, member.agreement)
    operations.issue_settlement_quote(
        agreement_id=agreement_id, received_on=TODAY, settle_on=settle_on, key=key,
        actor=Actor.customer(member.user.id), at=AT,
    )  # fmt: skip
    return queries.quotes_of(agreement_id, on=TODAY)[0]


def shown(member: Member, quote: QuoteInList) -> Page:
    return member.client().get(reverse("settlement_quote", args=[member.agreement, quote.reference]))


def test_priyas_figure_with_every_line_as_in_her_documents(cast: Cast):
    quote = of(cast.priya)
    page = shown(cast.priya, quote)
    for words in (
        "Pay this and the car is yours £17,222.04 Good until Sunday 20 December 2026",
        "You keep £2,083.76",
        "26 monthly payments still to come26 × £363.30, 14 December 2026 to 14 January 2029",
        "Optional final paymentDue 14 February 2029",
        "Everything still to pay£19,305.80",
        "Less your rebateInterest and fees from 19 January 2027 that you no longer pay",
        "−£2,083.76",
        "You were up to date£0.00",
        "To pay it all off£17,222.04",
        f"Quote {quote.reference}, asked for on Sunday 22 November 2026 and made at 10:47am",
        "23 whole months and 5 of 31 days",
        "0.6356% a month",
        "What is left is £16,495.44",
        "come to £18,579.20",
        "which gives £2,083.60",
        "Where that is written: CCA 1974 s95; SI 2004/1483",
        "Carry on to 14 February 2029£19,305.80",
    ):
        assert words in page.text, words


def test_it_says_what_happens_to_her_direct_debit_on_each_day(cast: Cast):
    text = shown(cast.priya, of(cast.priya)).text
    for words in (
        "Pay by Wednesday 9 December 2026We stop the collection of 14 December 2026. You pay £17,222.04.",
        "Pay from 10 to 13 December 2026You pay £17,222.04. Your bank already has the collection",
        "we send the £363.30 back to you",
        "Pay from 14 to 20 December 2026£363.30 has gone out, so you pay £16,858.74.",
    ):
        assert words in text, words


def test_a_day_after_the_next_collection_has_it_in_the_sum(cast: Cast):
    text = shown(cast.priya, of(cast.priya, date(2026, 12, 16))).text
    assert "Less what you pay before thenDue 14 December 2026" in text
    assert "To pay it all offOn Wednesday 16 December 2026£16,858.74" in text
    assert "Pay by Wednesday 9 December 2026We stop the collection of 14 December 2026. You pay £17,222.04" in text


def test_a_later_day_is_for_that_day_alone(cast: Cast):
    text = shown(cast.priya, of(cast.priya, date(2027, 1, 29))).text
    assert "£16,634.80 To pay on Friday 29 January 2027" in text
    assert "2 payments, due 14 December 2026 to 14 January 2027" in text
    assert "Monday 14 December 2026£363.30 goes out by Direct Debit as usual." in text
    assert "The date in the formula is 28 February 2027" in text


def test_marek_has_one_that_is_open_and_one_that_has_ended(cast: Cast):
    agreement_id = access.agreement_of(cast.marek.user.id, cast.marek.agreement)
    issued, expired = queries.quotes_of(agreement_id, on=TODAY)
    page = shown(cast.marek, issued)
    assert "Pay this and the loan is finished" in page.text
    assert "return the car" not in page.text
    old = shown(cast.marek, expired)
    assert "This figure ended on 31 August 2026." in old.text
    assert "How to pay" not in old.text
    assert "Get a new one" in old.links


def test_it_expires_by_the_lenders_date_alone(cast: Cast):
    quote = of(cast.priya)
    BusinessDay.objects.filter(state="OPEN").update(date=date(2026, 12, 21))
    assert "This figure ended on 20 December 2026." in shown(cast.priya, quote).text


def test_a_replaced_one_leads_to_the_newer(cast: Cast):
    old = of(cast.priya)
    new = of(cast.priya, date(2027, 1, 29), key="two")
    page = shown(cast.priya, old)
    assert "A newer figure has taken the place of this one." in page.text
    assert page.links["See the newer figure"].endswith(f"/{new.reference}/")
    assert "Your payments until then" not in page.text


def test_a_withdrawn_one_says_why(cast: Cast):
    quote = of(cast.priya)
    operations.withdraw_settlement_quote(
        quote_id=quote.id, reason="We had the wrong mileage.", on=TODAY, actor=SYSTEM, at=AT
    )
    page = shown(cast.priya, quote)
    assert "This figure has been withdrawn, so it cannot be paid. We had the wrong mileage." in page.text
    assert "Pay by phone" not in page.text


def test_a_paid_one_is_for_keeping(cast: Cast):
    quote = of(cast.priya)
    with transaction():
        move_on(quote.id, QuoteState.PAID, actor=SYSTEM, at=AT)
    page = shown(cast.priya, quote)
    assert "Paid. Your agreement is settled" in page.text
    assert "How to pay" not in page.text


def test_another_agreements_quote_and_a_word_answer_as_nothing(cast: Cast):
    quote = of(cast.priya)
    tom = cast.tom.client()
    theirs = tom.get(reverse("settlement_quote", args=[cast.tom.agreement, quote.reference]), status=404)
    word = tom.get(reverse("settlement_quote", args=[cast.tom.agreement, "SQ0000000"]), status=404)
    hers = tom.get(reverse("settlement_quote", args=[cast.priya.agreement, quote.reference]), status=404)
    assert theirs.html == word.html == hers.html
