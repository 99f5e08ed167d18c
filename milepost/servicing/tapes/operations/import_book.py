"""A whole book goes in: read, checked, taken in chunk by chunk, reconciled. Nothing is dropped in silence."""

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from django.db import connection

from milepost.plumbing import formats
from milepost.plumbing.actor import Actor
from milepost.plumbing.copying import copy_rows
from milepost.plumbing.errors import Refusal
from milepost.plumbing.lender import current as lender
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.tapes.formats import values
from milepost.servicing.tapes.formats.source import Source, Unusable
from milepost.servicing.tapes.models import Chunk, Tape
from milepost.servicing.tapes.operations import find_last_day, reject_orphans, stage_rows, write_rejects, write_report
from milepost.servicing.tapes.operations.follow_balances import Reporting
from milepost.servicing.tapes.operations.order import Order
from milepost.servicing.tapes.operations.reconcile import Report
from milepost.servicing.tapes.operations.stage_rows import StagedFile, Watch
from milepost.servicing.tapes.operations.take_in_chunk import Chunk as Taken, Reader, take_in_chunk
from milepost.servicing.tapes.operations.tally import Tally
from milepost.servicing.tapes.operations.write_agreements import Context
from milepost.servicing.tapes.states import FileKind, TapeState

CHUNK = 500
"""Agreements in one transaction."""
LOCK = 7_246_001
REJECTION = ("tape_id", "file", "line", "reference", "column", "value", "reason", "cells")
FINDING = ("tape_id", "reference", "line", "on", "kind", "amount", "reason")


class WrongCurrency(Refusal):
    code = "wrong-currency"
    sentence = "The tape is in another currency than this lender's."


class AfterToday(Refusal):
    code = "after-today"
    sentence = "A tape cannot be the truth up to a day that is still to come."


class AnotherImportRuns(Refusal):
    code = "another-import-runs"
    sentence = "Another import is running in this database. Wait for it to end, then start this one again."


class FileUnusable(Refusal):
    code = "file-unusable"
    sentence = "The file cannot be used."


def import_book(
    *, order: Order, actor: Actor, at: datetime, on: date, watch: Watch, clock: Callable[[], datetime]
) -> Report:
    """Take in a book and its movements; answer the reconciliation report, which is also written as a file.

    Commits chunk by chunk; after a crash, the same order goes on where it stopped. The same content again changes
    nothing. Raises WrongCurrency, AfterToday, AnotherImportRuns or FileUnusable before anything of the book is
    written. `on` is the lender's date; `clock` measures how long it took.
    """
    currency = lender().currency
    if order.form.currency and order.form.currency != currency:
        raise WrongCurrency(
            f"{order.form.title or order.form.name} is in {order.form.currency}, and this lender's books are in "
            f"{currency}. "
            f'Import it into an installation whose lender.toml says currency = "{order.form.currency}".'
        )
    if order.as_of and order.as_of > on:
        raise AfterToday(
            f"The tape cannot be the truth up to {formats.day(order.as_of)}: that is after the lender's date, "
            f"{formats.day(on)}. Name a day on or before it, or none, and the last movement is taken."
        )
    with _only_one(), _patient_collector():
        try:
            book, movements = _stage(order, on, watch)
        except Unusable as error:
            write_rejects.write_unusable(order.book, order.out, error)
            raise FileUnusable(str(error)) from error
        return _take_in(order, book, movements, actor, at, on, watch, clock)


def _stage(order: Order, on: date, watch: Watch) -> tuple[StagedFile, StagedFile | None]:
    """Both files into temporary tables."""
    with transaction():
        stage_rows.create_tables()
        source = Source(order.book, order.form.encoding)
        book = stage_rows.stage_book(source=source, form=order.form, on=on, watch=watch)
        movements = None
        if order.movements:
            source = Source(order.movements, order.form.encoding)
            movements = stage_rows.stage_movements(source=source, form=order.form, on=on, watch=watch)
        stage_rows.find_faults(columns=book.columns, has_movements=movements is not None)
    return book, movements


