"""`milepost ledger`: the proof finds what is wrong, and the page says what the code says."""

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from milepost.cli import ledger, setup
from milepost.finance.entries import Event
from milepost.servicing.agreements.models import Standing
from tests.support.money import new_agreement

TODAY = date(2026, 11, 22)


def proof() -> dict[str, Any]:
    return ledger.proof(TODAY, lambda *_: None)


def test_the_page_says_what_the_code_says():
    page = (setup.ROOT / "docs" / "ledger.md").read_text()
    assert page == ledger.described(page), "docs/ledger.md is out of date: run `milepost ledger describe`"


def test_every_event_has_an_entry():
    assert set(ledger.entries_by_event()) == set(Event)


def test_breaks_are_listed_with_what_was_expected(database_clone):
    assert proof()["breaks"] == []
    running = new_agreement()
    running.due(1)
    running.pay(298_05, date(2026, 7, 10))
    stuck = {
        "reference": "account 1020",
        "what": "in clearing since 2026-11-16 or longer",
        "expected": 0,
        "found": 298_05,
    }
    assert proof()["breaks"] == [stuck]
    Standing.objects.filter(agreement_id=running.id).update(paid_total=200_00, principal_outstanding=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer SELECT 2800000099, effective_on, event, source, line, debit, credit, amount, "
            "recorded_at, policy_version FROM ledger_transfer WHERE event = 1"
        )
    result = proof()
    found = {(broken["what"], broken["expected"], broken["found"]) for broken in result["breaks"]}
    assert found == {
        ("principal (1200) against the standing", 1, 11_790_95),
        ("paid in all (standing) against 1250 and 2100", 298_05, 200_00),
        ("arrears since", 2026_07_10, 9999_12_31),
        ("books without an agreement", 1, 0),
        (stuck["what"], 0, 298_05),
    }
    said = ledger.words(result)
    assert "5 breaks (minor units):" in said
    assert "book 2800000099: books without an agreement" in said
    ledger.MOST_SHOWN, before = 2, ledger.MOST_SHOWN
    try:
        assert "and 3 more" in ledger.words(result)
    finally:
        ledger.MOST_SHOWN = before


@pytest.mark.django_db
def test_a_proof_without_a_break_says_so():
    assert ledger.words({"on": "2026-11-22", "trial_balance": {1000: -5, 1200: 5}, "breaks": []}).endswith(
        "Everything ties."
    )


@pytest.mark.parametrize(("breaks", "status"), [([], 0), ([{"reference": "r", "what": "w"}], 1), (KeyError("7"), 2)])
def test_a_check_that_fails_itself_is_told_from_a_break(monkeypatch, breaks: Any, status: int):
    def result() -> dict[str, Any]:
        if isinstance(breaks, Exception):
            raise breaks
        return {"breaks": breaks}

    monkeypatch.setattr(ledger, "_proof_today", result)
    ended = CliRunner().invoke(ledger.check, ["--json"])
    assert ended.exit_code == status
    assert ("could not be proved" in ended.output) == (status == 2)
