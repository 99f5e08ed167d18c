"""`milepost bench overview`: the overview with ten thousand and with a million agreements, beside the same page bare.

Three production servers take turns: ours on the small book, ours on the large one, and the page of `bare_overview` on
the large one. Four kept-alive connections ask for random visitors' pages; CPU is that of the server's processes, and of
PostgreSQL's for it, from /proc. Every figure is the median of the rounds. All of it is in a temporary folder.
"""

import asyncio
import os
import re
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import click
import psycopg
from psycopg import sql

from benchmarks import overview_book, overview_visitors as visitors
from milepost.cli import demo, serve, setup
from milepost.cli.bench import figure
from milepost.config.embedded_postgres import EmbeddedPostgres

SMALL, LARGE = 10_000, 1_000_000
SMALL_DATABASE, LARGE_DATABASE = "milepost", "milepost_large"
SEED = 20261122
VISITORS = 2_000
ROUNDS, TURNS, REQUESTS, WARM_UP = 5, 6, 100, 300
COMPARED = 25
MOST_P99_RATIO, MOST_CPU_MS = 1.3, 5.0
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def run(agreements: int | None = None) -> list[dict[str, Any]]:
    """Measure. `agreements`: the size of the large book, to the nearest ten thousand, two at least."""
    copies = max(2, round((agreements or LARGE) / SMALL))
    on_interrupt = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with TemporaryDirectory(prefix="milepost-bench-") as folder, ExitStack() as after:
            try:
                return _measured(Path(folder), copies, after)
            finally:
                for number in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C must not leave anything running
                    signal.signal(number, signal.SIG_IGN)
    finally:
        signal.signal(signal.SIGINT, on_interrupt)


def _measured(folder: Path, copies: int, after: ExitStack) -> list[dict[str, Any]]:
    server = EmbeddedPostgres(folder / "postgres")
    after.callback(_throw_away, server)
    server.start()
    os.environ.update(server.environment(), MILEPOST_MODE="demo", MILEPOST_DATA=str(folder), PYTHONPATH=str(setup.ROOT))
    setup.django()
    setup.prepare(verbosity=0)
    _fill(server, copies)
    bare = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--host", "127.0.0.1", "--workers",
        str(visitors.WORKERS), "--workers-kill-timeout", "3", "--log-level", "warning",
        "benchmarks.bare_overview:application",
    ]  # fmt: skip
    ours = serve.server(address="127.0.0.1", port=0, workers=visitors.WORKERS, patience=3)
    sites = [
        after.enter_context(_site("small", ours, server, SMALL_DATABASE)),
        after.enter_context(_site("large", ours, server, LARGE_DATABASE)),
        after.enter_context(_site("bare", bare, server, LARGE_DATABASE)),
    ]
    small, large, other = sites
    other.sessions = large.sessions
    counted = [_statements(site) for site in (small, large)]
    asyncio.run(_compare(large, other))
    asyncio.run(_take_turns(sites))
    return _figures(small, large, other, counted, copies * SMALL)


def _fill(server: EmbeddedPostgres, copies: int) -> None:
    """Both books, each in its database, and the server at rest afterwards."""
    from django.db import connection

    began = time.monotonic()
    with _bar(f"Writing {SMALL:,} agreements", SMALL) as bar:
        overview_book.fill(SMALL, SEED, bar.update)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    with psycopg.connect(server.url("owner", "postgres"), autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(LARGE_DATABASE), sql.Identifier(SMALL_DATABASE)
            )
        )
    with _bar(f"Multiplying them to {copies * SMALL:,}", copies - 1) as bar:
        overview_book.multiply(server.url("app", LARGE_DATABASE), copies, bar.update)
    _say("Vacuuming and writing everything to disk")
    for name in (SMALL_DATABASE, LARGE_DATABASE):
        overview_book.settle_down(server.url("owner", name))
    with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as admin:
        admin.execute("CHECKPOINT")
    for name in (SMALL_DATABASE, LARGE_DATABASE):
        found = overview_book.sizes(server.url("app", name))
        _say(
            f"{found['agreements']:,} agreements, {found['payments']:,} payments, {found['transfers']:,} transfers: "
            f"{found['bytes'] / 1e9:.2f} GB"
        )
    _say(f"The books were ready after {time.monotonic() - began:.0f} s")


# --- servers and visitors ---