def _take_in(
    order: Order, book: StagedFile, movements: StagedFile | None, actor: Actor, at: datetime, on: date, watch: Watch,
    clock: Callable[[], datetime],
) -> Report:  # fmt: skip
    began = clock()
    movement_columns = movements.columns if movements else None
    months_only = any(field.name == "agreed_on" and field.read is values.month for field in order.form.book)
    until = order.as_of or on
    reader = Reader(
        order.form, book.columns, movement_columns, lender().currency,
        Reporting(until, until, months_only, lender().country, on), order.as_of is not None,
    )  # fmt: skip
    tape, done = _begun(order, book, movements)
    context = Context(tape.id if tape else 0, until, at, actor, 0, lender().country, order.dry_run)
    last = tape.as_of if tape and not order.as_of else find_last_day.find_last_day(
        reader=reader, context=context, until=until
    )  # fmt: skip
    as_of = order.as_of or last or on
    reader.reporting = replace(reader.reporting, as_of=as_of, last_month=last or as_of)
    context.as_of, context.policy_version = as_of, lender().policy(as_of).version
    if not (tape or order.dry_run):
        context.tape_id = _open_tape(order, book, movements, as_of, at)
    tape_id = context.tape_id
    total = Tally()
    for tally in done.values():
        total.update(tally)
    rejects = write_rejects.Rejects(
        order.book, order.movements, order.out,
        {FileKind.BOOK: book.columns, FileKind.MOVEMENTS: movement_columns},
    )  # fmt: skip
    numbers = range((book.rows + CHUNK - 1) // CHUNK)
    for number in numbers:
        watch("Taking in agreements", number * CHUNK, book.rows)
        if number not in done:
            total.update(_one_chunk(number, reader, context, rejects))
            gc.collect()
    watch("Taking in agreements", book.rows, book.rows)
    orphans = reject_orphans.orphans(movement_columns)
    with transaction():
        total.movements.update(orphans.counts)
        stage_rows.drop_tables()
        if not order.dry_run:
            copy_rows("tapes_rejection", REJECTION, ((tape_id, *rejection) for rejection in orphans.rejections))
            Tape.objects.filter(id=tape_id).update(state=TapeState.DONE, finished_at=clock())
            audit.record(
                "tape.taken_in", subject_kind="tape", subject_id=tape_id, actor=actor, at=at, rows=dict(total.rows),
                format=order.form.name, as_of=as_of.isoformat(),
            )  # fmt: skip
    rejects.add(orphans.rejections)
    rejects.write(None if order.dry_run else tape_id)
    return write_report.write(
        order=order, tape_id=tape_id, as_of=as_of, total=total, read=(book.rows, movements.rows if movements else 0),
        seconds=(clock() - began).total_seconds(), resumed=len(done), rejects=rejects, found=context.findings,
    )  # fmt: skip


def _one_chunk(number: int, reader: Reader, context: Context, rejects: write_rejects.Rejects) -> Tally:
    """One transaction: the chunk's agreements, its rejects and findings, and the mark that it is done."""
    with transaction():
        chunk: Taken = take_in_chunk(first=number * CHUNK, last=(number + 1) * CHUNK, reader=reader, context=context)
        if context.dry_run:
            rejects.add(chunk.rejections)
            context.findings += chunk.findings[: max(0, 2_000 - len(context.findings))]
            return chunk.tally
        copy_rows("tapes_rejection", REJECTION, ((context.tape_id, *rejection) for rejection in chunk.rejections))
        copy_rows(
            "tapes_finding", FINDING, ((context.tape_id, reference, *found) for reference, found in chunk.findings)
        )
        Chunk.objects.create(tape_id=context.tape_id, number=number, tally=chunk.tally.frozen())
    return chunk.tally


def _content(order: Order, book: StagedFile, movements: StagedFile | None) -> str:
    """The fingerprint of everything that the import is made from."""
    day = order.as_of.isoformat() if order.as_of else ""
    parts = (book.content_hash, movements.content_hash if movements else "", order.form.signature, str(CHUNK), day)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _begun(order: Order, book: StagedFile, movements: StagedFile | None) -> tuple[Tape | None, dict[int, Tally]]:
    """The tape of this order that was begun and not ended, with the chunks of it that are done."""
    content = _content(order, book, movements)
    tape = None if order.dry_run else Tape.objects.filter(content_hash=content, state=TapeState.RUNNING).first()
    if tape is None:
        return None, {}
    chunks = Chunk.objects.filter(tape_id=tape.id).order_by("number")
    return tape, {chunk.number: Tally.thawed(chunk.tally) for chunk in chunks}


def _open_tape(order: Order, book: StagedFile, movements: StagedFile | None, as_of: date, at: datetime) -> int:
    """A tape to write under."""
    with transaction():
        tape = Tape.objects.create(
            content_hash=_content(order, book, movements), format=order.form.name[:40], as_of=as_of,
            book_name=order.book.name[:255], movements_name=order.movements.name[:255] if order.movements else "",
            state=TapeState.RUNNING, started_at=at,
        )  # fmt: skip
    return tape.id


@contextmanager
def _only_one() -> Iterator[None]:
    """One import at a time in one database; the lock dies with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise AnotherImportRuns
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _patient_collector() -> Iterator[None]:
    """So many rows make Python look for cycles that are not there, a fifth of the time: once a chunk will do."""
    was_enabled = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
