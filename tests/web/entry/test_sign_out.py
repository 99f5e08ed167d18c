"""Leaving, and being made to leave."""

from django.test import Client

from milepost.plumbing.actor import Actor
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from tests.support import people
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import sign_in

INSIDE = "/overview/"
"""Answers a signed-in customer with a page, whether or not she has an agreement."""


def is_in(client: PageClient) -> bool:
    return bool(client.browser.get(INSIDE, secure=True).status_code == 200)


def test_signing_out_ends_the_session_on_the_server(visitor: PageClient, priya: User) -> None:
    sign_in(visitor)
    assert is_in(visitor)
    thief = Client()
    thief.cookies["__Host-session"] = visitor.browser.cookies["__Host-session"].value
    page = visitor.post("/sign-out/", on=INSIDE)
    assert page.goes_to == "/signed-out/"
    assert "cache" in page.response.headers["Clear-Site-Data"]
    assert "cookies" not in page.response.headers["Clear-Site-Data"]
    assert thief.get(INSIDE, secure=True).status_code == 302
    assert "You’ve signed out" in visitor.get("/signed-out/").text


def test_a_link_signs_nobody_out(visitor: PageClient, priya: User) -> None:
    sign_in(visitor)
    assert visitor.browser.get("/sign-out/", secure=True).status_code == 405
    assert is_in(visitor)


def test_ten_idle_minutes_sign_her_out(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    sign_in(visitor)
    moved_clock.move(minutes=9)
    assert is_in(visitor)
    moved_clock.move(minutes=9)
    assert is_in(visitor)
    moved_clock.move(minutes=10, seconds=1)
    assert visitor.get(INSIDE, status=302).goes_to == "/signed-out/?why=timed-out&next=%2Foverview%2F"
    assert "Nothing happened for 10 minutes" in visitor.get("/signed-out/?why=timed-out").text
    moved_clock.move(minutes=-10)
    assert not is_in(visitor)


def test_eight_hours_sign_her_out_however_busy(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    sign_in(visitor)
    for _ in range(8 * 60 // 9):
        moved_clock.move(minutes=9)
        assert is_in(visitor)
    moved_clock.move(minutes=4)
    assert not is_in(visitor)


def test_a_public_page_does_not_greet_who_has_timed_out(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    sign_in(visitor)
    moved_clock.move(minutes=11)
    assert "Your agreement" not in visitor.get("/sign-in/locked/").links
    moved_clock.move(minutes=-11)
    assert not is_in(visitor)


def test_sessions_are_ended_everywhere_at_once(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    sign_in(visitor)
    operations.end_sessions(user_id=priya.id, actor=Actor.customer(priya.id), at=moved_clock.now())
    assert not is_in(visitor)


def test_signed_out_leads_back_to_a_path_of_ours_only(visitor: PageClient, business_day: None) -> None:
    page = visitor.get("/signed-out/?why=timed-out&next=/overview/")
    assert page.links["Sign in again"] == "/sign-in/?next=/overview/"
    page = visitor.get("/signed-out/?why=<script>&next=//evil.example")
    assert page.links["Sign in again"] == "/sign-in/"
    assert people.PASSWORD not in page.html
