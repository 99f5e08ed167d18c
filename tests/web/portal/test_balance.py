"""Why is it this number: the page adds up, on any day, and says plainly what it cannot show."""

import re

import pytest
from django.urls import reverse

from tests.support.cast import Cast, Member
from tests.support.page_client import Page

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]


def shown(member: Member, asked: str = "", number: int = 0, status: int = 200) -> Page:
    address = reverse("balance", kwargs={"reference": member.person.agreements[number]})
    return member.client().get(address + asked, status=status)


def pence(words: str) -> int:
    sign = -1 if words.startswith(("−", "minus")) else 1
    return sign * int(re.sub(r"[^0-9]", "", words))


def sum_of_lines(page: Page) -> tuple[int, int]:
    """What the lines of the sum add up to as printed, and the total below them."""
    figures = [
        "".join(element.itertext()).strip()
        for element in page.root.iter("span")
        if element.get("class") == "sumline__n"
    ]
    *lines, total = map(pence, figures)
    return sum(lines), total


def test_the_two_numbers_of_the_overview_are_explained_and_tied(cast: Cast):
    page = shown(cast.priya)
    for words in (
        "What you still owe of what you borrowed £16,986.08",
        "You borrowed14 February 2025£21,995.00",
        "Interest added21 months at 0.634524% a month£2,620.38",
        "You paid21 payments of £363.30minus £7,629.30",
        "Left to pay if you keep the car£19,305.80",
        "The balance, plus £2,309.72 of interest still to come and £10.00 of fees.",
        "£17,239.99 × 0.634524% = £109.39.",
    ):
        assert words in page.text
    assert sum_of_lines(page) == (16_986_08, 16_986_08)
    overview = cast.priya.client().get(reverse("overview")).text
    assert "£16,986" in overview
    assert "£19,305.80" in overview


@pytest.mark.parametrize(
    ("key", "number"), [("priya", 0), ("tom", 0), ("owen", 0), ("owen", 1), ("hana", 0), ("marek", 0)]
)
@pytest.mark.parametrize("on", ["", "?on=2026-08-31", "?on=2026-06-30"])
def test_the_lines_as_printed_add_up_to_the_balance(cast: Cast, key: str, number: int, on: str):
    of_lines, total = sum_of_lines(shown(getattr(cast, key), on, number))
    assert of_lines == total


def test_each_line_says_its_rule_and_where_it_is_written(cast: Cast):
    page = shown(cast.priya)
    assert page.text.count("Where it is written:") == 4
    assert "The price of the car, £24,995.00, less the £3,000.00 that you paid at the start." in page.text


def test_a_payment_leads_to_its_own_page_by_the_way_it_came(cast: Cast):
    page = shown(cast.priya)
    assert "16 Nov 2026Direct Debit−£363.30" in page.text
    assert "15 May 2026Direct Debit came back+£363.30" in page.text
    assert cast.priya.client().get(page.links["Card"]).status == 200


def test_behind_with_a_payment_the_balance_is_taken_apart(cast: Cast):
    text = shown(cast.tom).text
    assert "What this balance is" in text
    assert re.search(r"Not due yet.*£12,334\.53.*Due and not paid.*£315\.83.*Balance\s?£12,650\.36", text)


def test_a_settled_agreement_comes_to_nothing_and_says_so(cast: Cast):
    page = shown(cast.owen, number=1)
    assert sum_of_lines(page) == (0, 0)
    for words in (
        "£0.00",
        "This agreement has ended, so nothing more falls due.",
        "Settled early",
        "Fee or charge £10.00",
    ):
        assert words in page.text
    before = shown(cast.owen, "?on=2025-03-01", number=1)
    assert "Your balance on 1 March 2025£4,283.91" in before.text


def test_on_another_day_the_page_is_of_that_day(cast: Cast):
    page = shown(cast.priya, "?on=2025-12-31")
    assert "On Wednesday 31 December 2025." in page.text
    assert "Your balance on 31 December 2025£19,692.66" in page.text
    assert "November 2026" not in page.text.replace("Today22 November 2026", "")
    first = shown(cast.priya, "?on=2025-02-14")
    assert sum_of_lines(first) == (21_995_00, 21_995_00)


