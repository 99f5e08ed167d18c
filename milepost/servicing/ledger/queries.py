"""What the transfers say. Every read names its books and bounds its dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from milepost.finance import chart_of_accounts as chart
from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Event
from milepost.servicing.ledger.models import Correction

BEGINNING = date(1900, 1, 1)
MONEY_IN = (Event.PAYMENT_RECEIVED, Event.PAYMENT_RETURNED, Event.IMPORTED_MOVEMENT)


def balances(book: int, *, on: date = FOREVER, known_at: datetime | None = None) -> dict[int, int]:
    """Each account's balance in one book at the end of a day: debit balances positive, those at zero left out.

    With `known_at`, as it was known then: what was recorded later is left out, whatever date it counts for.
    """
    if known_at is not None:
        return _balances_known(book, on, known_at)
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


def _balances_known(book: int, on: date, known_at: datetime) -> dict[int, int]:
    """Apart from `balances`, which the index alone answers: when a transfer was recorded is not in it."""
    sums: dict[int, int] = {}
    for transfer in transfers(book, until=on, known_at=known_at):
        sums[transfer.debit] = sums.get(transfer.debit, 0) + transfer.amount
        sums[transfer.credit] = sums.get(transfer.credit, 0) - transfer.amount
    return {account: sums[account] for account in sorted(sums) if sums[account]}


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


@dataclass(frozen=True, slots=True)
class Posted:
    """One transfer as it stands in the books, with when it was recorded and under which policy."""

    effective_on: date
    event: Event
    source: int
    line: int
    debit: int
    credit: int
    amount: int
    recorded_at: datetime
    policy_version: int


def transfers(
    book: int, *, since: date = BEGINNING, until: date = FOREVER, known_at: datetime | None = None
) -> list[Posted]:
    """The transfers of one book between two effective dates, oldest first.

    With `known_at`, only those recorded by that moment: the books as they were read then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT effective_on, event, source, line, debit, credit, amount, recorded_at, policy_version
            FROM ledger_transfer
            WHERE book = %s AND effective_on BETWEEN %s AND %s AND recorded_at <= coalesce(%s, 'infinity'::timestamptz)
            ORDER BY effective_on, event, source, line
            """,
            [book, since, until, known_at],
        )
        return [Posted(row[0], Event(row[1]), *row[2:]) for row in cursor.fetchall()]


def reversed_events(book: int) -> set[tuple[date, Event, int]]:
    """Effective date, event and source of whatever was taken back in one book."""
    rows = Correction.objects.filter(book=book).values_list("effective_on", "event", "source")
    return {(effective_on, Event(event), source) for effective_on, event, source in rows}


LENDER_BOOKS = range(1, 10**8)
"""Books of the lender itself, such as a collection file's settlement. An agreement's id begins above."""


def balances_of_books_sql(accounts: Collection[int], askings: Collection[Event] = ()) -> str:
    """For other apps' set-based checks: a query of one row a book, from %(low)s up to but without %(high)s.

    Its columns are `book`, `a1200` and so on for each account (debit positive), and `asked`: what was debited to 1250
    by these events. It is answered from the key alone.
    """
    sides = "".join(
        f"sum(CASE WHEN debit = {account} THEN moved WHEN credit = {account} THEN -moved ELSE 0 END)::bigint "
        f"AS a{account}, "
        for account in accounts
    )
    numbers = ", ".join(str(event.value) for event in askings) or "NULL"
    # Summed by pairs of accounts first: a case for each account and row would cost several times as much.
    return f"""
        SELECT book, {sides}
               sum(CASE WHEN debit = {chart.DUE_FROM_CUSTOMER} AND asks THEN moved ELSE 0 END)::bigint AS asked
        FROM (
            SELECT book, debit, credit, coalesce(event IN ({numbers}), false) AS asks, sum(amount) AS moved
            FROM ledger_transfer WHERE book >= %(low)s AND book < %(high)s GROUP BY 1, 2, 3, 4
        ) pairs GROUP BY book
    """


@dataclass(frozen=True, slots=True)
class PairSum:
    """What all transfers from one account to another come to, those up to a day apart from the later ones."""

    debit: int
    credit: int
    is_old: bool
    amount: int


def pair_sums(low: int, high: int, *, old: date) -> list[PairSum]:
    """The transfers of the books from `low` up to but without `high`, by their two accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT debit, credit, effective_on <= %s, sum(amount)::bigint FROM ledger_transfer
            WHERE book >= %s AND book < %s GROUP BY 1, 2, 3
            """,
            [old, low, high],
        )
        return [PairSum(*row) for row in cursor.fetchall()]


CLEARINGS = (chart.DD_CLEARING, chart.CARD_CLEARING, chart.OPEN_BANKING_CLEARING, chart.INDEMNITY_CLAIMS)


def trial_balance(sums: Collection[PairSum]) -> dict[int, int]:
    """Each account over all books, debit positive; they add up to nought, or the ledger is broken."""
    totals: dict[int, int] = {}
    for pair in sums:
        totals[pair.debit] = totals.get(pair.debit, 0) + pair.amount
        totals[pair.credit] = totals.get(pair.credit, 0) - pair.amount
    return dict(sorted(totals.items()))


def stuck_in_clearing(sums: Collection[PairSum]) -> dict[int, int]:
    """By clearing account, what went in up to the day of `pair_sums` and never came out again since."""
    stuck = {}
    for account in CLEARINGS:
        went_in = sum(pair.amount for pair in sums if pair.debit == account and pair.is_old)
        came_out = sum(pair.amount for pair in sums if pair.credit == account)
        if went_in > came_out:
            stuck[account] = went_in - came_out
    return stuck
