"""One stretch of a book: all of it or nothing."""

import struct

import pytest

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.models import Agreement
from milepost.servicing.ledger.models import Transfer
from milepost.servicing.payments.models import Payment
from milepost.servicing.tapes.formats import mapping
from milepost.servicing.tapes.formats.source import Source
from milepost.servicing.tapes.models import Tape
from milepost.servicing.tapes.operations import stage_rows, take_in_chunk
from milepost.servicing.tapes.operations.follow_balances import Reporting
from milepost.servicing.tapes.operations.write_agreements import Context
from milepost.servicing.tapes.states import Outcome, TapeState
from tests.support.tapes import AT, PRIYA, TODAY, Tapes, payment


@pytest.fixture
def staged(tapes: Tapes):
    """Two agreements laid out, and what taking them in needs to know."""
    form = mapping.named("milepost")
    book = tapes.written("book.csv", [PRIYA, {**PRIYA, "agreement": "7034121007"}])
    movements = tapes.written("movements.csv", [payment(PRIYA["agreement"], "2025-03-14", "363.30")])
    tape = Tape.objects.create(
        content_hash="", format="milepost", as_of=TODAY, book_name="book.csv", state=TapeState.RUNNING, started_at=AT
    )
    with transaction():
        stage_rows.create_tables()
        columns = stage_rows.stage_book(source=Source(book), form=form, on=TODAY, watch=lambda *_: None).columns
        moved = stage_rows.stage_movements(source=Source(movements), form=form, on=TODAY, watch=lambda *_: None).columns
        stage_rows.find_faults(columns=columns, has_movements=True)
    reporting = Reporting(TODAY, TODAY, months_only=False, country="GB", today=TODAY)
    reader = take_in_chunk.Reader(form, columns, moved, "GBP", reporting)
    return reader, Context(tape.id, TODAY, AT, Actor.system("import"), 1, "GB", dry_run=False)


def test_a_chunk_takes_in_its_own_stretch_alone(staged):
    reader, context = staged
    with transaction():
        chunk = take_in_chunk.take_in_chunk(first=0, last=1, reader=reader, context=context)
    assert chunk.tally.rows == {Outcome.IMPORTED: 1}
    assert list(Agreement.objects.values_list("reference", flat=True)) == [PRIYA["agreement"]]


def test_a_chunk_that_fails_leaves_nothing(staged):
    reader, context = staged
    context.policy_version = 1_000_000  # does not fit: the transfers, written last, are refused
    with pytest.raises(struct.error), transaction():
        take_in_chunk.take_in_chunk(first=0, last=2, reader=reader, context=context)
    assert not Agreement.objects.exists()
    assert not Payment.objects.exists()
    assert not Transfer.objects.exists()


def test_a_chunk_runs_only_as_part_of_an_import(staged):
    reader, context = staged
    with pytest.raises(InvariantBroken, match="must run inside transaction"):
        take_in_chunk.take_in_chunk(first=0, last=2, reader=reader, context=context)