def test_what_was_typed_gets_an_address_of_its_own(cast: Cast):
    for typed in ("on_day=14&on_month=5&on_year=2026", "on_day=14&on_month=May&on_year=2026&known_day="):
        page = shown(cast.priya, f"?{typed}", status=302)
        assert page.goes_to.endswith("/balance/?on=2026-05-14")
    both = shown(
        cast.priya, "?on_day=1&on_month=2&on_year=2026&known_day=22&known_month=11&known_year=2026", status=302
    )
    assert both.goes_to.endswith("/balance/?on=2026-02-01&known=2026-11-22")
    assert shown(cast.priya, "?on_day=&on_month=&on_year=", status=302).goes_to.endswith("/balance/")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("?on=2026-11-23", "The day must be today, 22 November 2026, or before"),
        ("?on=9999-12-31", "The day must be today"),
        ("?on=2025-02-13", "Our record of this agreement begins on 14 February 2025"),
        ("?on=0001-01-01", "Our record of this agreement begins on"),
        ("?on=2026-02-30", "That is not a day of the calendar"),
        ("?on=yesterday", "That is not a day of the calendar"),
        ("?on=%00%0A<script>", "That is not a day of the calendar"),
        ("?on=20261122", "That is not a day of the calendar"),
        ("?on_day=31&on_month=4&on_year=2026", "That is not a day of the calendar"),
        ("?on_day=" + "9" * 400 + "&on_month=4&on_year=2026", "That is not a day of the calendar"),
        ("?on_day=1&on_month=99999999999999999999&on_year=2026", "That is not a day of the calendar"),
        ("?on_day=14&on_month=5&on_year=26", "That is not a day of the calendar"),
        ("?on_day=14&on_month=&on_year=2026", "That is not a day of the calendar"),
        ("?on_day=\u00b2&on_month=\u0665&on_year=2026", "That is not a day of the calendar"),
        ("?known=2027-01-01", "The day we knew it must be today, 22 November 2026, or before"),
        ("?known=nonsense", "That is not a day of the calendar"),
        ("?known=2025-02-14", "Our system holds nothing from before"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_and_kept(cast: Cast, asked: str, words: str):
    page = shown(cast.priya, asked)
    assert "There is a problem" in page.text
    assert words in page.text
    assert "On Sunday 22 November 2026" in page.text
    name = "known" if "known" in asked else "on"
    assert page.one(f".//input[@id='{name}-day']").get("aria-invalid") == "true"


def test_what_was_typed_wrongly_stays_in_its_fields(cast: Cast):
    page = shown(cast.priya, "?on_day=31&on_month=4&on_year=2026&known_day=1")
    typed = {
        field.get("name"): field.get("value") for field in page.root.iter("input") if "_" in (field.get("name") or "")
    }
    assert (typed["on_day"], typed["on_month"], typed["on_year"], typed["known_day"]) == ("31", "4", "2026", "1")


def test_as_known_today_nothing_differs(cast: Cast):
    page = shown(cast.priya, "?on=2026-05-15&known=2026-11-22")
    assert "from what we had recorded by the end of Sunday 22 November 2026" in page.text
    assert "Nothing recorded since has changed this" in page.text


def test_the_overview_and_the_agreement_lead_here(cast: Cast):
    client = cast.priya.client()
    here = reverse("balance", kwargs={"reference": cast.priya.agreement})
    assert here in client.get(reverse("overview")).links.values()
    assert here in client.get(reverse("agreement", kwargs={"reference": cast.priya.agreement})).links.values()


def test_somebody_elses_balance_is_not_found(cast: Cast):
    cast.tom.client().get(reverse("balance", kwargs={"reference": cast.priya.agreement}), status=404)


def test_it_asks_the_same_few_statements_however_long_the_history(cast: Cast):
    counts = {len(shown(member).queries) for member in (cast.priya, cast.marek, cast.tom)}
    assert len(counts) == 1
    assert max(counts) <= 8
