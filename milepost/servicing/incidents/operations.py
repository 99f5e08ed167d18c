"""Telling customers what is down, since when, and what to do meanwhile."""

import logging
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.incidents import queries
from milepost.servicing.incidents.models import Incident, Update
from milepost.servicing.incidents.queries import Entry, written
from milepost.servicing.incidents.states import TROUBLE, Component, IncidentState, Severity

log = logging.getLogger("milepost.incidents")

LONGEST_TITLE = 120
LONGEST_WORDS = 500
EARLIEST = timedelta(days=90)


class NoSuchIncident(Refusal):
    code = "no-such-incident"
    sentence = "There is no incident with this number. `milepost incident list` shows them."


class IncidentOver(Refusal):
    code = "incident-over"
    sentence = "This incident is over. Open a new one if it has come back."


class WordsWrong(Refusal):
    code = "words-wrong"
    sentence = "Say it in words, but not in too many."


class TimesWrong(Refusal):
    code = "times-wrong"
    sentence = "These times cannot be."


def open_incident(
    *, title: str, components: Collection[Component], severity: Severity, words: str, advice: str = "",
    starts_at: datetime | None = None, actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Tell that something is slow or has stopped; the incident's number. `starts_at`: when it began, if before now."""
    since = starts_at or at
    if not at - EARLIEST < since <= at:
        raise TimesWrong("An incident began in the last 90 days, and not in the future. Announce work with a plan.")
    with transaction():
        incident = _begin(title, components, severity, IncidentState.INVESTIGATING, since, None)
        _say(incident, IncidentState.INVESTIGATING, words, advice, at)
        _write_down("incident.opened", incident, actor, at)
    _publish(at)
    return incident.id


def add_update(
    *, incident_id: int, state: IncidentState, words: str, advice: str = "", actor: Actor, at: datetime
) -> None:
    """Say how far we are. Advice replaces what was advised before; without any, that stands."""
    if state not in TROUBLE:
        raise WordsWrong("An update says investigating, identified or watching. When it is over, resolve it.")
    with transaction():
        incident = _going_on(incident_id, at)
        if incident.state == IncidentState.PLANNED:
            raise WordsWrong("This is planned work. Resolve it to call it off, and plan it anew.")
        incident.state = state.value
        incident.save(update_fields=["state"])
        _say(incident, state, words, advice, at)
        _write_down("incident.updated", incident, actor, at)
    _publish(at)


def resolve_incident(
    *, incident_id: int, words: str, ended_at: datetime | None = None, actor: Actor, at: datetime
) -> None:
    """It is over, or the work was called off. `ended_at`: when, if before now."""
    with transaction():
        incident = _going_on(incident_id, at)
        end = ended_at or at
        if incident.state == IncidentState.PLANNED and at < incident.starts_at:
            end = incident.starts_at  # called off: it never began
        elif not incident.starts_at <= end <= at:
            raise TimesWrong("It ended after it began, and not in the future.")
        incident.state, incident.ends_at = IncidentState.RESOLVED.value, end
        incident.save(update_fields=["state", "ends_at"])
        _say(incident, IncidentState.RESOLVED, words, "", at)
        _write_down("incident.resolved", incident, actor, at)
    _publish(at)


def plan_work(
    *, title: str, components: Collection[Component], severity: Severity, words: str, starts_at: datetime,
    ends_at: datetime, actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Announce work on some services; its number. It is over at its end without anybody saying so."""
    if not at < starts_at < ends_at:
        raise TimesWrong("Planned work begins after now and ends after it begins.")
    with transaction():
        incident = _begin(title, components, severity, IncidentState.PLANNED, starts_at, ends_at)
        _say(incident, IncidentState.PLANNED, words, "", at)
        _write_down("incident.planned", incident, actor, at)
    _publish(at)
    return incident.id


def keep_news(*, news: tuple[Entry, ...]) -> None:
    """Put the news into the file that is read while the database is away. A disk that refuses is logged, no more."""
    path = queries.kept_in()
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.touch(mode=0o600)
        beside.write_text(written(news), encoding="utf-8")
        beside.replace(path)  # whole or not at all, for whoever is reading
    except OSError:
        log.exception("incidents.not_kept")


def _publish(at: datetime) -> None:
    keep_news(news=queries.news(at))


def _begin(
    title: str, components: Collection[Component], severity: Severity, state: IncidentState, starts_at: datetime,
    ends_at: datetime | None,
) -> Incident:  # fmt: skip
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise WordsWrong(f"Give it a title of {LONGEST_TITLE} characters at most, as customers would say it.")
    if not components:
        raise WordsWrong("Say which services it is about.")
    return Incident.objects.create(
        title=title,
        components=[each.value for each in Component if each in components],
        severity=severity.value,
        state=state.value,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _going_on(incident_id: int, at: datetime) -> Incident:
    incident = Incident.objects.select_for_update().filter(id=incident_id).first()
    if incident is None:
        raise NoSuchIncident
    if incident.ends_at is not None and (incident.state == IncidentState.RESOLVED or incident.ends_at <= at):
        raise IncidentOver
    return incident


def _say(incident: Incident, state: IncidentState, words: str, advice: str, at: datetime) -> None:
    words = " ".join(words.split())
    advice = "\n".join(line for raw in advice.splitlines() if (line := " ".join(raw.split())))
    if not words or len(words) > LONGEST_WORDS or len(advice) > LONGEST_WORDS:
        raise WordsWrong(f"Say what is known, in {LONGEST_WORDS} characters at most, and the same for the advice.")
    Update.objects.create(incident=incident, at=at, state=state.value, words=words, advice=advice)


def _write_down(action: str, incident: Incident, actor: Actor, at: datetime) -> None:
    audit.record(
        action, subject_kind="incident", subject_id=incident.id, actor=actor, at=at, state=incident.state,
        components=incident.components, severity=incident.severity,
    )  # fmt: skip
