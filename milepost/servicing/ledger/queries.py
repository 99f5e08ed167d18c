"""What the transfers say. Every read names its books and bounds its dates."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from inspect import signature
from itertools import permutations, product

from django.db import connection

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.calendars import FOREVER
from milepost.finance.chart_of_accounts import Channel
from milepost.finance.entries import Event
from milepost.finance.money import FinanceError
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

    Its columns are `book`, `a1200` and so on for each account (debit positive), `asked`: what was debited to 1250 by
    these events and not reversed, and those of `_OF_INSTALMENTS` and `_OF_OTHERS`. The key alone answers it, but for
    the few corrections.
    """
    sides = "".join(
        f"sum(CASE WHEN debit = {account} THEN moved WHEN credit = {account} THEN -moved ELSE 0 END)::bigint "
        f"AS a{account}, "
        for account in accounts
    )
    numbers = ", ".join(str(event.value) for event in askings) or "NULL"
    asks = f"debit = {chart.DUE_FROM_CUSTOMER} AND event IN ({numbers})"
    # Summed by events and pairs of accounts first: a case for each account and row would cost several times as much.
    return f"""
        SELECT book, {sides} {_OF_INSTALMENTS}, {_OF_OTHERS},
               coalesce(sum(moved) FILTER (WHERE {asks}), 0)::bigint AS asked
        FROM (
            SELECT book, event, debit, credit, sum(amount) AS moved, count(*) AS lines, max(source) AS last,
                   min(effective_on) AS earliest, max(effective_on) AS latest,
                   sum(amount * (source %% 1000)) FILTER (WHERE event = {Event.INSTALMENT_DUE.value}) AS weight
            FROM ledger_transfer WHERE book >= %(low)s AND book < %(high)s GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT book, event, debit, credit, -sum(amount), -count(*), 0, NULL, NULL, 0
            FROM ledger_correction c JOIN ledger_transfer t USING (book, effective_on, event, source)
            WHERE c.book >= %(low)s AND c.book < %(high)s AND t.book >= %(low)s AND t.book < %(high)s
            GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT book, {Event.REVERSED.value}, debit, credit, sum(amount), 0, 0, NULL, NULL, 0
            FROM ledger_correction c JOIN ledger_transfer t USING (book, effective_on, event, source)
            WHERE c.book >= %(low)s AND c.book < %(high)s AND t.book >= %(low)s AND t.book < %(high)s
            GROUP BY 1, 2, 3, 4
        ) pairs GROUP BY book
    """


_DUE = f"event = {Event.INSTALMENT_DUE.value}"
_OF_INSTALMENTS = f"""
    max(last) FILTER (WHERE {_DUE}) AS last_due,
    min(earliest) FILTER (WHERE {_DUE}) AS first_due_on, max(latest) FILTER (WHERE {_DUE}) AS last_due_on,
    coalesce(sum(CASE WHEN credit = {chart.INTEREST_INCOME} THEN moved WHEN debit = {chart.INTEREST_INCOME} THEN -moved
        END) FILTER (WHERE event IN ({Event.INSTALMENT_DUE.value}, {Event.REDERIVED.value})), 0)::bigint
        AS interest_due,
    coalesce(sum(CASE WHEN debit = {chart.DUE_FROM_CUSTOMER} THEN weight ELSE -weight END), 0) AS weight,
    coalesce(sum(weight) FILTER (WHERE credit = {chart.INTEREST_INCOME}), 0) AS interest_weight"""
"""Of instalments that fell due: the last one's number, the first and last date, interest with what was rederived, and
sums weighed by the instalment's number, so that money in another instalment than its own shows."""
_OF_OTHERS = f"""
    coalesce(sum(moved) FILTER (WHERE debit = {chart.PRINCIPAL} AND event = {Event.PAID_OUT.value}), 0)::bigint
        AS paid_out,
    coalesce(sum(lines) FILTER (WHERE event = {Event.BROUGHT_FORWARD.value}), 0)::bigint AS brought,
    coalesce(sum(lines) FILTER (WHERE event = {Event.SETTLED_EARLY.value}), 0)::bigint AS settled,
    coalesce(sum(lines) FILTER (WHERE event = {Event.TERMINATED_VOLUNTARILY.value}), 0)::bigint AS terminated,
    coalesce(sum(lines) FILTER (WHERE event = {Event.VEHICLE_RETURNED.value}), 0)::bigint AS returned,
    coalesce(sum(lines) FILTER (WHERE event = {Event.WRITTEN_OFF.value}), 0)::bigint AS written_off"""
