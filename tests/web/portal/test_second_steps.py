"""Second steps: an app set up and removed, recovery codes shown once, each change after a fresh code."""

from datetime import date, timedelta
from typing import Any

import pytest

from milepost.plumbing import clock
from milepost.servicing.identity import access, operations, queries
from milepost.servicing.identity.models import Factor, User
from milepost.servicing.identity.states import app_code, app_step
from milepost.web.shared import second_step
from tests.support import apps, people
from tests.support.page_client import Page, PageClient

ADDRESS = "/security/second-steps/"


@pytest.fixture
def priya(business_day: date, settings: Any) -> User:
    settings.EMAIL_BACKEND = "milepost.demo.outbox.EmailBackend"
    return people.joined()


@pytest.fixture
def browser(priya: User) -> PageClient:
    """Signed in, with a code given a moment ago."""
    return fresh(priya)


def fresh(user: User, kind: str = "TEXT", ago: timedelta = timedelta()) -> PageClient:
    client = PageClient(user)
    session = client.browser.session
    second_step.record(session, kind, clock.now() - ago)
    session.save()
    return client


def set_up(client: PageClient) -> bytes:
    """Begin an app; its seed."""
    from base64 import b32decode

    assert client.post(ADDRESS, {"act": "add-app"}).goes_to == ADDRESS
    page = client.get(ADDRESS)
    key = page.one(".//code[@class='key']").text or ""
    return b32decode(key.replace(" ", ""))


def test_it_lists_what_she_has(browser: PageClient, priya: User) -> None:
    page = browser.get(ADDRESS)
    assert page.heading == "Second steps"
    for words in ("Text message", "phone ending 318", "Email (weaker)", "p••••@example.com", "Add an app"):
        assert words in page.text, words
    assert people.EMAIL not in page.html
    assert "Second steps" in browser.get(ADDRESS).links


def test_an_app_is_set_up_by_picture_or_key_and_counts_once_confirmed(browser: PageClient, priya: User) -> None:
    seed = set_up(browser)
    page = browser.get(ADDRESS)
    assert '<path fill="#000" d="M4 4h7v1h-7z' in page.html
    assert any(link.startswith("otpauth://totp/") for link in page.links.values())
    assert not queries.has_app(priya.id)
    wrong = browser.post(ADDRESS, {"act": "confirm-app", "code": "000"}, status=200)
    assert "That is not the code in your app" in wrong.text
    assert "Enter the code from your app" in browser.post(ADDRESS, {"act": "confirm-app"}, status=200).text
    right = app_code(seed, app_step(clock.now()))
    assert browser.post(ADDRESS, {"act": "confirm-app", "code": right}).goes_to == f"{ADDRESS}?done=added"
    assert queries.has_app(priya.id)
    page = browser.get(f"{ADDRESS}?done=added")
    assert "Your authenticator app is set up" in page.text
    assert "Key:" not in page.text


def test_the_key_is_shown_in_its_own_session_alone(browser: PageClient, priya: User) -> None:
    seed = set_up(browser)
    other = fresh(priya)
    assert "Key:" not in other.get(ADDRESS).text
    right = app_code(seed, app_step(clock.now()))
    assert "begin again" in other.post(ADDRESS, {"act": "confirm-app", "code": right}, status=200).text
    assert not queries.has_app(priya.id)


def test_setting_up_may_be_left(browser: PageClient) -> None:
    set_up(browser)
    assert browser.post(ADDRESS, {"act": "stop"}).goes_to == ADDRESS
    assert "Key:" not in browser.get(ADDRESS).text


def test_wrong_codes_end_in_a_pause(browser: PageClient) -> None:
    set_up(browser)
    for _ in range(4):
        browser.post(ADDRESS, {"act": "confirm-app", "code": "000"}, status=200)
    assert browser.post(ADDRESS, {"act": "confirm-app", "code": "000"}).goes_to == "/sign-in/locked/"


def test_an_app_is_removed(priya: User) -> None:
    apps.add(priya, clock.now() - timedelta(minutes=10))
    browser = fresh(priya, "APP")
    assert "Remove the app" in browser.get(ADDRESS).text
    assert browser.post(ADDRESS, {"act": "remove-app"}).goes_to == f"{ADDRESS}?done=removed"
    assert not queries.has_app(priya.id)
    assert "is removed" in browser.get(f"{ADDRESS}?done=removed").text


def test_a_second_app_is_refused_in_words(priya: User) -> None:
    apps.add(priya, clock.now() - timedelta(minutes=10))
    page = fresh(priya, "APP").post(ADDRESS, {"act": "add-app"}, status=200)
    assert "You have an authenticator app already" in page.text


def test_recovery_codes_are_shown_once_and_counted(browser: PageClient, priya: User) -> None:
    page = browser.post(ADDRESS, {"act": "recovery-codes"}, status=200)
    codes = shown_codes(page)
    assert len(codes) == 10
    again = browser.get(ADDRESS)
    assert shown_codes(again) == []
    assert "10 of 10 left." in again.text
    newer = shown_codes(browser.post(ADDRESS, {"act": "recovery-codes"}, status=200))
    assert not set(codes) & set(newer)


def shown_codes(page: Page) -> list[str]:
    return [each.text or "" for each in page.root.findall(".//ul/li/code")]


@pytest.mark.parametrize("act", ["add-app", "remove-app", "recovery-codes"])
@pytest.mark.parametrize("minutes", [None, 5, 60])
def test_each_change_asks_for_a_code_when_the_last_is_five_minutes_old(
    priya: User, act: str, minutes: int | None
) -> None:
    apps.add(priya, clock.now() - timedelta(minutes=10))
    client = PageClient(priya) if minutes is None else fresh(priya, "APP", timedelta(minutes=minutes))
    assert client.post(ADDRESS, {"act": act}).goes_to == "/security/second-steps/confirm/"
    assert Factor.objects.count() == 1
    assert queries.has_app(priya.id)
    assert access.second_steps(priya.id).codes_made_on is None


def test_an_emailed_code_at_sign_in_is_not_enough_where_she_has_better(priya: User) -> None:
    client = fresh(priya, "EMAIL")
    assert client.post(ADDRESS, {"act": "add-app"}).goes_to == "/security/second-steps/confirm/"


def test_too_many_hashes_at_work_are_told_as_such(browser: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from milepost.plumbing import passwords

    def busy(**_: object) -> tuple[str, ...]:
        raise passwords.Busy

    monkeypatch.setattr(operations, "renew_recovery_codes", busy)
    assert "Very many people" in browser.post(ADDRESS, {"act": "recovery-codes"}, status=503).text
