"""The first step."""

import re

import pytest
from django.test import Client

from milepost.demo.models import OutboxMessage
from milepost.servicing.identity.models import GuessCounter, User
from tests.support import people, queue
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import password_step, sign_in

WRONG = "The email, user name or password is not right"


def test_email_password_and_a_code_lead_to_the_overview(visitor: PageClient, priya: User) -> None:
    assert sign_in(visitor) == "/overview/"
    assert visitor.browser.session["_auth_user_id"] == str(priya.id)


def test_spaces_capitals_and_full_width_letters_are_the_same_email(visitor: PageClient, priya: User) -> None:
    assert password_step(visitor, " Ｐriya.SHAH@Example.com ") == "/sign-in/code/"


def test_a_user_name_will_do(visitor: PageClient, business_day: None) -> None:
    people.joined(user_name="PriyaS")
    assert password_step(visitor, "priyas") == "/sign-in/code/"


def test_a_wrong_password_keeps_the_name_and_clears_the_password(visitor: PageClient, priya: User) -> None:
    page = visitor.post("/sign-in/", {"login": people.EMAIL, "password": "copper teapot harbor"}, status=200)
    assert WRONG in page.text
    assert page.one(".//input[@name='login']").get("value") == people.EMAIL
    assert "harbor" not in page.html


@pytest.mark.parametrize("password", ["copper teapot harbor", ""])
def test_a_name_that_nobody_has_is_answered_alike(visitor: PageClient, priya: User, password: str) -> None:
    answers = []
    for login in (people.EMAIL, "nobody.here@example.com"):
        client = PageClient()
        page = client.post("/sign-in/", {"login": login, "password": password}, status=200)
        html = re.sub(r'value="[A-Za-z0-9]{64}"', "", page.html).replace(login, "LOGIN")
        headers = {name: value for name, value in page.response.headers.items() if name != "Content-Length"}
        answers.append((html, headers, len(page.queries)))
    assert answers[0] == answers[1]


def test_somebody_not_yet_joined_is_answered_as_nobody(visitor: PageClient, business_day: None) -> None:
    people.imported()
    page = visitor.post("/sign-in/", {"login": "ada.lowe@example.com", "password": "!"}, status=200)
    assert WRONG in page.text


@pytest.mark.parametrize("login", [people.EMAIL, "nobody.here@example.com"])
def test_the_fifth_wrong_password_pauses_known_and_unknown_alike(visitor: PageClient, priya: User, login: str) -> None:
    for _ in range(4):
        visitor.post("/sign-in/", {"login": login, "password": "wrong horse battery"}, status=200)
    assert password_step(visitor, login, "wrong horse battery") == "/sign-in/locked/"
    assert password_step(visitor, login) == "/sign-in/locked/"
    page = visitor.get("/sign-in/locked/")
    assert "You can try again at" in page.text
    assert "A new password lets you in now" in page.text


def test_one_count_a_person_whatever_she_typed(visitor: PageClient, business_day: None) -> None:
    people.joined(user_name="priyas")
    for login in (people.EMAIL, "PRIYAS", "Priya.Shah@example.com", "priyas"):
        visitor.post("/sign-in/", {"login": login, "password": "wrong horse battery"}, status=200)
    assert password_step(visitor, people.EMAIL, "wrong horse battery") == "/sign-in/locked/"
    assert [row.tries for row in GuessCounter.objects.all()] == [5]


def test_a_stranger_cannot_lock_out_a_known_device(visitor: PageClient, priya: User) -> None:
    sign_in(visitor)
    visitor.post("/sign-out/", on="/overview/")
    stranger = PageClient()
    for _ in range(4):
        stranger.post("/sign-in/", {"login": people.EMAIL, "password": "wrong horse battery"}, status=200)
    assert password_step(stranger, people.EMAIL, "wrong horse battery") == "/sign-in/locked/"
    assert password_step(PageClient()) == "/sign-in/locked/"
    assert password_step(visitor) == "/sign-in/code/"