"""What was paid out, and how many transfers of each ending there are; reversed ones do not count."""


def money_of_sources_sql() -> str:
    """For other apps' set-based checks: what came and went back by each book's sources of money, in a range of books.

    Its columns are `book`, `source`, `came` and `went`, and on which days: `came_on`, `went_on`. What was
    reversed is left out.
    """
    received, back, imported = (event.value for event in MONEY_IN)
    return f"""
        SELECT book, source,
               sum(CASE WHEN event = {back} THEN 0 WHEN event = {received} OR debit = {chart.BANK} THEN amount
                   ELSE -amount END)::bigint AS came,
               sum(CASE WHEN event = {back} THEN amount ELSE 0 END)::bigint AS went,
               max(CASE WHEN event <> {back} THEN effective_on END) AS came_on,
               max(CASE WHEN event = {back} THEN effective_on END) AS went_on
        FROM ledger_transfer t
        WHERE book >= %(low)s AND book < %(high)s AND event IN ({received}, {back}, {imported}) AND NOT EXISTS (
            SELECT FROM ledger_correction c WHERE (c.book, c.effective_on, c.event, c.source)
                = (t.book, t.effective_on, t.event, t.source))
        GROUP BY 1, 2
    """


Pair = tuple[int, int, int]
"""Event, debit, credit."""


@cache
def possible_pairs() -> frozenset[Pair]:
    """Every pair of accounts that an event's entry can move money between, found by making the entries."""
    found: set[Pair] = set()
    for event in Event:
        if event in (Event.REVERSED, Event.REDERIVED):
            continue
        make = getattr(entries, event.name.lower())
        choices = [_choices(name) for name in signature(make).parameters]
        for values in product(*choices):
            with suppress(FinanceError):
                entry = make(**dict(zip(signature(make).parameters, values, strict=True)))
                found |= {(event.value, move.debit, move.credit) for move in entry.transfers}
    mirrored = {(Event.REVERSED.value, credit, debit) for _, debit, credit in found}
    rederived = {(Event.REDERIVED.value, *pair) for pair in permutations(chart.ACCOUNTS, 2)}
    return frozenset(found | mirrored | rederived)


def _choices(parameter: str) -> tuple[object, ...]:
    if parameter == "channel":
        return tuple(Channel)
    return (False, True) if parameter == "settled" else (0, 1, 5, -5)


def books_of_pairs(pairs: Collection[Pair]) -> list[tuple[int, Pair, int]]:
    """The books in which money moved between these accounts by these events, and how much."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT book, event, debit, credit, sum(amount)::bigint FROM ledger_transfer
            WHERE (event, debit, credit) IN (SELECT * FROM unnest(%s::int[], %s::int[], %s::int[]))
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
            """,
            [list(column) for column in zip(*sorted(pairs), strict=True)],
        )
        return [(row[0], (row[1], row[2], row[3]), row[4]) for row in cursor.fetchall()]


LAST_BOOK = 2**63 - 1
"""A number that no agreement gets; ranges of books end before it."""


def stray_books() -> list[int]:
    """Books whose numbers are neither an agreement's nor the lender's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT book FROM ledger_transfer WHERE book < %s OR book = %s ORDER BY book",
            [LENDER_BOOKS.start, LAST_BOOK],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class PairSum:
    """What all transfers of an event from one account to another come to, those up to a day apart from the later."""

    event: int
    debit: int
    credit: int
    is_old: bool
    amount: int


def pair_sums(low: int, high: int, *, old: date) -> list[PairSum]:
    """The transfers of the books from `low` up to but without `high`, by event and accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT event, debit, credit, effective_on <= %s, sum(amount)::bigint FROM ledger_transfer
            WHERE book >= %s AND book < %s GROUP BY 1, 2, 3, 4
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
    """By clearing account, what went in up to the day of `pair_sums` and never came out again since.

    Below nought: what had come out by that day and has never gone in.
    """
    stuck = {}
    for account in CLEARINGS:
        went_in = [pair for pair in sums if pair.debit == account]
        came_out = [pair for pair in sums if pair.credit == account]
        left = sum(pair.amount for pair in went_in if pair.is_old) - sum(pair.amount for pair in came_out)
        short = sum(pair.amount for pair in went_in) - sum(pair.amount for pair in came_out if pair.is_old)
        if left > 0 or short < 0:
            stuck[account] = left if left > 0 else short
    return stuck
