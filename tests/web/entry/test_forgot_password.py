"""A forgotten password and a forgotten user name."""

import logging
import re

import pytest
from django.test import Client

from milepost.config.logs import WithoutTokens
from milepost.demo.models import OutboxMessage
from milepost.servicing.identity.models import Challenge, GuessCounter, User
from tests.support import people, queue
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import password_step, sign_in

NEW = "window lantern gravel"


def ask(client: PageClient, login: str = people.EMAIL) -> str:
    client.post("/forgot-password/", {"login": login})
    return people.last_link(people.EMAIL)


def test_the_answer_is_the_same_for_nobody(visitor: PageClient, priya: User) -> None:
    answers = []
    for login in (people.EMAIL, "nobody.here@example.com"):
        client = PageClient()
        sent = client.post("/forgot-password/", {"login": login})
        page = client.get(sent.goes_to)
        answers.append((sent.goes_to, len(sent.queries), re.sub(r'value="[A-Za-z0-9]{64}"', "", page.html)))
    assert answers[0] == answers[1]
    queue.run_waiting()
    assert OutboxMessage.objects.count() == 1


def test_a_new_password_signs_nobody_in_and_the_second_step_stays(visitor: PageClient, priya: User) -> None:
    link = ask(visitor)
    assert visitor.post(link, {"password": NEW}).goes_to == "/forgot-password/done/"
    assert "Your new password is saved" in visitor.get("/forgot-password/done/").text
    assert visitor.get("/overview/", status=302).goes_to.startswith("/sign-in/")
    visitor.post("/sign-in/", {"login": people.EMAIL, "password": people.PASSWORD}, status=200)
    assert password_step(visitor, people.EMAIL, NEW) == "/sign-in/code/"
    assert visitor.post("/sign-in/code/", {"code": people.last_code(people.PHONE)}).goes_to == "/overview/"


def test_opening_the_link_spends_nothing(visitor: PageClient, priya: User) -> None:
    link = ask(visitor)
    for _ in range(3):
        Client().get(link, secure=True)
        Client().head(link, secure=True)
    assert Challenge.objects.get().spent_at is None
    assert visitor.post(link, {"password": NEW}).status == 302


def test_a_link_works_once_for_a_day_and_the_newest_counts(
    visitor: PageClient, priya: User, moved_clock: Clock
) -> None:
    first = ask(visitor)
    second = ask(visitor)
    assert "This link no longer works" in visitor.get(first, status=410).text
    visitor.post(second, {"password": NEW})
    visitor.get(second, status=410)
    third = ask(visitor)
    moved_clock.move(hours=24, seconds=1)
    visitor.get(third, status=410)
    visitor.get("/reset/" + "x" * 43 + "/", status=410)


def test_it_ends_every_session_and_every_trust(visitor: PageClient, priya: User) -> None:
    sign_in(visitor, trust_device="on")
    other = PageClient()
    link = ask(other)
    other.post(link, {"password": NEW})
    assert visitor.get("/overview/", status=302).goes_to.startswith("/sign-in/")
    assert password_step(visitor, people.EMAIL, NEW) == "/sign-in/code/"


def test_it_tells_every_address(visitor: PageClient, priya: User) -> None:
    visitor.post(ask(visitor), {"password": NEW})
    assert "password was changed" in people.last_message(people.EMAIL).body
    assert "password was changed" in people.last_message(people.PHONE).body


def test_it_works_while_signing_in_is_paused_and_lifts_the_pause(visitor: PageClient, priya: User) -> None:
    for _ in range(4):
        visitor.post("/sign-in/", {"login": people.EMAIL, "password": "wrong horse battery"}, status=200)
    assert password_step(visitor, people.EMAIL, "wrong horse battery") == "/sign-in/locked/"
    visitor.post("/forgot-password/", {"login": people.EMAIL})
    queue.run_waiting()
    message = OutboxMessage.objects.get(subject__contains="Choose a new")
    link = re.search(r"/reset/[^/]+/", message.body)
    assert link is not None
    visitor.post(link[0], {"password": NEW})
    assert not GuessCounter.objects.filter(kind="PASSWORD").exists()
    assert password_step(visitor, people.EMAIL, NEW) == "/sign-in/code/"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12 characters"),
        ("passwordpassword", "many people use"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("Priya Shah 1990", "mostly our name, yours"),
        ("larkfield milepost", "mostly our name, yours"),
        ("a" * 257, "256 characters at most"),
    ],
)
def test_an_easy_password_is_refused_with_the_reason_and_spends_nothing(
    visitor: PageClient, priya: User, password: str, said: str
) -> None:
    link = ask(visitor)
    assert said in visitor.post(link, {"password": password}, status=200).text
    assert visitor.post(link, {"password": NEW}).status == 302


def test_links_are_not_sent_without_end(priya: User, moved_clock: Clock) -> None:
    for _ in range(8):
        PageClient().post("/forgot-password/", {"login": people.EMAIL})
        moved_clock.move(seconds=2)
    queue.run_waiting()
    assert OutboxMessage.objects.filter(subject__contains="Choose a new").count() == 5


def test_the_link_does_not_leak_in_a_referrer_and_carries_our_own_host(visitor: PageClient, priya: User) -> None:
    client = PageClient()
    client.browser.defaults["HTTP_X_FORWARDED_HOST"] = "evil.example"
    client.post("/forgot-password/", {"login": people.EMAIL})
    body = people.last_message(people.EMAIL).body
    assert "evil.example" not in body
    assert "http://localhost" in body


def test_somebody_who_never_joined_gets_no_link(visitor: PageClient, business_day: None) -> None:
    people.imported()
    visitor.post("/forgot-password/", {"login": "ada.lowe@example.com"})
    queue.run_waiting()
    assert not OutboxMessage.objects.exists()


def test_a_forgotten_user_name_is_answered_alike(visitor: PageClient, business_day: None) -> None:
    people.joined(user_name="priyas")
    answers = []
    for email in (people.EMAIL, "nobody.here@example.com"):
        page = PageClient().post("/forgot-user-name/", {"email": email}, status=200)
        answers.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", page.html))
    assert answers[0] == answers[1]
    assert "priyas" in people.last_message(people.EMAIL).body
    assert OutboxMessage.objects.filter(channel="EMAIL").count() == 1


def test_no_log_line_holds_a_token() -> None:
    record = logging.LogRecord("django.request", 30, "", 1, "Gone: %s", ("/reset/" + "x" * 43 + "/",), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Gone: /reset/…/"
