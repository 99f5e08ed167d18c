"""Telling what is down: every word kept, bad input refused with a sentence, a file for when nothing else answers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from milepost.cli import incident as command, setup
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.servicing.audit.models import Event
from milepost.servicing.incidents import operations, queries
from milepost.servicing.incidents.models import Update
from milepost.servicing.incidents.states import Component, IncidentState, Severity

AT = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
ACTOR = Actor.system("test")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


def opened(**more: Any) -> int:
    words = {
        "title": "Codes by text message", "components": [Component.TEXT_CODES], "severity": Severity.SLOW,
        "words": "One network is late.", "advice": "Use your app.\n\n  Ask  once. ", "actor": ACTOR, "at": AT,
    }  # fmt: skip
    return operations.open_incident(**{**words, **more})


def planned(**more: Any) -> int:
    words = {
        "title": "Paying by card off", "components": [Component.CARD_PAYMENTS], "severity": Severity.STOPPED,
        "words": "Direct Debits are not affected.", "starts_at": AT + HOUR, "ends_at": AT + 3 * HOUR, "actor": ACTOR,
        "at": AT,
    }  # fmt: skip
    return operations.plan_work(**{**words, **more})


def test_an_incident_from_its_beginning_to_its_end(db):
    number = opened(starts_at=AT - HOUR)
    operations.add_update(
        incident_id=number, state=IncidentState.IDENTIFIED, words="We found it.", actor=ACTOR, at=AT + HOUR
    )
    (entry,) = queries.news(AT + HOUR)
    assert (entry.starts_at, entry.ends_at, entry.state) == (AT - HOUR, None, IncidentState.IDENTIFIED)
    assert entry.advice == ("Use your app.", "Ask once.")
    operations.resolve_incident(incident_id=number, words="Mended.", actor=ACTOR, at=AT + 2 * HOUR)
    (entry,) = queries.news(AT + 2 * HOUR)
    assert (entry.ends_at, entry.state) == (AT + 2 * HOUR, IncidentState.RESOLVED)
    assert [said.words for said in entry.updates] == ["One network is late.", "We found it.", "Mended."]
    assert queries.news(AT + timedelta(days=93)) == ()
    actions = list(Event.objects.order_by("id").values_list("action", "subject_id"))
    assert actions == [(f"incident.{verb}", number) for verb in ("opened", "updated", "resolved")]


def test_the_news_is_kept_in_a_file_whenever_it_changes(db, tmp_path: Path):
    assert queries.kept_news() == ()
    number = opened()
    assert queries.kept_news() == queries.news(AT)
    planned()
    operations.resolve_incident(incident_id=number, words="Mended.", actor=ACTOR, at=AT + HOUR)
    kept = queries.kept_news()
    assert kept == queries.news(AT)
    assert len(kept) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 2, "news": []}', '{"version": 1, "news": [{}]}'])
def test_a_file_that_is_not_news_is_no_news(text: str, tmp_path: Path):
    (tmp_path / "status.json").write_text(text)
    assert queries.kept_news() == ()
    with pytest.raises(queries.NotNews):
        queries.read_back(text)


def test_a_disk_that_refuses_loses_no_incident(db, settings: Any, tmp_path: Path):
    (tmp_path / "file").touch()
    settings.DATA_FOLDER = tmp_path / "file"
    opened()
    assert len(queries.news(AT)) == 1
    operations.keep_news(news=())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": "  "}, "title"), ({"title": "x" * 121}, "120 characters"), ({"words": ""}, "500 characters"),
        ({"words": "x" * 501}, "500 characters"), ({"advice": "x" * 501}, "500 characters"),
        ({"components": []}, "which services"), ({"starts_at": AT + HOUR}, "not in the future"),
        ({"starts_at": AT - timedelta(days=91)}, "last 90 days"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_refused_with_a_sentence(db, more: dict[str, Any], said: str):
    with pytest.raises(Refusal, match=said):
        opened(**more)
    assert queries.news(AT) == ()


@pytest.mark.parametrize(("starts", "ends"), [(-HOUR, HOUR), (HOUR, HOUR), (2 * HOUR, HOUR), (timedelta(), HOUR)])
def test_work_is_planned_ahead_and_ends_after_it_begins(db, starts: timedelta, ends: timedelta):
    with pytest.raises(operations.TimesWrong):
        planned(starts_at=AT + starts, ends_at=AT + ends)


def test_planned_work_is_called_off_before_it_begins(db):
    number = planned()
    with pytest.raises(operations.WordsWrong, match="planned work"):
        operations.add_update(incident_id=number, state=IncidentState.WATCHING, words="x", actor=ACTOR, at=AT)
    operations.resolve_incident(incident_id=number, words="Not needed.", actor=ACTOR, at=AT)
    (entry,) = queries.news(AT)
    assert entry.ends_at == entry.starts_at


def test_planned_work_is_over_at_its_end(db):
    number = planned()
    with pytest.raises(operations.IncidentOver):
        operations.resolve_incident(incident_id=number, words="Done.", actor=ACTOR, at=AT + 4 * HOUR)


def test_what_is_over_or_unknown_is_refused(db):
    number = opened()
    with pytest.raises(operations.TimesWrong):
        operations.resolve_incident(incident_id=number, words="x", ended_at=AT - HOUR, actor=ACTOR, at=AT + HOUR)
    with pytest.raises(operations.WordsWrong):
        operations.add_update(incident_id=number, state=IncidentState.RESOLVED, words="x", actor=ACTOR, at=AT)
    operations.resolve_incident(incident_id=number, words="Mended.", actor=ACTOR, at=AT)
    with pytest.raises(operations.IncidentOver):
        operations.add_update(incident_id=number, state=IncidentState.WATCHING, words="x", actor=ACTOR, at=AT)
    with pytest.raises(operations.NoSuchIncident):
        operations.resolve_incident(incident_id=number + 1, words="x", actor=ACTOR, at=AT)


def test_what_was_said_stays_said(db):
    opened()
    for statement in ("UPDATE incidents_update SET words = ''", "DELETE FROM incidents_update"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Update.objects.count() == 1


def test_the_commands(db, monkeypatch):
    monkeypatch.setattr(setup, "installation", lambda: None)

    def run(*words: str) -> Any:
        return CliRunner().invoke(command.command, words)

    told = run("open", "Codes are late", "--on", "text-codes", "--on", "messages", "--words", "Late.", "--advice", "a",
               "--advice", "b")  # fmt: skip
    assert told.exit_code == 0, told.output
    number = told.output.split()[1]
    assert run("update", number, "--state", "watching", "--words", "Better.").exit_code == 0
    told = run("plan", "Card off", "--on", "card-payments", "--severity", "stopped", "--words", "Short.", "--from",
               "2099-01-01 02:00", "--to", "2099-01-01 04:00")  # fmt: skip
    assert told.exit_code == 0, told.output
    listed = run("list").output
    assert "watching       slow     Codes are late" in listed
    assert "text-codes, messages" in listed
    assert "Thursday 1\u00a0January at 2:00am to Thursday 1\u00a0January at 4:00am" in listed
    assert run("resolve", number, "--words", "Over.").exit_code == 0
    told = run("resolve", number, "--words", "Over.")
    assert told.exit_code == 1
    assert "This incident is over" in told.output
    assert run("open", "x", "--on", "moon", "--words", "y").exit_code == 2
    told = run("plan", "x", "--on", "sign-in", "--words", "y", "--from", "2020-01-01 02:00", "--to", "2020-01-02 02:00")
    assert told.exit_code == 1
    assert "after now" in told.output


def test_every_component_can_be_named_on_the_command_line():
    assert [command._name(each) for each in command.COMPONENTS] == list(Component)
