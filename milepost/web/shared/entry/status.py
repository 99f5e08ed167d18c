"""Service status: what is down, since when, what to do meanwhile. It answers when the database does not.

Nobody is looked up: no session, no user, no lender's date. The database is asked at most every five seconds in each
process, by a thread of its own, for one and a half seconds; after that the page says itself that the account is away,
and shows the news that was kept in a file. It answers 200 either way, so that no proxy puts a page of its own over it.
"""

import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.http import require_safe

from milepost.plumbing import clock, jobs, lender
from milepost.servicing.incidents import operations, queries
from milepost.servicing.incidents.queries import Entry, Said
from milepost.servicing.incidents.states import TROUBLE, Component, IncidentState, Severity
from milepost.servicing.notifications import queries as notifications
from milepost.servicing.notifications.states import Channel
from milepost.web.shared.entry.status_picture import picture

log = logging.getLogger("milepost.status")

FRESH = timedelta(seconds=5)
PATIENCE = 1.5
LATE = timedelta(minutes=2)
"""A job that has waited this long for a worker: codes and messages are late."""
LATELY = timedelta(minutes=15)
NOT_REACHED = 3
"""So many people whose messages did not go lately: it is the channel, and not an address."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found at one moment: our news, and what our own checks add to it."""

    at: datetime
    news: tuple[Entry, ...]
    found: tuple[Entry, ...] = ()
    answered: bool = True


class Watch:
    """The newest look at the database, shared by the threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Start afresh: as a process that has just begun."""
        self._seen: Seen | None = None
        self._running: Future[Seen] | None = None
        self._away_since: datetime | None = None

    def look(self, at: datetime) -> Seen:
        """What is known at this moment, in two seconds at most."""
        with self._lock:
            if self._seen and abs(at - self._seen.at) < FRESH:
                return self._seen
            if self._running is None:
                self._running = Future()
                threading.Thread(target=self._check, args=(at, self._running), daemon=True, name="status").start()
            running = self._running
        try:
            seen = running.result(PATIENCE)
        except TimeoutError:
            seen = self._away(at)
        self._seen = seen
        return seen

    def _check(self, at: datetime, running: "Future[Seen]") -> None:
        try:
            seen = _ask(at)
            self._away_since = None
        except Error as error:
            log.warning("status.database_away", extra={"kind": type(error).__name__})
            seen = self._away(at)
        except Exception:
            log.exception("status.check_failed")
            seen = self._away(at)
        finally:
            connection.close()
            with self._lock:
                self._running = None
        running.set_result(seen)
        if seen.answered and seen.news != queries.kept_news():
            operations.keep_news(news=seen.news)

    def _away(self, at: datetime) -> Seen:
        self._away_since = self._away_since or at
        news = self._seen.news if self._seen and self._seen.answered else queries.kept_news()
        return Seen(at, news, (_account_away(self._away_since, at),), answered=False)


watch = Watch()


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The page. Our own checks speak only where staff have not said anything yet."""
    at = clock.now()
    seen = watch.look(at)
    told = {component for entry in seen.news if entry.state in TROUBLE for component in entry.components}
    own = tuple(entry for entry in seen.found if not told.issuperset(entry.components))
    drawn = loader.get_template("status.html", using="jinja2").render(
        {
            "on": None,
            "signed_in": False,
            "status": picture((*own, *seen.news), at, lender.current().time_zone),
            "answered": seen.answered,
        }
    )
    return HttpResponse(drawn)


def _ask(at: datetime) -> Seen:
    """Everything the database knows about how we are doing."""
    seen = Seen(at, queries.news(at))
    found = []
    waiting = jobs.waiting_since()
    if waiting and at - waiting > LATE:
        found.append(_messages_late(waiting, at))
    missed = notifications.people_not_reached(at - LATELY)
    if missed.get(Channel.TEXT, 0) >= NOT_REACHED:
        found.append(_texts_late(at))
    if missed.get(Channel.EMAIL, 0) >= NOT_REACHED:
        found.append(_emails_late(at))
    return replace(seen, found=tuple(found))


def _account_away(since: datetime, at: datetime) -> Entry:
    return _own_check(
        1, "The account cannot be reached", (Component.SIGN_IN, Component.ACCOUNT_PAGES), Severity.STOPPED, since,
        "You cannot sign in or open your account at the moment. Our own checks found it, and we are told.",
        "Try again in a few minutes. There is nothing you need to change."
        "\nYour agreement is safe, and Direct Debits are collected as planned."
        f"\nIf you must pay today, call us on {lender.current().contact.phone}.",
    )  # fmt: skip


def _messages_late(since: datetime, at: datetime) -> Entry:
    return _own_check(
        2, "Messages from us are late", (Component.TEXT_CODES, Component.MESSAGES), Severity.SLOW, since,
        "Codes, emails and texts are waiting to go out. Our own checks found it.",
        "Ask for one new code at most, and use the newest."
        "\nA code from an authenticator app or a trusted device works as usual.",
    )  # fmt: skip


def _texts_late(at: datetime) -> Entry:
    return _own_check(
        3, "Text messages are not going out", (Component.TEXT_CODES,), Severity.SLOW, at - LATELY,
        "Some text messages have not been accepted in the last quarter of an hour. Our own checks found it.",
        "When you sign in, press “Try another way” and choose email.\nAsk for one new code at most.",
    )  # fmt: skip


def _emails_late(at: datetime) -> Entry:
    return _own_check(
        4, "Emails are not going out", (Component.MESSAGES,), Severity.SLOW, at - LATELY,
        "Some emails have not been accepted in the last quarter of an hour. Our own checks found it.",
        "When you sign in, choose a text message for your code.",
    )  # fmt: skip


def _own_check(
    number: int, title: str, components: tuple[Component, ...], severity: Severity, since: datetime, words: str,
    advice: str,
) -> Entry:  # fmt: skip
    said = Said(since, IncidentState.INVESTIGATING, words, advice)
    return Entry(-number, title, components, severity, IncidentState.INVESTIGATING, since, None, (said,))
