"""Laying out the rows of a tape in two temporary tables, so that a book of any size can be taken in chunk by chunk.

Temporary: they vanish with the connection, hold personal data no longer than the import runs, and write no log.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from milepost.plumbing.copying import copy_rows
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.tapes.formats import elements, mapping, tables
from milepost.servicing.tapes.formats.source import Source, Unusable
from milepost.servicing.tapes.formats.values import Unreadable, unguarded

SEPARATOR = "\x1f"
MOST_MOVEMENTS = 1_200
"""A hundred years of months: more rows for one agreement are a fault of the file."""
EVERY = 5_000

Watch = Callable[[str, int, int], None]
"""Told what is being done, how far it is and how far it goes."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """What was read from one file."""

    columns: mapping.Columns
    content_hash: str
    rows: int


@in_transaction
def create_tables() -> None:
    """Empty temporary tables for one import."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS tape_book, tape_movement, tape_last_day")
        cursor.execute(
            """
            CREATE TEMPORARY TABLE tape_book
                (place bigint, line bigint, reference text, fault_column text, fault text, cells text, day date,
                 again boolean NOT NULL DEFAULT false)
            """
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE tape_movement (line bigint, reference text, fault text, cells text, day date)"
        )


@in_transaction
def drop_tables() -> None:
    """Personal data stays no longer than needed."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS tape_book, tape_movement, tape_last_day")


@in_transaction
def stage_book(*, source: Source, form: mapping.Format, on: date, watch: Watch) -> StagedFile:
    """Read the whole book into tape_book. Raises Unusable where the file is not one. `on` is the lender's date."""
    if source.path.name.removesuffix(".gz").casefold().endswith(".xml"):
        known = [field.columns[0] for field in form.book if field.columns]
        header, rows = elements.read(source, known)
    else:
        header, rows = tables.read(source)
    columns = mapping.bind(form.book, header, form.missing, source.path.name)
    counted = _Counted(source, rows, columns, "period_end", on, watch)
    needed = columns.column("reference")
    copy_rows(
        "tape_book",
        ("place", "line", "reference", "fault_column", "fault", "cells", "day"),
        (
            (
                place, row.line, reference, "" if row.fault or reference else needed,
                row.fault or ("" if reference else "is needed and missing"), cells, day,
            )
            for place, (row, reference, cells, day) in enumerate(counted)
        ),
    )  # fmt: skip
    if not counted.rows:
        raise Unusable(f"{source.path.name} has a header but no rows.", 1)
    return StagedFile(columns, source.content_hash, counted.rows)


@in_transaction
def stage_movements(*, source: Source, form: mapping.Format, on: date, watch: Watch) -> StagedFile:
    """Read the history into tape_movement. Raises Unusable where the file is not one. `on` is the lender's date."""
    header, rows = tables.read(source)
    columns = mapping.bind(form.movements, header, form.missing, source.path.name)
    counted = _Counted(source, rows, columns, form.dated, on, watch)
    copy_rows(
        "tape_movement",
        ("line", "reference", "fault", "cells", "day"),
        ((row.line, reference, row.fault, cells, day) for row, reference, cells, day in counted),
    )
    return StagedFile(columns, source.content_hash, counted.rows)


class _Counted:
    """The rows of a file on their way into a table: counted, watched, each with its date."""

    def __init__(
        self, source: Source, rows: Iterator[tables.Row], columns: mapping.Columns, dated: str, on: date, watch: Watch
    ) -> None:
        self.source, self.source_rows, self.columns, self.watch, self.on = source, rows, columns, watch, on
        self.words = f"Reading {source.path.name}"
        self.rows = 0
        self.dated = next((field for field in columns.fields if field.name == dated), None)

    def __iter__(self) -> Iterator[tuple[tables.Row, str, str, date | None]]:
        size = max(1, self.source.path.stat().st_size)
        reference, seen = self.columns.reference, ""
        day: date | None = None
        width = len(self.columns.header)
        for row in self.source_rows:
            self.rows += 1
            if self.rows % EVERY == 0:
                self.watch(self.words, min(self.source.raw.file.tell(), size), size)
            if self.dated and not row.fault:
                cell = row.cells[self.dated.place]
                if cell != seen:  # dates come in runs
                    seen, day = cell, self._day(self.dated, cell)
            whole = not row.fault or len(row.cells) == width
            yield row, reference(row.cells) if whole else "", SEPARATOR.join(row.cells), day
        self.watch(self.words, size, size)

    def _day(self, dated: mapping.Bound, cell: str) -> date | None:
        """A row's date; nothing where there is none that can be, for such a row is rejected when its turn comes."""
        try:
            day: date = dated.read(unguarded(cell), dated.options)
        except (Unreadable, ValueError, ArithmeticError):
            return None
        return day if day <= self.on else None