@contextmanager
def _site(name: str, command: Sequence[str], server: EmbeddedPostgres, database: str) -> Iterator[visitors.Site]:
    """A server on a free port, with visitors signed in to its database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = server.url("app", database)
    words = [word for place, word in enumerate(command) if word != "--port" and command[place - 1] != "--port"]
    os.environ["DATABASE_URL"] = address
    process = serve.child([*words[:-1], "--port", str(port), words[-1]])
    try:
        demo.wait_for_site(port, process)
        sessions = {} if name == "bare" else _sessions(address)
        yield visitors.Site(name, port, process, address, database, sessions)
    finally:
        demo.end([process])


def _sessions(address: str) -> dict[str, int]:
    """Session keys for people chosen at random from the whole book."""
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT user_id FROM customers_customer c WHERE EXISTS "
            "(SELECT FROM agreements_party p WHERE p.customer_id = c.id) ORDER BY random() LIMIT %s",
            [VISITORS],
        ).fetchall()
    return {secrets.token_hex(16): user_id for (user_id,) in rows}


def _statements(site: visitors.Site) -> int:
    """How many statements one page takes, asked of the page itself in this process."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    visitors.sign_in(site, list(site.sessions)[:COMPARED])
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = site.database
    counts = set()
    for key in list(site.sessions)[:COMPARED]:
        client = Client(headers={"host": "localhost"})
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/overview/", secure=True)
        visitors.expect(answer.status_code == 200, f"the overview answers {answer.status_code}")
        counts.add(len(asked))
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    return max(counts)


# --- measuring ---


async def _compare(one: visitors.Site, other: visitors.Site) -> None:
    """Both must give the same HTML, or the comparison would mean nothing."""
    keys = list(one.sessions)[:COMPARED]
    visitors.sign_in(one, keys)
    async with visitors.lines_to(one, keys[0]) as ours, visitors.lines_to(other, keys[0]) as theirs:
        for key in keys:
            pages = [CSRF.sub(b"", await lines[0].get(key)) for lines in (ours, theirs)]
            same = pages[0] == pages[1]
            visitors.expect(same, f"the pages of user {one.sessions[key]} differ: the bare page is out of date")
    _say(f"Ours and the bare page gave the same HTML for {COMPARED} visitors, CSRF tokens apart")


async def _take_turns(sites: list[visitors.Site]) -> None:
    """Warm every server up; then in every round all of them take short turns, so that they meet the same neighbours."""
    with _bar("Measuring", (ROUNDS * TURNS + 1) * len(sites)) as bar:
        for site in sites:
            await visitors.take_turn(site, WARM_UP, visitors.Round())
            bar.update(1)
        for number in range(ROUNDS * TURNS):
            for place in range(len(sites)):
                site = sites[(place + number) % len(sites)]
                if number % TURNS == 0:
                    site.rounds.append(visitors.Round())
                await visitors.take_turn(site, REQUESTS, site.rounds[-1])
                bar.update(1)


# --- the answer ---


def _figures(
    small: visitors.Site, large: visitors.Site, bare: visitors.Site, counted: list[int], size: int
) -> list[dict[str, Any]]:
    here, ten, other = f"{size:,} agreements", f"{SMALL:,} agreements", "bare FastAPI + SQLAlchemy"
    p99, cpu = large.of("p99") / small.of("p99"), large.of("cpu")

    def beside(name: str, unit: str, key: str, than: visitors.Site, words: str, **more: Any) -> dict[str, Any]:
        return figure(f"{name}, {here}", unit, large.of(key), words, than.of(key), **more)

    return [
        beside("requests a second", "1/s", "rate", small, ten),
        beside("p50", "ms", "p50", small, ten),
        beside("p99", "ms", "p99", small, ten, target=f"ratio <= {MOST_P99_RATIO}", met=p99 <= MOST_P99_RATIO),
        beside("CPU a request", "ms", "cpu", small, ten, target=f"<= {MOST_CPU_MS:g} ms", met=cpu <= MOST_CPU_MS),
        beside("PostgreSQL's CPU a request", "ms", "postgres", small, ten),
        figure(
            f"statements a request, {here}", "", counted[1], ten, counted[0],
            target="the same", met=counted[0] == counted[1],
        ),
        beside("requests a second", "1/s", "rate", bare, other),
        beside("p50", "ms", "p50", bare, other),
        beside("p99", "ms", "p99", bare, other),
        beside("CPU a request", "ms", "cpu", bare, other),
        beside("PostgreSQL's CPU a request", "ms", "postgres", bare, other),
    ]  # fmt: skip


def _bar(label: str, length: int) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr)


def _say(words: str) -> None:
    click.echo(words, err=True)


def _throw_away(server: EmbeddedPostgres) -> None:
    """Stop PostgreSQL at once: what it holds is removed next."""
    with suppress(OSError, ValueError, IndexError):
        os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    server.stop()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
