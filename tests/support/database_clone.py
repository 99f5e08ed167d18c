"""Databases for tests: one migrated template for this code, and clones of it, each made in some 50 ms.

Tests run as the application's role, which may not empty tables; so whatever cannot be rolled back (threads, killed
processes, a browser) gets a clone of its own and throws it away.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from milepost.config import database_roles

R = TypeVar("R")
PACKAGE = Path(database_roles.__file__).resolve().parent.parent
BUILD_LOCK = 7_041_182


@dataclass(frozen=True, slots=True)
class DatabaseClone:
    """A database that only this test uses."""

    name: str

    def environment(self) -> dict[str, str]:
        """What a subprocess needs to work on this clone."""
        owner = settings.OWNER_DATABASE
        serving = connection.settings_dict
        return {"DATABASE_URL": _address(serving, self.name), "MIGRATION_DATABASE_URL": _address(owner, self.name)}

    def at_once(self, *acts: Callable[[], R]) -> list[R | Exception]:
        """Run these at the same moment, a thread and a connection each; what each returned or raised, in order."""
        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(_on_own_connection, acts))

    @contextmanager
    def as_owner(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of the role that owns the tables, for what the application may not do."""
        with _owner(self.name) as own:
            yield own


@contextmanager
def used(source: str) -> Iterator[DatabaseClone]:
    """Inside, Django (in every thread) works on a new clone of `source`; afterwards it is gone."""
    clone = DatabaseClone(make(source))
    try:
        with switched_to(clone.name):
            yield clone
    finally:
        drop(clone.name)


@contextmanager
def switched_to(name: str) -> Iterator[None]:
    """Inside, Django's connection is to this database; outside it is to the one before."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def make(source: str) -> str:
    """A new clone of `source`, which nobody may be connected to; its name."""
    name = f"test_{secrets.token_hex(6)}"
    with _owner() as own:
        own.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
    return name


def drop(name: str) -> None:
    """Remove a database, whoever is still connected to it: but autovacuum, which only a superuser may send away."""
    for patience in (*range(1, 20), None):
        try:
            with _owner() as own:
                own.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except psycopg.errors.InsufficientPrivilege:
            if patience is None:
                raise
            time.sleep(patience / 10)


def template() -> str:
    """The name of an empty, migrated database of this code's tables, built when there is none yet."""
    name = f"milepost_template_{_fingerprint()}"
    with _owner() as own:
        own.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        if not _exists(own, name):
            _build(own, name)
    return name


def _build(own: psycopg.Connection[Any], name: str) -> None:
    unfinished = sql.Identifier("milepost_template_unfinished")
    own.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(unfinished))
    own.execute(sql.SQL("CREATE DATABASE {}").format(unfinished))
    with switched_to("milepost_template_unfinished"):
        call_command("migrate", verbosity=0, interactive=False)
        with database_roles.as_owner():
            call_command("createcachetable", verbosity=0)
    own.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(unfinished, sql.Identifier(name)))


def _fingerprint() -> str:
    """Changes whenever the tables would: our migrations, the roles' grants, the libraries with tables."""
    digest = hashlib.sha256()
    for path in sorted([*PACKAGE.glob("**/migrations/*.py"), PACKAGE / "config" / "database_roles.py"]):
        digest.update(path.read_bytes())
    for library in ("django", "django-allauth", "procrastinate"):
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:12]


def _exists(own: psycopg.Connection[Any], name: str) -> bool:
    return own.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _owner(database: str = "postgres") -> psycopg.Connection[Any]:
    return psycopg.connect(_address(settings.OWNER_DATABASE, database), autocommit=True)


def _address(words: Mapping[str, Any] | None, database: str) -> str:
    """A database's settings as an address that a subprocess, or psycopg, understands."""
    if words is None:
        raise RuntimeError("The tests create databases: set MIGRATION_DATABASE_URL to a role with CREATEDB as well.")
    who = f"{quote(words['USER'], safe='')}:{quote(words['PASSWORD'], safe='')}"
    port = f"&port={words['PORT']}" if words.get("PORT") else ""
    return f"postgresql://{who}@/{database}?host={quote(words['HOST'], safe='')}{port}"


def _on_own_connection(act: Callable[[], R]) -> R | Exception:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - the caller asserts on what each of them met
        return error
    finally:
        connection.close()
