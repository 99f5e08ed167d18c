"""Choosing a password: what others know of her is no password, and a crowd is told to come back."""

import threading
from datetime import UTC, datetime

import pytest

from milepost.plumbing import clock, passwords
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from milepost.web.shared.entry import new_password
from tests.support import agreements, people
from tests.support.page_client import PageClient

NEW = "window lantern gravel"


def reset_link(user: User) -> str:
    operations.request_password_reset(user_id=user.id, at=clock.now())
    return people.last_link(people.EMAIL)


@pytest.mark.parametrize("said", ["+44 7700 900318 priya", "priya shah vauxhall", "larkfield 1985-04-12"])
def test_what_anybody_would_try_is_refused_with_a_reason(visitor: PageClient, priya: User, said: str) -> None:
    page = visitor.post(reset_link(priya), {"password": said}, status=200)
    assert "mostly our name, yours" in page.text


def test_her_number_plate_and_agreement_are_known(business_day: None) -> None:
    made = agreements.make(agreements.priya_terms(), product="PCP")
    known = new_password.known_of(made.user_id)
    assert made.reference in known
    refused = operations.why_refused(
        user_id=made.user_id, password=f"{made.reference} 2026", second_step=True, words=known
    )
    assert refused is not None
    assert "number plate" in refused


def test_a_crowd_is_told_to_come_back(visitor: PageClient, priya: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = reset_link(priya)
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(passwords, "_SLOTS", full)
    monkeypatch.setattr(passwords, "_PATIENCE", 0.05)
    page = visitor.post(link, {"password": NEW}, status=503)
    assert page.response.headers["Retry-After"] == "5"
    page = PageClient().post("/sign-in/", {"login": people.EMAIL, "password": people.PASSWORD}, status=503)
    assert page.response.headers["Retry-After"] == "5"
    full.release()
    assert visitor.post(link, {"password": NEW}).goes_to == "/forgot-password/done/"


def test_ten_megabytes_are_refused_at_once(visitor: PageClient, priya: User) -> None:
    visitor.get("/sign-in/")
    token = visitor.browser.cookies["__Host-csrf"].value
    sent = {"csrfmiddlewaretoken": token, "login": people.EMAIL, "password": "a" * 10_000_000}
    began = datetime.now(UTC)
    answer = visitor.browser.post("/sign-in/", sent, secure=True, headers={"origin": "https://testserver"})
    assert answer.status_code in (400, 413)
    assert (datetime.now(UTC) - began).total_seconds() < 5
