"""What the transfers say. Every read names its books and bounds its dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Event

BEGINNING = date(1900, 1, 1)
MONEY_IN = (Event.PAYMENT_RECEIVED, Event.PAYMENT_RETURNED, Event.IMPORTED_MOVEMENT)


def balances(book: int, *, on: date = FOREVER) -> dict[int, int]:
    """Each account's balance in one book at the end of a day: debit balances positive, those at zero left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account, sum(amount)::bigint FROM (
                SELECT debit AS account, amount FROM ledger_transfer WHERE book = %s AND effective_on <= %s
                UNION ALL
                SELECT credit, -amount FROM ledger_transfer WHERE book = %s AND effective_on <= %s
            ) sides GROUP BY account HAVING sum(amount) <> 0 ORDER BY account
            """,
            [book, on, book, on],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One transfer of a movement, for saying where a payment went."""

    source: int
    event: Event
    debit: int
    credit: int
    amount: int


def lines_of_movements(book: int, *, since: date, until: date) -> list[SourceLine]:
    """The transfers behind the movements of money of one book between two dates."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT source, event, debit, credit, amount FROM ledger_transfer
            WHERE book = %s AND effective_on BETWEEN %s AND %s AND event = ANY(%s)
            ORDER BY effective_on, event, source, line
            """,
            [book, since, until, [event.value for event in MONEY_IN]],
        )
        return [
            SourceLine(source, Event(event), debit, credit, amount)
            for source, event, debit, credit, amount in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class AccountOfBooks:
    """One account over many books: each book's balance, and by how much all of them together moved in each month."""

    balances: dict[int, int]
    changes: dict[str, int]
    """By YYYY-MM."""


def account_of_books(account: int, books: Collection[int], *, on: date) -> AccountOfBooks:
    """What one account holds in each of these books at the end of a day; positive is a debit balance."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT book, to_char(month, 'YYYY-MM'), sum(amount)::bigint FROM (
                SELECT book, date_trunc('month', effective_on) AS month,
                       CASE WHEN debit = %s THEN amount ELSE -amount END AS amount
                -- Book by book through the key: while a book is taken in, the statistics know nothing of its rows,
                -- and a plan that joins would read the whole table (OFFSET 0 keeps the two apart).
                FROM unnest(%s::bigint[]) AS wanted (id), LATERAL (
                    SELECT book, effective_on, debit, amount FROM ledger_transfer
                    WHERE book = wanted.id AND effective_on <= %s AND (debit = %s OR credit = %s) OFFSET 0
                ) AS mine
            ) sides GROUP BY GROUPING SETS ((book), (month))
            """,
            [account, list(books), on, account, account],
        )
        rows = cursor.fetchall()
    return AccountOfBooks(
        {book: amount for book, _, amount in rows if book is not None},
        {month: amount for _, month, amount in rows if month is not None},
    )
