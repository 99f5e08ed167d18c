"""Visitors of the overview's benchmark: signed in, asking over kept-alive connections, with the CPU that it takes."""

import asyncio
import math
import os
import random
import re
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import click
import psycopg

WORKERS, CONNECTIONS = 2, 4
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Site:
    """One server that takes part."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    address: str
    """Of its database, for the application's role."""
    database: str
    sessions: dict[str, int]
    """Session keys, and whose they are."""
    rounds: list["Round"] = field(default_factory=list)

    def of(self, name: str) -> float:
        """The median over the rounds of one figure."""
        return float(median(getattr(each, name) for each in self.rounds))


@dataclass
class Round:
    """What one round of one server came to, all its turns together. Seconds; the properties in milliseconds."""

    waited: list[float] = field(default_factory=list)
    seconds: float = 0.0
    server_seconds: float = 0.0
    postgres_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.waited) / self.seconds

    @property
    def p50(self) -> float:
        return self._percentile(0.5)

    @property
    def p99(self) -> float:
        return self._percentile(0.99)

    @property
    def cpu(self) -> float:
        """Of the server's processes, a request."""
        return self.server_seconds * 1000 / len(self.waited)

    @property
    def postgres(self) -> float:
        """Of PostgreSQL's processes, a request."""
        return self.postgres_seconds * 1000 / len(self.waited)

    def _percentile(self, share: float) -> float:
        return sorted(self.waited)[math.ceil(share * len(self.waited)) - 1] * 1000


def sign_in(site: Site, keys: Iterable[str]) -> None:
    """These sessions as both steps leave them, last used this moment, so that no page of this turn writes its own."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from milepost.servicing.identity.models import User
    from milepost.web.shared import pages

    at, rows = datetime.now(UTC), []
    for key in sorted(set(keys)):
        user_id = site.sessions[key]
        session: dict[str, object] = {
            SESSION_KEY: str(user_id),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: User(id=user_id, session_epoch=1).get_session_auth_hash(),
        }
        pages.begin(session, at)  # type: ignore[arg-type]  # it only sets two keys
        rows.append((key, SessionStore().encode(session), at + timedelta(hours=8)))
    with psycopg.connect(site.address) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s) "
            "ON CONFLICT (session_key) DO UPDATE SET session_data = EXCLUDED.session_data",
            rows,
        )


# --- the client ---


class Line:
    """One kept-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.port = int(writer.get_extra_info("sockname")[1])
        self.cookies = f"__Host-csrf={secrets.token_hex(16)}; __Host-session="

    async def get(self, key: str) -> bytes:
        """The overview of the visitor with this session."""
        self.writer.write(f"GET /overview/ HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookies}{key}\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        found = re.search(rb"\r\ncontent-length: (\d+)", head)
        expect(head.startswith(b"http/1.1 200") and found is not None, f"an answer began with {head[:80]!r}")
        assert found is not None
        return await self.reader.readexactly(int(found[1]))


@asynccontextmanager
async def lines_to(site: Site, key: str) -> AsyncIterator[list[Line]]:
    """Four connections, as many to each of the server's workers: by chance one would often have three of them."""
    opened: list[Line] = []
    kept: dict[int, list[Line]] = {}
    try:
        while sum(map(len, kept.values())) < CONNECTIONS and len(opened) < 60:
            line = Line(*await asyncio.open_connection("127.0.0.1", site.port))
            opened.append(line)
            await line.get(key)  # a connection belongs to a worker once it has been answered
            mine = kept.setdefault(_owner_of(site, line.port), [])
            if len(mine) < CONNECTIONS // WORKERS:
                mine.append(line)
        lines = [line for mine in kept.values() for line in mine]
        yield (lines + [line for line in opened if line not in lines])[:CONNECTIONS]
    finally:
        for line in opened:
            line.writer.close()


def _owner_of(site: Site, port: int) -> int:
    """The server's process that holds the other end of the connection from this port; 0 when it cannot be told."""
    ends = (f":{site.port:04X}", f":{port:04X}")
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        cells = row.split()
        if cells[1].endswith(ends[0]) and cells[2].endswith(ends[1]):
            for pid in _tree(site.process.pid):
                with suppress(OSError):
                    if any(
                        str(path.readlink()) == f"socket:[{cells[9]}]" for path in Path(f"/proc/{pid}/fd").iterdir()
                    ):
                        return pid
    return 0


async def take_turn(site: Site, count: int, into: Round) -> None:
    """Ask for so many random visitors' pages, and add what it took."""
    chosen = random.choices(list(site.sessions), k=count)
    first = next(iter(site.sessions))
    sign_in(site, [first, *chosen])
    keys = iter(chosen)

    async def visit(line: Line) -> None:
        for key in keys:
            began = time.perf_counter()
            await line.get(key)
            into.waited.append(time.perf_counter() - began)

    async with lines_to(site, first) as lines:
        server, postgres, began = _cpu(_tree(site.process.pid)), _cpu(_backends(site)), time.perf_counter()
        await asyncio.gather(*map(visit, lines))
        into.seconds += time.perf_counter() - began
        into.server_seconds += _spent(server, _cpu(_tree(site.process.pid)))
        into.postgres_seconds += _spent(postgres, _cpu(_backends(site)))


# --- what the operating system counts ---


def _tree(root: int) -> list[int]:
    """A process and its descendants."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(path.parent.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


def _backends(site: Site) -> list[int]:
    """PostgreSQL's processes that serve a database."""
    with psycopg.connect(site.address) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return [pid for (pid,) in rows]


def _cpu(pids: Sequence[int]) -> dict[int, float]:
    """Seconds of CPU, user's and system's, that each of these processes has used."""
    used = {}
    for pid in pids:
        with suppress(OSError):
            cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used[pid] = (int(cells[11]) + int(cells[12])) / TICKS
    return used


def _spent(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def expect(right: bool, otherwise: str) -> None:
    if not right:
        raise click.ClickException(f"The benchmark stops: {otherwise}.")
