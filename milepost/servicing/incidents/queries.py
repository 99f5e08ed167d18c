"""The news: from the database, or from the file that is kept for when it does not answer."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from milepost.servicing.incidents.models import Incident
from milepost.servicing.incidents.states import Component, IncidentState, Severity

HISTORY = timedelta(days=92)
VERSION = 1
"""Of the file's form."""


class NotNews(Exception):
    """The file does not hold what we write into it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One update."""

    at: datetime
    state: IncidentState
    words: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One incident or planned work, with its updates, oldest first."""

    id: int
    title: str
    components: tuple[Component, ...]
    severity: Severity
    state: IncidentState
    starts_at: datetime
    ends_at: datetime | None
    updates: tuple[Said, ...]

    @property
    def advice(self) -> tuple[str, ...]:
        """What to do meanwhile: the newest we said, a line each."""
        newest = next((said.advice for said in reversed(self.updates) if said.advice), "")
        return tuple(line for line in newest.splitlines() if line)


def news(at: datetime) -> tuple[Entry, ...]:
    """What is going on, what is planned and what was over in the last three months, newest first."""
    found = Incident.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at - HISTORY))
    return tuple(_entry(incident) for incident in found.order_by("-starts_at", "-id").prefetch_related("updates"))


def kept_news() -> tuple[Entry, ...]:
    """What the file holds; nothing where there is none, or one that cannot be read."""
    try:
        return read_back(kept_in().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NotNews):
        return ()


def kept_in() -> Path:
    """Where the news is kept: a plain file, so that it can be read when nothing else can."""
    return Path(settings.DATA_FOLDER) / "status.json"


def written(news: tuple[Entry, ...]) -> str:
    """The news as JSON."""
    entries = [asdict(entry) for entry in news]
    return json.dumps({"version": VERSION, "news": entries}, default=datetime.isoformat, indent=1)


def read_back(text: str) -> tuple[Entry, ...]:
    """What `written` wrote. Raises NotNews."""
    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            raise NotNews
        return tuple(_kept_entry(words) for words in document["news"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotNews(str(error)) from error


def _kept_entry(words: dict[str, Any]) -> Entry:
    said = tuple(
        Said(datetime.fromisoformat(each["at"]), IncidentState(each["state"]), str(each["words"]), str(each["advice"]))
        for each in words["updates"]
    )
    return Entry(
        id=int(words["id"]),
        title=str(words["title"]),
        components=tuple(Component(each) for each in words["components"]),
        severity=Severity(words["severity"]),
        state=IncidentState(words["state"]),
        starts_at=datetime.fromisoformat(words["starts_at"]),
        ends_at=datetime.fromisoformat(words["ends_at"]) if words["ends_at"] else None,
        updates=said,
    )


def _entry(incident: Incident) -> Entry:
    updates = sorted(incident.updates.all(), key=lambda update: (update.at, update.id))
    return Entry(
        id=incident.id,
        title=incident.title,
        components=tuple(Component(each) for each in incident.components),
        severity=Severity(incident.severity),
        state=IncidentState(incident.state),
        starts_at=incident.starts_at,
        ends_at=incident.ends_at,
        updates=tuple(Said(each.at, IncidentState(each.state), each.words, each.advice) for each in updates),
    )
