"""The code before a change: what it is for, by which ways, and that it does this change and no other."""

from datetime import date, timedelta
from typing import Any

import pytest

from milepost.demo.models import OutboxMessage
from milepost.plumbing import clock
from milepost.servicing.identity import access, operations, queries
from milepost.servicing.identity.models import Challenge, User
from milepost.servicing.identity.states import Purpose
from tests.support import apps, people, queue
from tests.support.page_client import PageClient

PAGE = "/security/second-steps/"
ADDRESS = "/security/second-steps/confirm/"


@pytest.fixture
def priya(business_day: date, settings: Any) -> User:
    settings.EMAIL_BACKEND = "milepost.demo.outbox.EmailBackend"
    return people.joined()


@pytest.fixture
def browser(priya: User) -> PageClient:
    return PageClient(priya)


def want(client: PageClient, act: str) -> None:
    assert client.post(PAGE, {"act": act}).goes_to == ADDRESS


def test_it_says_what_for_and_then_does_it(browser: PageClient, priya: User) -> None:
    want(browser, "recovery-codes")
    page = browser.get(ADDRESS)
    assert "You want to get new recovery codes" in page.text
    assert "A text message with 6 digits, to your phone ending 318" in page.text
    code = people.last_code(people.PHONE)
    assert f"{code} is your Larkfield code to change your second steps." in people.last_message().body
    before = browser.browser.session.session_key
    page = browser.post(ADDRESS, {"code": code}, status=200)
    assert "Your new recovery codes" in page.text
    assert browser.browser.session.session_key != before
    assert access.second_steps(priya.id).codes_left == 10
    browser.post(PAGE, {"act": "add-app"})
    assert "Key:" in browser.get(PAGE).text


def test_with_an_app_its_code_is_asked(priya: User, browser: PageClient) -> None:
    apps.add(priya, clock.now() - timedelta(minutes=10))
    want(browser, "remove-app")
    assert "Enter the code from your app" in browser.get(ADDRESS).text
    wrong = browser.post(ADDRESS, {"code": "000"}, status=200)
    assert "not the code in your app" in wrong.text
    assert queries.has_app(priya.id)
    assert browser.post(ADDRESS, {"code": apps.shown(clock.now())}).goes_to == f"{PAGE}?done=removed"
    assert not queries.has_app(priya.id)


def test_an_email_is_no_way_where_she_has_better(priya: User, browser: PageClient) -> None:
    want(browser, "add-app")
    email = next(way for way in access.second_steps(priya.id).contacts if way.kind == "EMAIL")
    assert "Email" not in browser.get(ADDRESS).one(".//fieldset").itertext()
    page = browser.post(ADDRESS, {"way": str(email.id)}, status=200)
    assert "Choose a way to get a code" in page.text
    queue.run_waiting()
    assert not OutboxMessage.objects.filter(channel="EMAIL").exists()


def test_an_email_is_a_way_where_she_has_nothing_else(business_day: date, settings: Any) -> None:
    settings.EMAIL_BACKEND = "milepost.demo.outbox.EmailBackend"
    user = people.joined(phone="", password="copper teapot harbour lantern")
    client = PageClient(user)
    want(client, "add-app")
    assert "An email with 6 digits" in client.get(ADDRESS).text
    assert client.post(ADDRESS, {"code": people.last_code(people.EMAIL)}).goes_to == PAGE
    assert "Key:" in client.get(PAGE).text


def test_a_recovery_code_will_do(priya: User, browser: PageClient) -> None:
    apps.add(priya, clock.now() - timedelta(minutes=10))
    code = operations.renew_recovery_codes(user_id=priya.id, at=clock.now())[0]
    want(browser, "remove-app")
    assert browser.post(ADDRESS, {"way": "recovery"}).goes_to == ADDRESS
    assert "Recovery code" in browser.get(ADDRESS).text
    assert browser.post(ADDRESS, {"code": code}, queries=60).goes_to == f"{PAGE}?done=removed"
    assert access.second_steps(priya.id).codes_left == 9


def test_a_new_text_message_comes_after_a_wait(priya: User, browser: PageClient) -> None:
    want(browser, "add-app")
    phone = access.ways(priya.id, Purpose.CONFIRM_CHANGE)[0]
    assert "We have just sent one" in browser.post(ADDRESS, {"way": phone.name}, status=200).text


def test_a_code_to_sign_in_changes_nothing(priya: User, browser: PageClient) -> None:
    operations.start_challenge(user_id=priya.id, purpose=Purpose.SIGN_IN, session_secret="s" * 43, at=clock.now())
    sign_in_code = people.last_code(people.PHONE)
    want(browser, "recovery-codes")
    if sign_in_code != people.last_code(people.PHONE):
        assert "not the code we sent" in browser.post(ADDRESS, {"code": sign_in_code}, status=200).text
    assert access.second_steps(priya.id).codes_made_on is None


def test_guesses_are_those_of_signing_in(priya: User, browser: PageClient) -> None:
    want(browser, "add-app")
    for _ in range(4):
        browser.post(ADDRESS, {"code": "000"}, status=200)
    assert browser.post(ADDRESS, {"code": "000"}).goes_to == "/sign-in/locked/"
    assert "A wrong code was typed" in browser.get("/sign-in/locked/").text


def test_an_old_code_is_asked_anew_and_an_empty_one_is_told(priya: User, browser: PageClient) -> None:
    want(browser, "add-app")
    assert "Enter the code we sent you" in browser.post(ADDRESS, {"code": ""}, status=200).text
    Challenge.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert "The code ran out" in browser.get(ADDRESS).text
    assert "The code ran out" in browser.post(ADDRESS, {"code": "123456"}, status=200).text


def test_it_may_be_left(priya: User, browser: PageClient) -> None:
    want(browser, "add-app")
    assert browser.post(ADDRESS, {"act": "stop"}).goes_to == PAGE
    assert browser.get(ADDRESS, status=302).goes_to == PAGE
