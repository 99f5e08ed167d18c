"""`milepost bench import`: a whole book through the import, against a bare COPY of the rows that it wrote.

The book is invented, in Milepost's own format. The import reads, checks, replays, writes and reconciles it; the bare
COPY gets the finished rows as bytes and puts them into the same tables, keys, triggers and all, of a second database
on the same server, in one transaction a table. All of it is in a temporary folder; nothing is left behind.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from milepost.cli import setup
from milepost.cli.bench import figure
from milepost.config.embedded_postgres import EmbeddedPostgres

AGREEMENTS = 10_000
SEED = 20261122
AS_OF = date(2026, 11, 22)
ROUNDS = 3
LEAST_SHARE = 0.2
FULL, BARE = "milepost", "milepost_bare"
TABLES = (
    "identity_user", "identity_contactpoint", "customers_customer", "customers_postaladdress", "agreements_agreement",
    "agreements_party", "agreements_vehicle", "agreements_schedule", "agreements_standing", "payments_payment",
    "payments_mandate", "ledger_transfer", "tapes_takenin",
)  # fmt: skip
"""In the order in which their keys allow, after the one tape that the last of them names."""


def run(agreements: int | None = None) -> list[dict[str, Any]]:
    """Measure, on a book of this size (default 10,000 agreements)."""
    with TemporaryDirectory(prefix="milepost-bench-") as name, ExitStack() as after:
        folder = Path(name)
        server = EmbeddedPostgres(folder / "postgres")
        after.callback(server.stop)
        server.start()
        os.environ.update(server.environment(), MILEPOST_MODE="demo", MILEPOST_DATA=name)
        setup.django()
        from django.core.management import call_command
        from django.db import connection

        after.callback(connection.close)
        call_command("migrate", verbosity=0, interactive=False)
        return _measured(folder, server, agreements or AGREEMENTS)


def _measured(folder: Path, server: EmbeddedPostgres, agreements: int) -> list[dict[str, Any]]:
    from milepost.demo import book

    files = book.invent(folder / "book", agreements=agreements, seed=SEED, as_of=AS_OF, cast=False)
    imported = _seconds_of_import(files.book, files.movements)
    rows = folder / "rows"
    rows.mkdir()
    with psycopg.connect(server.url("app", FULL)) as source:
        counts = {table: _dump(source, table, rows) for table in ("tapes_tape", *TABLES)}
        days = source.execute(
            "SELECT DISTINCT date_trunc('quarter', effective_on)::date FROM ledger_transfer"
        ).fetchall()
    bare = statistics.median(_seconds_of_copy(server, rows, days) for _ in range(ROUNDS))
    return [
        *_figure("agreements", agreements, imported, bare),
        *_figure("movements", files.payments, imported, bare),
        figure("import", "s", imported, "bare COPY", bare),
        figure("rows written", "rows", sum(counts.values())),
    ]


def _figure(what: str, count: int, imported: float, bare: float) -> Iterator[dict[str, Any]]:
    ours, theirs = count / imported, count / bare
    yield figure(
        f"{what} a second",
        f"{what}/s",
        ours,
        "bare COPY of the same rows",
        theirs,
        f">= {LEAST_SHARE}",
        ours / theirs >= LEAST_SHARE,
    )


def _seconds_of_import(tape: Path, movements: Path) -> float:
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.servicing.tapes.formats import mapping
    from milepost.servicing.tapes.operations import import_book
    from milepost.servicing.tapes.operations.order import Order

    began = time.perf_counter()
    report = import_book.import_book(
        order=Order(tape, mapping.named("milepost"), movements, AS_OF), actor=Actor.system("bench"), at=clock.now(),
        on=AS_OF,
        watch=lambda *_: None, clock=clock.now,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if report.rejected or not report.everything_is_explained:
        raise RuntimeError("The invented book did not go in whole: the figure would mean nothing.")
    return seconds


def _dump(source: psycopg.Connection[Any], table: str, folder: Path) -> int:
    """The rows of one table in the order of the agreements, as the import wrote them."""
    order = sql.SQL(" ORDER BY 1, 2, 3, 4, 5") if table == "ledger_transfer" else sql.SQL(" ORDER BY 1")
    statement = sql.SQL("COPY (SELECT * FROM {}{}) TO STDOUT").format(sql.Identifier(table), order)
    count = 0
    with (folder / table).open("wb") as file, source.cursor().copy(statement) as copy:
        for block in copy:
            file.write(block)
            count += bytes(block).count(b"\n")
    return count


def _seconds_of_copy(server: EmbeddedPostgres, rows: Path, days: list[tuple[date]]) -> float:
    """The same rows into a fresh database, and how long that took."""
    with psycopg.connect(server.url("owner", "postgres"), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(BARE)))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(BARE)))
    _migrate(BARE)
    content = {table: (rows / table).read_bytes() for table in ("tapes_tape", *TABLES)}
    with psycopg.connect(server.url("app", BARE)) as target:
        for (day,) in days:
            target.execute("SELECT ledger_add_quarter(%s)", [day])
        target.commit()
        began = time.perf_counter()
        for table, block in content.items():
            with target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(block)
            target.commit()
        return time.perf_counter() - began


def _migrate(database: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
