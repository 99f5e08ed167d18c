"""Service status: what staff say, what our own checks find, and an answer when the database gives none."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, connection
from django.test import Client

from milepost.plumbing.actor import Actor
from milepost.servicing.incidents import operations, queries
from milepost.servicing.incidents.queries import Entry, Said
from milepost.servicing.incidents.states import Component, IncidentState, Severity
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.models import Notification
from milepost.web.shared.entry import status, status_picture
from tests.support.database_clone import DatabaseClone
from tests.support.page_client import Page, PageClient

ACTOR = Actor.system("test")
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
ZONE = "Europe/London"


@pytest.fixture(autouse=True)
def _afresh(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_FOLDER = tmp_path
    status.watch.forget()
    yield
    status.watch.forget()


def look() -> Page:
    """The page as it is now: it looks at the database with a connection of its own, at most every five seconds."""
    status.watch.forget()
    return PageClient().get("/status/", queries=0)


def open_one(**more: Any) -> int:
    words = {
        "title": "Codes by text message", "components": [Component.TEXT_CODES], "severity": Severity.SLOW,
        "words": "One network is late.", "advice": "Use your app.\nAsk once.", "actor": ACTOR, "at": datetime.now(UTC),
    }  # fmt: skip
    return operations.open_incident(**{**words, **more})


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on no connection to the database can be made, by any thread."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nonexistent")


def test_all_is_well(database_clone: DatabaseClone) -> None:
    page = look()
    assert page.heading == "Everything is working."
    assert page.text.count("No problems in 90 days") == len(Component)
    assert "Planned work" not in page.text
    assert not page.response.cookies


def test_what_is_down_since_when_and_what_to_do(database_clone: DatabaseClone) -> None:
    number = open_one()
    page = look()
    assert page.heading == "Text message codes are late. Everything else is working."
    for words in ("Slow since", "One network is late.", "Use your app.", "Ask once.", "We are looking into it"):
        assert words in page.text
    operations.add_update(
        incident_id=number, state=IncidentState.IDENTIFIED, words="<b>Found</b>", actor=ACTOR, at=datetime.now(UTC)
    )
    page = look()
    assert "<b>Found</b>" in page.text
    assert page.text.index("We found the cause") < page.text.index("We are looking into it")
    operations.resolve_incident(incident_id=number, words="Mended.", actor=ACTOR, at=datetime.now(UTC))
    page = look()
    assert page.heading == "Everything is working."
    assert "Mended." in page.text
    assert "1 problem in 90 days, 1 minute" in page.text


def test_planned_work_is_announced(database_clone: DatabaseClone) -> None:
    begins = datetime.now(UTC) + timedelta(days=7)
    operations.plan_work(
        title="Paying by card off for 45 minutes", components=[Component.CARD_PAYMENTS], severity=Severity.STOPPED,
        words="Direct Debits are not affected.", starts_at=begins, ends_at=begins + timedelta(hours=2), actor=ACTOR,
        at=datetime.now(UTC),
    )  # fmt: skip
    page = look()
    assert page.heading == "Everything is working."
    assert "Planned work" in page.text
    assert "Paying by card off for 45 minutes" in page.text
    assert "Direct Debits are not affected." in page.text


def test_it_answers_while_the_database_is_away(database_clone: DatabaseClone, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one()
    away(monkeypatch)
    page = Page(Client().get("/status/", secure=True), "/status/", ())
    assert page.status == 200
    assert page.heading.startswith(
        "Signing in has stopped. Text message codes are late. Account pages cannot be opened."
    )
    assert "Our records cannot be reached" in page.text
    assert "One network is late." in page.text
    assert "Your agreement is safe" in page.text


def test_a_session_cookie_is_not_looked_at(database_clone: DatabaseClone, monkeypatch: pytest.MonkeyPatch) -> None:
    away(monkeypatch)
    browser = Client(headers={"cookie": "__Host-session=" + "a" * 32})
    answer = browser.get("/status/", secure=True)
    assert answer.status_code == 200
    assert browser.get("/overview/", secure=True).status_code == 503
    assert b"/status/" in browser.get("/overview/", secure=True).content


def test_it_recovers_with_the_database_and_remembers_since_when_it_was_away(
    database_clone: DatabaseClone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        away(patch)
        first = status.watch.look(NOW)
        later = status.watch.look(NOW + timedelta(minutes=9))
    assert [seen.found[0].starts_at for seen in (first, later)] == [NOW, NOW]
    assert status.watch.look(NOW + timedelta(minutes=10)).answered


def test_a_database_that_hangs_holds_nobody_up(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def hang(at: datetime) -> status.Seen:
        asked.append(at)
        time.sleep(2.5)
        raise InterfaceError("gone")

    monkeypatch.setattr(status, "_ask", hang)
    began = time.monotonic()
    assert not status.watch.look(NOW).answered
    assert time.monotonic() - began < 2.2
    began = time.monotonic()
    assert not status.watch.look(NOW + timedelta(seconds=1)).answered
    assert time.monotonic() - began < 0.5
    assert len(asked) == 1
    time.sleep(2)


def test_the_database_is_asked_once_for_many_readers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ask(at: datetime) -> status.Seen:
        asked.append(at)
        return status.Seen(at, ())

    monkeypatch.setattr(status, "_ask", ask)
    for second in range(5):
        status.watch.look(NOW + timedelta(seconds=second))
    assert len(asked) == 1
    status.watch.look(NOW + timedelta(seconds=5))
    assert len(asked) == 2


def test_a_look_keeps_the_news_for_worse_times(database_clone: DatabaseClone) -> None:
    open_one()
    queries.kept_in().unlink()
    look()
    limit = time.monotonic() + 5
    while not queries.kept_news() and time.monotonic() < limit:
        time.sleep(0.02)
    assert len(queries.kept_news()) == 1


def test_a_queue_that_nobody_works_off_is_told(database_clone: DatabaseClone) -> None:
    notifications.send.defer(key="a", kind="JOINED", user_id=7, channel="EMAIL", address="x@example.com", facts={})
    assert look().heading == "Everything is working."
    with database_clone.as_owner() as owner:
        owner.execute("UPDATE procrastinate_events SET at = now() - interval '3 minutes'")
    assert look().heading.startswith("Text message codes are late. Emails and letters are late.")


@pytest.mark.parametrize(
    ("channel", "said"), [("TEXT", "Text message codes are late."), ("EMAIL", "Emails and letters are late.")]
)
def test_a_channel_that_fails_for_several_people_is_told(
    database_clone: DatabaseClone, channel: str, said: str
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    words = {"kind": "SIGN_IN_CODE", "channel": channel, "address": "x", "state": "FAILED", "created_at": at}
    for subject, key in ((1, "a"), (1, "b"), (2, "c")):
        Notification.objects.create(subject=subject, key=key, **words)
    assert look().heading == "Everything is working."
    Notification.objects.create(subject=3, key="d", **words)
    assert look().heading == f"{said} Everything else is working."
    open_one(components=[Component.TEXT_CODES, Component.MESSAGES])
    assert "Our own checks found it" not in look().text


def entry(component: Component, severity: Severity, starts: datetime, ends: datetime | None) -> Entry:
    state = IncidentState.RESOLVED if ends else IncidentState.INVESTIGATING
    said = (Said(starts, IncidentState.INVESTIGATING, "It broke.", ""), Said(starts, state, "Cards were refused.", ""))
    return Entry(7, "Cards", (component,), severity, state, starts, ends, said)


def test_ninety_days_are_the_lenders_days() -> None:
    at_night = datetime(2026, 10, 16, 23, 30, tzinfo=UTC)  # half past midnight in London, on the 17th
    news = (
        entry(Component.SIGN_IN, Severity.STOPPED, at_night, at_night + timedelta(minutes=12)),
        entry(Component.SIGN_IN, Severity.SLOW, at_night, at_night + timedelta(hours=100)),
        entry(Component.MESSAGES, Severity.SLOW, NOW - timedelta(days=95), NOW - timedelta(days=91)),
    )
    drawn = status_picture.picture(news, NOW, ZONE)
    signing_in, messages = drawn.services[0], drawn.services[5]
    assert signing_in.label == (
        "Signing in, the 90 days from 25\u00a0August to 22\u00a0November\u00a02026: 85 days without a problem,"
        " stopped on 17\u00a0October, slow on 18\u00a0October, slow on 19\u00a0October, slow on 20\u00a0October,"
        " slow on 21\u00a0October"
    )
    assert signing_in.path_stopped == "M528 32v-32h10v32z"
    assert signing_in.path_slow.count("M") == 4
    assert signing_in.path_ok.count("M") == 85
    assert signing_in.summary == "2 problems in 90 days, 4 days 4 hours 12 minutes"
    assert messages.summary == "No problems in 90 days"
    assert [past.day for past in drawn.past] == ["17\u00a0October"] * 2
    assert drawn.past[0].words == "Stopped, 12:30am to 12:42am, 12 minutes. Cards were refused."
    assert drawn.when == "Sunday 22\u00a0November\u00a02026 at 9:42am"


def test_many_troubles_are_counted_and_the_worse_counts() -> None:
    began = NOW - timedelta(days=1)
    news = [entry(component, Severity.SLOW, began, None) for component in list(Component)[:4]]
    assert status_picture.picture(news, NOW, ZONE).headline == "4 of our 7 services have a problem."
    both = [entry(Component.SIGN_IN, severity, began, None) for severity in (Severity.STOPPED, Severity.SLOW)]
    drawn = status_picture.picture(both, NOW, ZONE)
    assert drawn.headline == "Signing in has stopped. Everything else is working."
    assert drawn.troubles[0].tag == "Stopped since 21\u00a0November at 9:42am"
    assert drawn.services[0].summary == "2 problems in 90 days, one today"
