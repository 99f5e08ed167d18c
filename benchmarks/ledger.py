"""`milepost bench ledger`: posting and proving, against bare inserts into a table with the same key.

All of it is in a temporary folder, on one connection (the proof on two), and nothing is left behind. "Bare" means the
same rows into one table with the same key and checks, but without partitions, triggers, partition lookups or any code
of ours. The proof runs over agreements made by a few statements: paid out, four instalments due, three paid.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from milepost.cli import setup
from milepost.cli.bench import figure
from milepost.config.embedded_postgres import EmbeddedPostgres
from milepost.finance.schedule import build
from milepost.finance.terms import RateConvention, Terms

AGREEMENTS = 1_000_000
SINGLE, BATCH = 1_000, 100_000
ROUNDS = 3
LEAST_SHARE = 0.7
DAY, AT = date(2026, 11, 22), datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRST_BOOK = 1
BARE = """
CREATE UNLOGGED TABLE bare (LIKE ledger_transfer INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    PRIMARY KEY (book, effective_on, event, source, line) INCLUDE (debit, credit, amount));
ALTER TABLE bare SET LOGGED;
GRANT SELECT, INSERT, TRUNCATE ON bare TO milepost_app;
"""
COLUMNS = "book, effective_on, event, source, line, debit, credit, amount, recorded_at, policy_version"
ROWS = (
    "SELECT n, date '2026-11-22', 20::smallint, {source}, 1::smallint, 1010::smallint, 1250::smallint, 29805, "
    "timestamptz '2026-11-22T09:00:00Z', 1::smallint FROM generate_series({first}, {last}) AS n"
)


def run(agreements: int | None = None) -> list[dict[str, Any]]:
    """Measure; the proof over this many agreements (default a million)."""
    with TemporaryDirectory(prefix="milepost-bench-") as name, ExitStack() as after:
        server = EmbeddedPostgres(Path(name) / "postgres")
        after.callback(server.stop)
        server.start()
        os.environ.update(server.environment(), MILEPOST_MODE="demo", MILEPOST_DATA=name)
        setup.django()
        from django.core.management import call_command
        from django.db import connection

        after.callback(connection.close)
        call_command("migrate", verbosity=0, interactive=False)
        with psycopg.connect(server.url("owner", "milepost"), autocommit=True) as owner:
            owner.execute(BARE)
            return [*_posting(), *_proving(owner, agreements or AGREEMENTS)]


def _posting() -> Iterator[dict[str, Any]]:
    from milepost.finance import entries
    from milepost.finance.chart_of_accounts import Channel
    from milepost.servicing.ledger import operations

    entry = entries.payment_received(channel=Channel.DIRECT_DEBIT, due=298_05)
    books = range(FIRST_BOOK, FIRST_BOOK + SINGLE)
    said: dict[str, Any] = {"recorded_at": AT, "policy_version": 1}
    one_by_one = _rate(SINGLE, lambda turn: [
        _within(lambda book=book: operations.post(book=book, entry=entry, source=turn, effective_on=DAY, **said))
        for book in books
    ])  # fmt: skip
    bare_one = _rate(SINGLE, lambda turn: [_within(lambda book=book: _insert_bare(book, turn)) for book in books])
    yield _figure("posted one by one, a transaction each", one_by_one, "bare INSERT", bare_one)

    many = range(FIRST_BOOK, FIRST_BOOK + BATCH)
    batched = _rate(BATCH, lambda turn: _within(lambda: operations.post_many(
        entries=(operations.Booked(book, entry, 100 + turn, DAY) for book in many), **said
    )))  # fmt: skip
    bare_copy = _rate(BATCH, lambda turn: _within(lambda: _copy_bare(many, 100 + turn)))
    yield _figure("posted in a batch, from entries (COPY)", batched, "bare COPY of ready rows", bare_copy, LEAST_SHARE)

    def rows(turn: int) -> str:
        return ROWS.format(source=turn, first=many.start, last=many.stop - 1)

    based = _rate(BATCH, lambda turn: _within(lambda: _run(operations.insert_transfers_sql(select=rows(200 + turn)))))
    bare_set = _rate(BATCH, lambda turn: _within(lambda: _run(f"INSERT INTO bare ({COLUMNS}) {rows(200 + turn)}")))
    yield _figure("posted in a batch, set-based", based, "bare INSERT SELECT", bare_set, LEAST_SHARE)


def _rate(count: int, act: Callable[[int], object]) -> float:
    """The median rate of a few rounds, each with a source of its own."""
    seconds = []
    for turn in range(1, ROUNDS + 1):
        began = time.perf_counter()
        act(turn)
        seconds.append(time.perf_counter() - began)
    return count / statistics.median(seconds)


def _figure(what: str, ours: float, reference: str, theirs: float, least: float | None = None) -> dict[str, Any]:
    return figure(
        what, "transfers/s", ours, reference, theirs, f">= {least}" if least else "",
        ours / theirs >= least if least else None,
    )  # fmt: skip


def _within(act: Callable[[], object]) -> None:
    from milepost.plumbing.transactions import transaction

    with transaction():
        act()


def _run(statement: str, values: tuple[object, ...] | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _insert_bare(book: int, source: int) -> None:
    _run(
        f"INSERT INTO bare ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (book, DAY, 20, source, 1, 1010, 1250, 298_05, AT, 1),
    )


def _copy_bare(books: range, source: int) -> None:
    """Rows that are bytes already, in one piece."""
    from milepost.plumbing.copying import copy_packed
    from milepost.servicing.ledger.operations.post import packed

    copy_packed(
        "bare", COLUMNS.split(", "), [packed((book, DAY, 20, source, 1, 1010, 1250, 298_05, AT, 1)) for book in books]
    )


def _proving(owner: "psycopg.Connection[Any]", agreements: int) -> Iterator[dict[str, Any]]:
    from milepost.cli.ledger import proof

    _make(owner, agreements)
    transfers = _count(owner)
    began = time.perf_counter()
    result = proof(DAY, lambda *_: None)
    seconds = time.perf_counter() - began
    if result["breaks"]:
        raise RuntimeError(f"The made book does not tie: {result['breaks'][:3]}")
    yield figure(f"proof of {agreements:,} agreements", "s", seconds)
    yield figure("transfers proved", "transfers/s", transfers / seconds)
    if agreements != AGREEMENTS:
        yield figure("a million at this rate", "s", seconds * AGREEMENTS / agreements)


def _make(owner: "psycopg.Connection[Any]", agreements: int) -> None:
    """Agreements with their books, set-based: 48 rows of 298.05, four due, three paid."""
    plan = build(Terms(
        amount_of_credit=12_000_00, number_of_instalments=48, rate_convention=RateConvention.NOMINAL,
        annual_percent=Decimal("8.9"), drawdown_date=date(2026, 6, 10), first_due_date=date(2026, 7, 10),
    ))  # fmt: skip
    facts = {
        "last": agreements, "principal": list(plan.principal), "interest": list(plan.interest), "fees": list(plan.fees),
        "left": plan.balance_after(DUE - 1), "due": plan.total(0, DUE), "paid": plan.total(0, DUE - 1),
        "next": plan.interest[DUE],
    }  # fmt: skip
    with owner.transaction():
        owner.execute("SELECT ledger_add_quarter(day) FROM unnest('{2026-06-10,2026-07-10,2026-10-10}'::date[]) AS day")
        for statement in MADE:
            owner.execute(statement.encode(), facts)
    owner.execute("VACUUM (ANALYZE)")


def _count(owner: "psycopg.Connection[Any]") -> int:
    row = owner.execute("SELECT count(*) FROM ledger_transfer").fetchone()
    return row[0] if row else 0


DUE = 4
MADE = (
    "DROP TABLE bare",
    """CREATE TEMP TABLE made AS
       SELECT n, (n %% 28 + 1) * 100000000::bigint + 50000000 + n AS id FROM generate_series(1, %(last)s) AS n""",
    """INSERT INTO agreements_agreement
              (id, reference, product, terms, agreed_on, ends_on, apr_percent)
       SELECT id, lpad(n::text, 10, '0'), 'HIRE_PURCHASE', '{}', '2026-06-10', '2030-06-10', ''
       FROM made ORDER BY id""",
    """INSERT INTO agreements_schedule (agreement_id, version, effective_from, reason, drawdown_date, first_due,
              due_day, advance, first_number, principal, interest, fees)
       SELECT id, 1, '2026-06-10', 'AS_SIGNED', '2026-06-10', '2026-07-10', 10, 0, 1, %(principal)s,
              %(interest)s, %(fees)s FROM made ORDER BY id""",
    """INSERT INTO agreements_standing (agreement_id, due_day, status, schedule_version, next_number, next_due,
              next_amount, next_interest, due_total, paid_total, principal_outstanding, arrears_since, revision)
       SELECT id, 10, 'LIVE', 1, 5, '2026-11-10', 29805, %(next)s, %(due)s, %(paid)s, %(left)s, '2026-10-10', 1
       FROM made ORDER BY id""",
    f"""INSERT INTO ledger_transfer ({COLUMNS})
       SELECT id, '2026-06-10', 1, 0, 1, 1200, 1000, 1200000, now(), 1 FROM made ORDER BY id""",
    f"""INSERT INTO ledger_transfer ({COLUMNS})
       SELECT id, date '2026-06-10' + make_interval(months => r), 10, r, line, 1250,
              CASE line WHEN 1 THEN 1200 ELSE 4000 END,
              CASE line WHEN 1 THEN (%(principal)s::int[])[r] ELSE (%(interest)s::int[])[r] END, now(), 1
       FROM made, generate_series(1, 4) AS r, generate_series(1, 2) AS line ORDER BY id""",
    f"""INSERT INTO ledger_transfer ({COLUMNS})
       SELECT id, date '2026-06-10' + make_interval(months => r), 20, 3 * n + r, 1, 1000, 1250, 29805, now(), 1
       FROM made, generate_series(1, 3) AS r ORDER BY id""",
    """INSERT INTO payments_payment (id, agreement_id, received_on, amount, method, state, returned_on, imported)
       SELECT 3 * n + r, id, (date '2026-06-10' + make_interval(months => r))::date, 29805, 'BANK_TRANSFER', 'RECEIVED',
              '9999-12-31', true FROM made, generate_series(1, 3) AS r ORDER BY id""",
)
