"""The law's numbers have a date and a source, and the one in force can be asked for."""

from datetime import date
from fractions import Fraction

import pytest

from milepost.finance import law
from milepost.finance.law import Provision, Rule
from milepost.finance.money import FinanceError


def test_every_provision_has_a_row_with_a_source():
    assert {rule.provision for rule in law.RULES} == set(Provision)
    assert all(rule.source and rule.value >= 0 for rule in law.RULES)


def test_the_settlement_notice_runs_28_days():
    assert law.in_force(Provision.SETTLEMENT_NOTICE_DAYS, date(2026, 11, 22)).whole == 28


def test_a_change_of_the_law_is_a_new_row(monkeypatch: pytest.MonkeyPatch):
    changed = Rule(Provision.SETTLEMENT_NOTICE_DAYS, Fraction(21), date(2027, 1, 1), "invented")
    monkeypatch.setattr(law, "RULES", (changed, *law.RULES))
    assert law.in_force(Provision.SETTLEMENT_NOTICE_DAYS, date(2026, 12, 31)).whole == 28
    assert law.in_force(Provision.SETTLEMENT_NOTICE_DAYS, date(2027, 1, 1)).whole == 21


def test_books_older_than_the_first_row_use_it():
    assert law.in_force(Provision.SETTLEMENT_NOTICE_DAYS, date(1999, 1, 1)).whole == 28


def test_a_provision_without_a_row_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(law, "RULES", ())
    with pytest.raises(FinanceError, match="no rule is recorded"):
        law.in_force(Provision.SETTLEMENT_NOTICE_DAYS, date(2026, 1, 1))
