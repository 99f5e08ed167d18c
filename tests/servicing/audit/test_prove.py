"""The proof: whatever somebody with the database in his hands does to a sealed log, it is named to the row."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from psycopg import Connection

from milepost.cli import audit as command, setup
from milepost.servicing.audit import formats, operations, queries
from milepost.servicing.audit.models import Block, Event
from tests.servicing.audit.rows import AT, write
from tests.support.database_clone import DatabaseClone

COLUMNS = "at, action, actor_kind, actor_user_id, actor_name, subject_kind, subject_id, reason, facts"
Tampering = Callable[[Connection, list[int]], object]


@pytest.fixture
def sealed(database_clone: DatabaseClone, monkeypatch) -> DatabaseClone:
    """Three blocks of four rows each, with a gap that a rolled-back transaction left in the second."""
    monkeypatch.setattr(operations, "ROWS_A_BLOCK", 4)
    write(5)
    with database_clone.as_owner() as owner:
        owner.execute("SELECT nextval('audit_event_id_seq')")
    write(7)
    operations.seal_settled(at=AT)
    assert queries.prove().fault is None
    return database_clone


def ids() -> list[int]:
    return list(Event.objects.order_by("id").values_list("id", flat=True))


def tamper(clone: DatabaseClone, act: Tampering) -> None:
    """As the owner, with every trigger out of the way."""
    before = ids()
    with clone.as_owner() as owner:
        for table in ("audit_event", "audit_block"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        act(owner, before)


def put_in(owner: Connection, number: int) -> None:
    owner.execute(
        f"INSERT INTO audit_event (id, {COLUMNS}) SELECT %s, {COLUMNS} FROM audit_event ORDER BY id LIMIT 1".encode(),
        [number],
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2026-11-22 09:30:15.123457+00'"), ("action", "'test.undone'"), ("actor_kind", "'AGENT'"),
        ("actor_user_id", "8"), ("actor_name", "'x'"), ("subject_kind", "'loan'"), ("subject_id", "99"),
        ("reason", "''"), ("facts", "facts || '{\"number\": 5.0}'"),
    ],
)  # fmt: skip
def test_a_changed_row(sealed: DatabaseClone, column: str, value: str):
    row = ids()[5]
    tamper(sealed, lambda owner, _: owner.execute(f"UPDATE audit_event SET {column} = {value} WHERE id = {row}"))
    assert str(queries.prove().fault) == f"block 2, row {row}: the row was changed after the block was sealed"


@pytest.mark.parametrize(("place", "block"), [(0, 1), (6, 2), (11, 3)])
def test_a_row_that_is_gone(sealed: DatabaseClone, place: int, block: int):
    row = ids()[place]
    tamper(sealed, lambda owner, _: owner.execute("DELETE FROM audit_event WHERE id = %s", [row]))
    assert str(queries.prove().fault) == f"block {block}, row {row}: the row is gone"


def test_the_first_fault_of_many_is_named(sealed: DatabaseClone):
    everything = ids()
    tamper(sealed, lambda owner, _: owner.execute("DELETE FROM audit_event WHERE id >= %s", [everything[2]]))
    fault = queries.prove().fault
    assert fault == queries.Fault(1, everything[2], "the row is gone")


def test_a_row_slipped_into_a_gap(sealed: DatabaseClone):
    gap = ids()[4] + 1
    assert gap not in ids()
    tamper(sealed, lambda owner, _: put_in(owner, gap))
    assert str(queries.prove().fault) == f"block 2, row {gap}: the row was put in after the block was sealed"


def test_the_application_cannot_slip_one_in_unseen_either(sealed: DatabaseClone):
    gap = ids()[4] + 1
    first = Event.objects.order_by("id").first()
    assert first is not None
    first.id = gap
    first.save(force_insert=True)
    assert operations.seal_settled(at=AT) == 0
    fault = queries.prove().fault
    assert fault is not None
    assert fault.row == gap


@pytest.mark.parametrize("number", [0, -5, 10**9])
def test_a_row_under_a_number_never_given_out(sealed: DatabaseClone, number: int):
    tamper(sealed, lambda owner, _: put_in(owner, number))
    fault = queries.prove().fault
    assert fault is not None
    assert fault.row == number


def test_the_same_before_anything_is_sealed(database_clone: DatabaseClone):
    write(1)
    tamper(database_clone, lambda owner, _: put_in(owner, -3))
    assert str(queries.prove().fault) == "row -3: the row has a number that the log never gives out"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM audit_block WHERE number = 2", "block 2: the block is gone"),
        ("DELETE FROM audit_block WHERE number = 1", "block 1: the block is gone"),
        ("UPDATE audit_block SET sealed_at = now() WHERE number = 2", "block 2: the block itself was changed"),
        ("UPDATE audit_block SET rows = 3 WHERE number = 3", "block 3: the block itself was changed"),
        ("UPDATE audit_block SET hash = repeat('a', 64) WHERE number = 3", "block 3: the block itself was changed"),
        ("UPDATE audit_block SET previous = repeat('a', 64) WHERE number = 2", "block 2: it does not follow"),
        ("UPDATE audit_block SET seals = substr(seals, 41), rows = 3 WHERE number = 1", "block 1: the block itself"),
    ],
)
def test_a_block_tampered_with(sealed: DatabaseClone, statement: str, words: str):
    tamper(sealed, lambda owner, _: owner.execute(statement.encode()))
    assert str(queries.prove().fault).startswith(words)


def seal_anew(owner: Connection, number: int, previous: str | None = None) -> str:
    """What somebody does who knows how blocks are made: the block's own seals and hash fit its rows again."""
    block = Block.objects.get(number=number)
    rows = queries.rows(after=block.first_id - 1, up_to=block.last_id, limit=99)
    seals = b"".join(map(formats.seal_of, rows))
    previous = previous or block.previous
    made = formats.hash_of(
        number=number, first_id=block.first_id, last_id=block.last_id, previous=previous, sealed_at=block.sealed_at,
        seals=seals,
    )  # fmt: skip
    owner.execute(
        "UPDATE audit_block SET seals = %s, hash = %s, previous = %s, rows = %s WHERE number = %s",
        [seals, made, previous, len(rows), number],
    )
    return made