def test_after_the_wait_she_is_in_and_the_count_is_forgotten(
    visitor: PageClient, priya: User, moved_clock: Clock
) -> None:
    for _ in range(4):
        visitor.post("/sign-in/", {"login": people.EMAIL, "password": "wrong horse battery"}, status=200)
    password_step(visitor, people.EMAIL, "wrong horse battery")
    moved_clock.move(seconds=61)
    assert password_step(visitor) == "/sign-in/code/"
    assert not GuessCounter.objects.filter(kind="PASSWORD").exists()


def test_she_is_told_of_a_pause_once(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    for _ in range(4):
        visitor.post("/sign-in/", {"login": people.EMAIL, "password": "wrong horse battery"}, status=200)
    password_step(visitor, people.EMAIL, "wrong horse battery")
    assert "paused signing in" in people.last_message(people.EMAIL).body
    before = OutboxMessage.objects.count()
    moved_clock.move(seconds=61)
    password_step(visitor, people.EMAIL, "wrong horse battery")
    queue.run_waiting()
    assert OutboxMessage.objects.count() == before


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/sign-out/",
        "evil",
        "/%0d%0aX: 1\\",
    ],
)
def test_next_leads_nowhere_else(visitor: PageClient, priya: User, wanted: str) -> None:
    assert password_step(visitor, next=wanted) == "/sign-in/code/"
    to = visitor.post("/sign-in/code/", {"code": people.last_code()}).goes_to
    assert to == "/overview/" or to.startswith("/%0d%0aX")


def test_next_leads_on_to_a_path_of_ours(visitor: PageClient, priya: User) -> None:
    assert (
        visitor.get("/overview/?agreement=7034118255", status=302).goes_to
        == "/sign-in/?next=%2Foverview%2F%3Fagreement%3D7034118255"
    )
    page = visitor.get("/sign-in/?next=/overview/%3Fagreement%3D7034118255")
    fields = page.fields("/sign-in/")
    assert fields["next"] == "/overview/?agreement=7034118255"
    password_step(visitor, next=fields["next"])
    assert visitor.post("/sign-in/code/", {"code": people.last_code()}).goes_to == "/overview/?agreement=7034118255"


def test_remember_fills_the_name_in_and_lets_nobody_in(visitor: PageClient, priya: User) -> None:
    password_step(visitor, remember="on")
    visitor.post("/sign-in/code/", {"act": "start-again"})
    page = visitor.get("/sign-in/")
    assert page.one(".//input[@name='login']").get("value") == people.EMAIL
    assert page.one(".//input[@name='remember']").get("checked") is not None
    password_step(visitor)
    visitor.post("/sign-in/code/", {"act": "start-again"})
    assert visitor.get("/sign-in/").one(".//input[@name='login']").get("value") is None


def test_a_planted_session_is_left_behind_at_both_steps(visitor: PageClient, priya: User) -> None:
    visitor.browser.session["planted"] = True
    visitor.browser.session.save()
    keys = [visitor.browser.cookies["__Host-session"].value]
    password_step(visitor)
    keys.append(visitor.browser.cookies["__Host-session"].value)
    visitor.post("/sign-in/code/", {"code": people.last_code()})
    keys.append(visitor.browser.cookies["__Host-session"].value)
    assert len(set(keys)) == 3
    for old in keys[:2]:
        thief = Client()
        thief.cookies["__Host-session"] = old
        assert thief.get("/overview/", secure=True).headers["Location"].startswith("/sign-in/")


def test_a_very_long_password_and_a_nul_are_only_wrong(visitor: PageClient, priya: User) -> None:
    visitor.post("/sign-in/", {"login": people.EMAIL, "password": "a" * 3000}, status=200)
    visitor.post("/sign-in/", {"login": "a\x00b", "password": "a\x00b"}, status=200)


def test_too_many_passwords_at_once_are_told_to_come_back(
    visitor: PageClient, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from milepost.plumbing import passwords

    def busy(self: object, password: str, encoded: str) -> bool:
        raise passwords.Busy("full")

    monkeypatch.setattr(passwords.Hasher, "verify", busy)
    page = visitor.post("/sign-in/", {"login": people.EMAIL, "password": people.PASSWORD}, status=503)
    assert page.response.headers["Retry-After"] == "5"
