"""What the library brings stays behind our own pages."""

import json
import typing
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.conf import settings
from django.template import engines
from django.urls import get_resolver

from milepost.demo import cast, people as demo_people
from milepost.servicing.identity.models import User
from milepost.web.shared import sign_in as ours
from tests.support import people
from tests.support.page_client import PageClient
from tests.web.entry.steps import password_step


def test_no_view_of_the_library_is_wired() -> None:
    for pattern in get_resolver("milepost.web.shared.urls").url_patterns:
        assert pattern.callback.__module__.startswith("milepost."), pattern


def test_no_page_of_the_library_is_ever_drawn(
    visitor: PageClient, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    engine = typing.cast(Any, engines["django"]).engine
    find = engine.find_template

    def watched(name: str, *more: Any, **words: Any) -> Any:
        drawn.append(name)
        return find(name, *more, **words)

    monkeypatch.setattr(engine, "find_template", watched)
    password_step(visitor)
    visitor.post("/sign-in/code/", {"code": people.last_code(people.PHONE)})
    visitor.post("/sign-out/", on="/overview/")
    for address in ("/sign-in/", "/sign-in/locked/", "/forgot-password/", "/signed-out/", "/invitation/"):
        visitor.get(address)
    assert [name for name in drawn if "account" in str(name)] == []


def test_the_version_whose_inside_we_use_is_pinned() -> None:
    assert allauth.__version__ == "65.21.1"
    assert '"django-allauth[mfa]==65.21.1"' in (Path(settings.PACKAGE).parent / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/overview/", True), ("/agreements/7034118255/?show=all#x", True), ("https://evil.example", False),
        ("//evil.example", False),
        ("/\\evil.example", False), ("///evil.example", False), ("\t//evil.example", False),
        ("javascript:alert(1)", False),
        ("/sign-out/", False), ("", False), (None, False), ("/" + "a" * 3000, False), ("/\n/evil.example", False),
    ],
)  # fmt: skip
def test_own_path(wanted: str | None, leads: bool) -> None:
    assert (ours.own_path(wanted) == wanted and wanted is not None) is leads


def test_machines_are_answered(visitor: PageClient) -> None:
    browser = visitor.browser
    assert browser.get("/health/live", secure=True).content == b"alive\n"
    assert browser.get("/health/ready", secure=True).content == b"ready\n"
    assert browser.get("/.well-known/change-password", secure=True).headers["Location"] == "/forgot-password/"
    words = browser.get("/.well-known/security.txt", secure=True).content.decode()
    assert "Contact: mailto:hello@larkfield.example" in words
    assert "Expires: 20" in words


def test_the_outbox_shows_what_was_sent_and_picks_out_code_and_link(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    code = people.last_code(people.PHONE)
    visitor.post("/sign-in/code/", {"act": "start-again"})
    visitor.post("/forgot-password/", {"login": people.EMAIL})
    link = people.last_link(people.EMAIL)
    found = visitor.json("/demo/outbox.json")
    assert [(message["channel"], message["to"]) for message in found] == [
        ("EMAIL", people.EMAIL),
        ("TEXT", people.PHONE),
    ]
    assert set(found[0]) == {"id", "sent_at", "channel", "to", "subject", "body", "code", "link"}
    assert found[0]["link"].endswith(link)
    assert found[0]["code"] is None
    assert found[1]["code"] == code
    assert found[1]["link"] is None
    assert visitor.json(f"/demo/outbox.json?to={people.EMAIL.upper()}") == found[:1]
    assert visitor.json(f"/demo/outbox.json?after={found[1]['id']}") == found[:1]
    assert visitor.json(f"/demo/outbox.json?after={found[0]['sent_at'].replace('+', '%2B')}") == []
    visitor.json("/demo/outbox.json?after=yesterday", status=400)
    page = visitor.get("/demo/outbox")
    assert code in page.text
    assert page.links["Open the link"] == found[0]["link"]
    assert "Nothing was sent yet" in visitor.get("/demo/outbox?to=nobody").text


def test_the_people_of_the_demo_are_told_as_promised(visitor: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_people, "people", lambda: cast.PEOPLE)
    people_found = visitor.json("/demo/people.json")
    assert [person["key"] for person in people_found][:1] == ["priya"]
    for person in people_found:
        assert set(person) == {"key", "name", "role", "login", "password", "totp_uri", "agreements", "story"}
    assert json.dumps(people_found)


def test_the_cookies_are_what_we_say(visitor: PageClient, priya: User) -> None:
    password_step(visitor, remember="on")
    visitor.post("/sign-in/code/", {"code": people.last_code(people.PHONE)})
    assert set(visitor.browser.cookies) == {"__Host-csrf", "__Host-session", "__Host-device", "__Host-login"}