@in_transaction
def find_faults(*, columns: mapping.Columns, has_movements: bool) -> None:
    """Mark in the book the numbers that stand twice and the histories that are too long; prepare for reading.

    Of the rows of one number, the sound one (else the first) has the movements: they are counted once.
    """
    number = columns.column("reference")
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX ON tape_book (place)")
        cursor.execute("CREATE INDEX ON tape_book (reference)")
        cursor.execute("ANALYZE tape_book")
        cursor.execute(
            """
            UPDATE tape_book AS b SET fault_column = %s, fault = CASE
                WHEN d.kinds = 1 THEN 'stands twice: the row is the same as on line ' || d.first_line
                ELSE 'stands on ' || d.times || ' lines with different figures, first on line ' || d.first_line
                     || '; keep the right one' END
            FROM (SELECT reference, min(place) AS first_place, min(line) AS first_line, count(*) AS times,
                         count(DISTINCT cells) AS kinds
                  FROM tape_book WHERE fault = '' GROUP BY reference HAVING count(*) > 1) AS d
            WHERE b.reference = d.reference AND b.fault = '' AND (d.kinds > 1 OR b.place <> d.first_place)
            """,
            [number],
        )
        cursor.execute(
            """
            UPDATE tape_book AS b SET again = true
            FROM (SELECT reference, (array_agg(place ORDER BY fault <> '', place))[1] AS owner
                  FROM tape_book WHERE reference <> '' GROUP BY reference HAVING count(*) > 1) AS d
            WHERE b.reference = d.reference AND b.place <> d.owner
            """
        )
        if not has_movements:
            return
        cursor.execute("CREATE INDEX ON tape_movement (reference)")
        cursor.execute("ANALYZE tape_movement")
        cursor.execute(
            """
            UPDATE tape_book AS b SET fault_column = %s,
                   fault = 'has ' || d.times || ' movements; at most ' || %s || ' can be'
            FROM (SELECT reference, count(*) AS times FROM tape_movement GROUP BY reference HAVING count(*) > %s) AS d
            WHERE b.reference = d.reference AND b.fault = ''
            """,
            [number, MOST_MOVEMENTS, MOST_MOVEMENTS],
        )


BookRow = tuple[int, str, str, str, str, bool]
MovementRow = tuple[int, str, str]


def book_rows(first: int, last: int) -> list[BookRow]:
    """line, reference, fault column, fault, cells and whether another row has the movements, of a stretch of places."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line, reference, fault_column, fault, cells, again FROM tape_book
            WHERE place >= %s AND place < %s ORDER BY place
            """,
            [first, last],
        )
        rows: list[BookRow] = cursor.fetchall()
    return rows


def book_rows_at(places: list[int]) -> list[BookRow]:
    """The same of single places."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line, reference, fault_column, fault, cells, again FROM tape_book
            WHERE place = ANY(%s) ORDER BY place
            """,
            [places],
        )
        rows: list[BookRow] = cursor.fetchall()
    return rows


def movement_rows(references: list[str]) -> dict[str, list[MovementRow]]:
    """line, fault and cells of these agreements' movements, in the order of the file."""
    found: dict[str, list[MovementRow]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference, line, fault, cells FROM tape_movement WHERE reference = ANY(%s) ORDER BY line",
            [references],
        )
        for reference, line, fault, cells in cursor.fetchall():
            found.setdefault(reference, []).append((line, fault, cells))
    return found
