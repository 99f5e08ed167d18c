"""Sealing: whole spans, in a chain, without anybody waiting; and never ahead of a writer who has not ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from procrastinate.contrib.django import app

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import formats, operations, queries
from milepost.servicing.audit.models import Block, Event
from tests.servicing.audit.rows import AT, write
from tests.support.database_clone import DatabaseClone

SYSTEM = Actor.system("test")


def blocks() -> list[Block]:
    return list(Block.objects.order_by("number"))


def test_a_row_has_one_form(db):
    write(1, words="straße ✓", nothing=None, sum=12345678901234567890)
    (row,) = queries.rows(after=0, up_to=2**62, limit=9)
    assert row.facts == '{"sum": 12345678901234567890, "words": "straße ✓", "number": 0, "nothing": null}'
    seal = formats.seal_of(row)
    assert len(seal) == formats.SEAL
    assert formats.ids_in(seal) == {row.id: seal}
    assert formats.seal_of(row._replace(reason="Why not?")) != seal
    moved = row._replace(at=row.at.astimezone(tz=None))
    assert formats.seal_of(moved) == seal


def test_blocks_hold_every_row_and_follow_one_another(db, monkeypatch):
    monkeypatch.setattr(operations, "ROWS_A_BLOCK", 4)
    assert operations.seal_settled(at=AT) == 0
    write(10)
    assert operations.seal_settled(at=AT) == 10
    write(1)
    assert operations.seal_settled(at=AT + timedelta(minutes=3)) == 1
    made = blocks()
    assert [(block.number, block.rows) for block in made] == [(1, 4), (2, 4), (3, 2), (4, 1)]
    assert made[0].previous == formats.BEGINNING
    assert [block.previous for block in made[1:]] == [block.hash for block in made[:-1]]
    assert [block.first_id for block in made[1:]] == [block.last_id + 1 for block in made[:-1]]
    proof = queries.prove()
    assert (proof.blocks, proof.rows, proof.waiting, proof.fault) == (4, 11, 0, None)


def test_nothing_to_seal_makes_no_block(db):
    write(2)
    operations.seal_settled(at=AT)
    assert operations.seal_settled(at=AT) == 0
    assert len(blocks()) == 1


def test_the_worker_seals_by_itself(db):
    write(3)
    ((task, identity),) = [key for key in app.periodic_registry.periodic_tasks if key[0] == operations.seal.name]
    repeated = app.periodic_registry.periodic_tasks[task, identity]
    assert repeated.cron == "*/3 * * * *"
    repeated.task.func(timestamp=1795000000)
    assert queries.prove().rows == 3
    operations.seal(key="again", at=AT)
    assert len(blocks()) == 1


def test_the_application_only_adds_blocks(db):
    write()
    operations.seal_settled(at=AT)
    for statement in ("UPDATE audit_block SET rows = 2", "DELETE FROM audit_block", "TRUNCATE audit_block"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_late_writer_is_waited_for_and_holds_up_nobody(database_clone: DatabaseClone):
    """The lower id commits after the higher one: sealed too early, it would look slipped in for ever."""
    drawn, may_end = threading.Event(), threading.Event()

    def late() -> None:
        with transaction():
            operations.record("test.late", subject_kind="user", subject_id=1, actor=SYSTEM, at=AT)
            drawn.set()
            assert may_end.wait(20)

    def seal() -> int:
        drawn.wait(20)
        write(2)
        return operations.seal_settled(at=AT)

    def end() -> None:
        drawn.wait(20)
        limit = time.monotonic() + 10
        while Event.objects.count() < 2 and time.monotonic() < limit:
            time.sleep(0.02)
        time.sleep(0.3)
        assert Block.objects.count() == 0
        write(1)  # writers go on meanwhile
        may_end.set()

    results = database_clone.at_once(late, seal, end)
    assert results == [None, 3, None]
    assert Event.objects.order_by("id").first().action == "test.late"  # type: ignore[union-attr]
    assert operations.seal_settled(at=AT) == 1
    assert queries.prove().fault is None


def test_a_writer_who_does_not_end_leaves_it_to_the_next_run(database_clone: DatabaseClone, monkeypatch):
    monkeypatch.setattr(operations, "LOOKS", 2)
    write(2)
    with database_clone.as_owner() as other, other.transaction():
        other.execute(
            "INSERT INTO audit_event (at, action, actor_kind, actor_name, subject_kind, subject_id, reason, facts)"
            " VALUES (now(), 'test.slow', 'SYSTEM', '', 'user', 1, '', '{}')"
        )
        assert operations.seal_settled(at=AT) == 0
    assert operations.seal_settled(at=AT) == 3


def test_what_was_rolled_back_leaves_a_gap_that_stays_empty(db):
    def lose_one() -> None:
        with transaction():
            operations.record("test.lost", subject_kind="user", subject_id=1, actor=SYSTEM, at=AT)
            raise ZeroDivisionError

    write(1)
    with pytest.raises(ZeroDivisionError):
        lose_one()
    write(1)
    assert operations.seal_settled(at=AT) == 2
    (block,) = blocks()
    assert len(range(block.first_id, block.last_id + 1)) > block.rows
    assert queries.prove().fault is None


def test_forty_writers_and_two_sealers(database_clone: DatabaseClone, monkeypatch):
    monkeypatch.setattr(operations, "ROWS_A_BLOCK", 25)
    done = threading.Event()

    def seal() -> int:
        total = 0
        while not done.is_set():
            total += operations.seal_settled(at=AT)
        return total

    def writers() -> None:
        try:
            results = database_clone.at_once(*[lambda: write(10)] * 40)
            assert results == [None] * 40
        finally:
            done.set()

    first, second, ended = database_clone.at_once(seal, seal, writers)
    assert ended is None
    assert isinstance(first, int)
    assert isinstance(second, int)
    rest = operations.seal_settled(at=AT)
    assert first + second + rest == Event.objects.count() == 400
    proof = queries.prove()
    assert (proof.rows, proof.waiting, proof.fault) == (400, 0, None)
    assert [block.number for block in blocks()] == list(range(1, proof.blocks + 1))


def test_a_killed_sealer_leaves_whole_blocks(database_clone: DatabaseClone):
    write(300)
    words = (
        "from milepost.cli import setup; setup.django(); from datetime import UTC, datetime\n"
        "from milepost.servicing.audit import operations; operations.ROWS_A_BLOCK = 1\n"
        "operations.seal_settled(at=datetime.now(UTC))"
    )
    environment = {**os.environ, **database_clone.environment()}
    sealer = subprocess.Popen([sys.executable, "-c", words], env=environment)
    limit = time.monotonic() + 30
    while Block.objects.count() < 3 and time.monotonic() < limit:
        time.sleep(0.01)
    sealer.send_signal(signal.SIGKILL)
    sealer.wait()
    sealed = Block.objects.count()
    assert 3 <= sealed < 300
    assert queries.prove().fault is None
    limit = time.monotonic() + 10
    total = 0
    while not total and time.monotonic() < limit:  # the dead sealer's lock goes with its connection
        total = operations.seal_settled(at=AT)
    assert Event.objects.count() == queries.prove().rows == 300
