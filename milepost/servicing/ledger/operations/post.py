"""The only writer of transfers. Posting is insert and nothing else: the role may not update, a trigger refuses."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from django.db import IntegrityError, connection

from milepost.finance.calendars import add_months
from milepost.finance.entries import Entry
from milepost.plumbing.copying import copy_packed
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import in_transaction

COLUMNS = (
    "book", "effective_on", "event", "source", "line", "debit", "credit", "amount", "recorded_at", "policy_version",
)  # fmt: skip
Row = tuple[int, date, int, int, int, int, int, int, datetime, int]


def rows(
    *, book: int, entry: Entry, source: int, effective_on: date, recorded_at: datetime, policy_version: int
) -> list[Row]:
    """An entry as rows of one book: a line for each transfer. `source` numbers what caused it."""
    return [
        (book, effective_on, entry.event.value, source, line, transfer.debit, transfer.credit, transfer.amount,
         recorded_at, policy_version)
        for line, transfer in enumerate(entry.transfers, 1)
    ]  # fmt: skip


class AlreadyPosted(InvariantBroken):
    """This event of this book, with this source, is in the ledger already: posting is never repeated."""


class Booked(NamedTuple):
    """An entry of one book, for posting many at once."""

    book: int
    entry: Entry
    source: int
    effective_on: date


@in_transaction
def post(
    *, book: int, entry: Entry, source: int, effective_on: date, recorded_at: datetime, policy_version: int
) -> int:
    """Post one entry, making the partition of its quarter where there is none. Answers how many transfers.

    Raises AlreadyPosted when this event with this source is in this book on this date.
    """
    posted = rows(
        book=book, entry=entry, source=source, effective_on=effective_on, recorded_at=recorded_at,
        policy_version=policy_version,
    )  # fmt: skip
    if not posted:
        return 0
    one = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    with _once(f"{entry.event.name} {source} of book {book} on {effective_on}"), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_add_quarter(%s)", [effective_on])
        cursor.execute(
            f"INSERT INTO ledger_transfer ({', '.join(COLUMNS)}) VALUES {', '.join([one] * len(posted))}",
            [value for row in posted for value in row],
        )
    return len(posted)


@in_transaction
def post_many(*, entries: Iterable[Booked], recorded_at: datetime, policy_version: int) -> int:
    """Post many entries by COPY, best in the order of their books. Their quarters must exist: `ensure_quarters`.

    Answers how many transfers. Raises AlreadyPosted where one of them is in the ledger; then none is posted.
    """
    with _once("One of these entries"):
        return copy_packed(
            "ledger_transfer", COLUMNS, _packed_entries(entries, _microseconds(recorded_at), policy_version)
        )


@contextmanager
def _once(what: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "duplicate key" not in str(error):
            raise
        raise AlreadyPosted(f"{what} is posted already: {str(error).partition('DETAIL:')[2].strip()}") from error


def insert_transfers_sql(*, select: str) -> str:
    """For set-based steps: the statement that posts what `select` gives, its columns in the order of COLUMNS.

    It may be used on its own or as a data-modifying part of a WITH. The step sees to the quarters and the transaction.
    """
    return f"INSERT INTO ledger_transfer ({', '.join(COLUMNS)}) {select}"


@in_transaction
def copy_transfers(*, transfers: Iterable[Row]) -> int:
    """Post many transfers, in the order of their books. Answers how many.

    Raises IntegrityError when one of them was posted before: the key is (book, effective_on, event, source, line).
    """
    return copy_packed("ledger_transfer", COLUMNS, map(packed, transfers))


def _packed_entries(entries: Iterable[Booked], recorded: int, policy_version: int) -> Iterator[bytes]:
    """Rows in PostgreSQL's binary form, without the tuple between: this is where many entries spend their time."""
    pack, first = _ROW.pack, _FIRST_DAY
    for book, entry, source, effective_on in entries:
        day, event = effective_on.toordinal() - first, entry.event.value
        for line, transfer in enumerate(entry.transfers, 1):
            yield pack(
                10, 8, book, 4, day, 2, event, 8, source, 2, line, 2, transfer.debit, 2, transfer.credit, 8,
                transfer.amount, 8, recorded, 2, policy_version,
            )  # fmt: skip


_ROW = Struct("!h" + "iq" + "ii" + "ih" + "iq" + "ih" * 3 + "iq" * 2 + "ih")
"""PostgreSQL's binary form of one transfer: how many columns, then the width and the value of each."""
_FIRST_DAY, _FIRST_MOMENT = date(2000, 1, 1).toordinal(), datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def packed(row: Row) -> bytes:
    book, day, event, source, line, debit, credit, amount, recorded_at, policy_version = row
    return _ROW.pack(
        10, 8, book, 4, day.toordinal() - _FIRST_DAY, 2, event, 8, source, 2, line, 2, debit, 2, credit, 8, amount,
        8, _microseconds(recorded_at), 2, policy_version,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _microseconds(moment: datetime) -> int:
    return (moment - _FIRST_MOMENT) // _MICROSECOND


@in_transaction
def ensure_quarters(*, first: date, last: date) -> None:
    """Make the partitions for every quarter from one date to another."""
    day = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    with connection.cursor() as cursor:
        while day <= last:
            cursor.execute("SELECT ledger_add_quarter(%s)", [day])
            day = add_months(day, 3)
