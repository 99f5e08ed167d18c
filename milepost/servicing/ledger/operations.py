"""The only writer of transfers. Posting is insert and nothing else: the role may not update, a trigger refuses."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from struct import Struct

from django.db import connection

from milepost.finance.calendars import add_months
from milepost.finance.entries import Entry
from milepost.plumbing.copying import copy_packed
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


@in_transaction
def copy_transfers(*, transfers: Iterable[Row]) -> int:
    """Post many transfers, in the order of their books. Answers how many.

    Raises IntegrityError when one of them was posted before: the key is (book, effective_on, event, source, line).
    """
    return copy_packed("ledger_transfer", COLUMNS, map(_packed, transfers))


_ROW = Struct("!h" + "iq" + "ii" + "ih" + "iq" + "ih" * 3 + "iq" * 2 + "ih")
"""PostgreSQL's binary form of one transfer: how many columns, then the width and the value of each."""
_FIRST_DAY, _FIRST_MOMENT = date(2000, 1, 1).toordinal(), datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _packed(row: Row) -> bytes:
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
