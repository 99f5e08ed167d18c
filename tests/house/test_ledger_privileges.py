"""The ledger is append-only whatever Python does: the application may not change it, and a trigger stops its owner."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg import Connection, errors

from milepost.config import database_roles

COLUMNS = "book, effective_on, event, source, line, debit, credit, amount, recorded_at, policy_version"
ROW = "(1, '2026-11-22', 1, 1, 1, 1250, 1200, 100, '2026-11-22T09:00:00Z', 1)"
INSERT = f"INSERT INTO ledger_transfer ({COLUMNS}) VALUES {ROW}"
PARTITION = "ledger_transfer_2026q4"
REFUSED = (
    "UPDATE {table} SET amount = 1",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "DROP TABLE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN note text",
    "SELECT * FROM {table} FOR UPDATE",
    "INSERT INTO {table} (" + COLUMNS + ") VALUES " + ROW
    + " ON CONFLICT (book, effective_on, event, source, line) DO UPDATE SET amount = 2",
)  # fmt: skip


@pytest.fixture
def one_transfer(db) -> None:
    _run("SELECT ledger_add_quarter('2026-11-22')", INSERT)


@pytest.fixture
def owner(database_clone) -> Iterator[Connection]:
    with database_clone.as_owner() as connected:
        connected.execute("SELECT ledger_add_quarter('2026-11-22')")
        connected.execute(INSERT)
        yield connected


def test_the_application_adds_and_reads(one_transfer):
    assert _one("SELECT amount FROM ledger_transfer WHERE book = 1 AND effective_on = '2026-11-22'") == 100
    assert _one(f"SELECT count(*) FROM {PARTITION}") == 1


@pytest.mark.parametrize("table", ["ledger_transfer", PARTITION])
@pytest.mark.parametrize("statement", REFUSED)
def test_the_application_may_do_nothing_else(one_transfer, statement: str, table: str):
    with pytest.raises(ProgrammingError), transaction.atomic():
        _run(statement.format(table=table))
    assert _one("SELECT count(*) FROM ledger_transfer WHERE amount = 100") == 1


@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER TABLE ledger_transfer DETACH PARTITION {PARTITION}",
        "SET session_replication_role = replica",
        "SET ROLE milepost_owner",
        "CREATE TABLE mine (n int)",
        "UPDATE django_migrations SET name = 'x'",
        "DROP FUNCTION refuse_change() CASCADE",
    ],
)
def test_the_application_has_no_way_round(one_transfer, statement: str):
    with pytest.raises(DatabaseError), transaction.atomic():
        _run(statement)


def test_posting_twice_is_a_loud_error(one_transfer):
    with pytest.raises(DatabaseError, match="duplicate key"), transaction.atomic():
        _run(INSERT)


@pytest.mark.parametrize(
    "row",
    [
        "(1, '2026-11-22', 1, 2, 1, 1250, 1200, 0, now(), 1)",
        "(1, '2026-11-22', 1, 2, 1, 1250, 1200, -5, now(), 1)",
        "(1, '2026-11-22', 1, 2, 1, 1250, 1250, 100, now(), 1)",
    ],
    ids=["nothing", "negative", "to-itself"],
)
def test_a_transfer_moves_something_between_two_accounts(one_transfer, row: str):
    with pytest.raises(DatabaseError, match="violates check constraint"), transaction.atomic():
        _run(f"INSERT INTO ledger_transfer ({COLUMNS}) VALUES {row}")


@pytest.mark.parametrize("table", ["ledger_transfer", PARTITION])
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_even_the_owner_meets_the_trigger(owner: Connection, statement: str, table: str):
    with pytest.raises(errors.DatabaseError, match=r"append-only|never|not"):
        owner.execute(statement.format(table).encode())
    assert owner.execute("SELECT count(*) FROM ledger_transfer WHERE amount = 100").fetchone() == (1,)


def test_start_up_accepts_the_application_and_refuses_the_owner(db):
    database_roles.refuse_unsafe_role()
    assert _one("SELECT bool_or(has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE')) FROM unnest(%s::text[]) t", [
        ["ledger_transfer", "audit_event"]
    ]) is False  # fmt: skip


def test_start_up_refuses_a_role_that_owns_the_ledger(database_clone):
    with database_roles.as_owner(), pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database_roles.refuse_unsafe_role()


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _one(question: str, facts: list[list[str]] | None = None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question, facts)
        row = cursor.fetchone()
    return row[0] if row else None