def test_a_chain_made_anew_in_part(sealed: DatabaseClone):
    def act(owner: Connection, rows: list[int]) -> None:
        owner.execute("DELETE FROM audit_event WHERE id = %s", [rows[1]])
        seal_anew(owner, 2, seal_anew(owner, 1))

    tamper(sealed, act)
    assert str(queries.prove().fault) == "block 3: it does not follow the block before it"


def test_a_chain_made_anew_as_a_whole_shows_against_a_kept_head(sealed: DatabaseClone):
    kept = queries.head()

    def act(owner: Connection, rows: list[int]) -> None:
        owner.execute("UPDATE audit_event SET reason = 'None' WHERE id = %s", [rows[5]])
        seal_anew(owner, 3, seal_anew(owner, 2))

    tamper(sealed, act)
    assert queries.prove().fault is None
    assert str(queries.prove(kept).fault) == "block 3: its hash is not the one that was kept"


def test_an_end_cut_off_shows_against_a_kept_head(sealed: DatabaseClone):
    kept = queries.head()

    def act(owner: Connection, rows: list[int]) -> None:
        owner.execute("DELETE FROM audit_block WHERE number = 3")
        owner.execute("DELETE FROM audit_event WHERE id >= %s", [rows[8]])

    tamper(sealed, act)
    assert queries.prove().fault is None
    assert str(queries.prove(kept).fault) == "block 3: the block that was kept is gone, with those after it"


def test_the_commands(sealed: DatabaseClone, monkeypatch):
    monkeypatch.setattr(setup, "installation", lambda: None)
    run = CliRunner().invoke
    head = run(command.command, ["head"]).output.strip()
    write(2)
    told = run(command.command, ["verify", "--head", head])
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "3 blocks and 12 sealed rows looked at.",
        "2 rows wait for a block, the oldest since 2026-11-22 09:30 UTC.",
        "The log is as it was written.",
    ]
    assert run(command.command, ["seal"]).output == "2 rows sealed. The last block is 4.\n"
    assert run(command.command, ["verify", "--head", "nonsense"]).exit_code == 2
    row = ids()[5]
    tamper(sealed, lambda owner, _: owner.execute("DELETE FROM audit_event WHERE id = %s", [row]))
    told = run(command.command, ["verify"])
    assert told.exit_code == 1
    assert f"The log is not as it was written. Block 2, row {row}: the row is gone." in told.output


def test_no_head_before_the_first_block(db, monkeypatch):
    monkeypatch.setattr(setup, "installation", lambda: None)
    told = CliRunner().invoke(command.command, ["head"])
    assert told.exit_code == 1
    assert "milepost audit seal" in told.output
