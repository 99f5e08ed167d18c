"""Each break that a database owner can make is listed by the proof; without one it says nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest

from milepost.cli import ledger
from milepost.finance import entries
from milepost.finance.entries import Event
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations
from milepost.servicing.payments.states import Method
from tests.support.money import AT, CLERK, TODAY, Running, new_agreement

INTEREST = "interest fallen due (4000) against the schedule"
PLACED = "interest fallen due, times the instalments' numbers"
Found = set[tuple[str, int, int]]
INSERT = (
    "INSERT INTO ledger_transfer (book, effective_on, event, source, line, debit, credit, amount, recorded_at, "
    "policy_version) VALUES (%s, %s, %s, 77, 9, %s, %s, %s, now(), 1)"
)


@pytest.fixture
def owner(database_clone) -> Iterator[psycopg.Connection[Any]]:
    """Whoever owns the tables and has switched their triggers off."""
    with database_clone.as_owner() as own:
        for table in ("ledger_transfer", "agreements_schedule", "agreements_agreement"):
            own.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        own.execute("SELECT ledger_add_quarter('2026-09-01')")
        yield own


def found() -> Found:
    breaks = ledger.proof(TODAY, lambda *_: None)["breaks"]
    return {(broken["what"], broken["expected"], broken["found"]) for broken in breaks}


@contextmanager
def listed(*whats: str) -> Iterator[None]:
    """Before, all ties; after what is done inside, at least these are listed."""
    assert found() == set()
    yield
    missing = set(whats) - {what for what, _, _ in found()}
    assert not missing, f"{missing} not in {found()}"


def running() -> Running:
    """Four instalments due, three paid by bank transfer."""
    made = new_agreement()
    made.dues(4)
    for month in (7, 8, 9):
        made.pay(298_05, date(2026, month, 10), Method.BANK_TRANSFER)
    return made


def settled() -> Running:
    made = new_agreement()
    entry = entries.settled_early(principal=12_000_00, interest=100_00)
    with transaction():
        operations.post(
            agreement_id=made.id, entry=entry, source=9, effective_on=date(2026, 6, 20), key="settled", actor=CLERK,
            at=AT, on=TODAY,
        )  # fmt: skip
    made.pay(12_100_00, date(2026, 6, 20), Method.BANK_TRANSFER)
    return made


@pytest.mark.parametrize("status", ["SETTLED", "COMPLETED", "CHARGED_OFF", "TERMINATED", "TRANSFERRED"])
def test_a_live_agreement_that_is_said_to_have_ended(owner, status: str):
    made = running()
    said = {"COMPLETED": "principal (1200) of an agreement that has ended"}
    with listed(said.get(status, "status without the event that makes it")):
        owner.execute("UPDATE agreements_standing SET status = %s WHERE agreement_id = %s", [status, made.id])


def test_a_settled_agreement_that_is_said_to_run(owner):
    made = settled()
    with listed("status: ended, though money or instalments are to come (or the reverse)"):
        owner.execute("UPDATE agreements_standing SET status = 'LIVE' WHERE agreement_id = %s", [made.id])


def test_the_whole_book_of_a_settled_agreement_is_gone(owner):
    made = settled()
    number = made.payments[0]
    with listed("paid out (1200) against the schedule", f"payment {number}: its transfers into clearing or bank"):
        owner.execute("DELETE FROM ledger_transfer WHERE book = %s", [made.id])


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("next_amount", 1, "next instalment: amount"),
        ("next_interest", 1, "next instalment: interest"),
        ("next_due", "2026-12-10", "next instalment: date"),
        ("next_number", 9, "next instalment: number"),
        ("paid_total", 1, "paid in all (standing) against 1250 and 2100"),
        ("due_total", 1, "due in all (standing) against the schedule"),
        ("principal_outstanding", 1, "principal (1200) against the standing"),
        ("arrears_since", "2026-10-11", "arrears since"),
        ("arrears_since", "9999-12-31", "arrears since"),
    ],
)
def test_a_standing_that_was_changed(owner, column: str, value: object, what: str):
    made = running()
    with listed(what):
        owner.execute(f"UPDATE agreements_standing SET {column} = %s WHERE agreement_id = %s", [value, made.id])


@pytest.mark.parametrize("column", ["due_total", "paid_total"])
def test_the_totals_of_an_agreement_that_has_ended(owner, column: str):
    made = settled()
    with listed():
        owner.execute(f"UPDATE agreements_standing SET {column} = 5 WHERE agreement_id = %s", [made.id])
    assert found()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("interest[2] = interest[2] - 1, principal[2] = principal[2] + 1", INTEREST),
        ("interest[1] = interest[1] - 1, interest[3] = interest[3] + 1", PLACED),
        ("principal[9] = principal[9] + 1", "paid out (1200) against the schedule"),
        ("first_due = '2026-07-11', due_day = 11", "date of the last instalment that fell due"),
        ("fees[9] = 5", "fees receivable (1220) against the schedule"),
    ],
)  # fmt: skip
def test_a_schedule_that_was_changed(owner, change: str, what: str):
    made = running()
    with listed(what):
        owner.execute(f"UPDATE agreements_schedule SET {change} WHERE agreement_id = %s".encode(), [made.id])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("SET amount = amount - 1", "its transfers into clearing or bank"),
        ("SET state = 'RETURNED', returned_on = '2026-10-01'", "its transfers back"),
        ("SET received_on = received_on - 1", "its day"),
        ("SET returned_on = '2026-10-01'", "the day it came back"),
    ],
)
def test_a_payment_that_was_changed(owner, change: str, what: str):
    number = running().payments[1]
    with listed(f"payment {number}: {what}"):
        owner.execute(f"UPDATE payments_payment {change} WHERE id = %s".encode(), [number])


def test_a_payment_without_its_row_or_with_one_too_many(owner):
    made = running()
    number = made.payments[1]
    with listed(f"transfers of a payment that is not there, number {number}"):
        owner.execute("DELETE FROM payments_payment WHERE id = %s", [number])


def test_a_payment_that_came_back_ties(owner):
    made = running()
    with listed(f"payment {made.payments[2]}: its transfers back"):
        made.bounce(made.payments[2], date(2026, 9, 14))
        assert found() == set()
        owner.execute("UPDATE payments_payment SET state = 'RECEIVED' WHERE id = %s", [made.payments[2]])


Seed = tuple[int, int, int]


@pytest.mark.parametrize(
    ("seed", "what"),
    [
        ((Event.INSTALMENT_DUE, 1250, 4010), "INSTALMENT_DUE from 4010 to 1250: no entry does that"),
        ((Event.PAYMENT_RECEIVED, 1000, 4000), "PAYMENT_RECEIVED from 4000 to 1000: no entry does that"),
        ((Event.REDERIVED, 1250, 7777), "REDERIVED from 7777 to 1250: no entry does that"),
        ((88, 1000, 1250), "event 88 from 1250 to 1000: no entry does that"),
    ],
)
def test_money_between_accounts_that_no_entry_joins(owner, seed: Seed, what: str):
    made = running()
    event, debit, credit = seed
    with listed(what):
        owner.execute(INSERT, [made.id, "2026-09-01", int(event), debit, credit, 5])
    said = ledger.words(ledger.proof(TODAY, lambda *_: None))
    assert ("in no chart of accounts" in said) == (credit == 7777)


@pytest.mark.parametrize("book", [-5, 0, 2**63 - 1, 10**8 + 3])
def test_a_book_that_is_nobodys(owner, book: int):
    with listed("books without an agreement"):
        owner.execute(INSERT, [book, "2026-09-01", int(Event.REFUNDED), 2100, 1000, 5])


def test_clearing_that_gave_what_it_never_got(owner):
    with listed("in clearing since 2026-11-16 or longer"):
        owner.execute(INSERT, [1, "2026-09-01", int(Event.CLEARING_SETTLED), 1000, 1020, 5])
    assert ("in clearing since 2026-11-16 or longer", 0, -5) in found()


def test_a_settlement_that_was_reversed_hides_nothing(owner):
    made = running()
    entry = entries.part_settled(principal=100_00)
    with transaction():
        operations.post(
            agreement_id=made.id, entry=entry, source=9, effective_on=date(2026, 9, 1), key="part", actor=CLERK, at=AT,
            on=TODAY,
        )  # fmt: skip
        operations.reverse(
            agreement_id=made.id, effective_on=date(2026, 9, 1), event=Event.PART_SETTLED, source=9, reason="not hers",
            key="back", actor=CLERK, at=AT, on=TODAY,
        )  # fmt: skip
    with listed("principal (1200) against the schedule", "principal (1200) against the standing"):
        owner.execute(INSERT, [made.id, "2026-09-02", int(Event.TAPE_ADJUSTMENT), 1200, 3000, 5])


@pytest.mark.parametrize("change", ["terms = '{}'", "product = 'PCP'", "agreed_on = '2020-01-01'", "reference = '1'"])
def test_what_was_signed_is_frozen_for_the_owner_too(database_clone, change: str):
    made = new_agreement()
    acts: list[Callable[[psycopg.Connection[Any]], object]] = [
        lambda own: own.execute(f"UPDATE agreements_agreement SET {change} WHERE id = %s".encode(), [made.id]),
        lambda own: own.execute("DELETE FROM agreements_agreement WHERE id = %s", [made.id]),
    ]
    for act in acts:
        with database_clone.as_owner() as own, pytest.raises(psycopg.Error, match="append-only"):
            act(own)
