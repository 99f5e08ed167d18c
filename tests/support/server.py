"""The tests' own PostgreSQL: started by the first run that wants it, stopped by the last one that leaves."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connections

from milepost.config import env
from milepost.config.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / ".milepost" / "test"


@contextmanager
def running() -> Iterator[None]:
    """Inside, Django's settings name a server that answers: DATABASE_URL's where it is set, else the embedded one."""
    if os.environ.get("DATABASE_URL"):
        if settings.OWNER_DATABASE is None:
            raise RuntimeError(
                "The tests create databases: set MIGRATION_DATABASE_URL to a role with CREATEDB as well."
            )
        yield
        return
    server = EmbeddedPostgres(FOLDER, durable=False)
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with open(FOLDER.with_suffix(".users"), "w") as users:
        with _alone():
            fcntl.flock(users, fcntl.LOCK_SH)
            server.start()
        _use(server)
        try:
            yield
        finally:
            with _alone():
                fcntl.flock(users, fcntl.LOCK_UN)
                if _nobody_left(users):
                    server.stop()


@contextmanager
def _alone() -> Iterator[None]:
    """Starting and stopping happen one at a time, whatever runs beside us."""
    with open(FOLDER.with_suffix(".lock"), "w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _nobody_left(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _use(server: EmbeddedPostgres) -> None:
    os.environ.update(server.environment())
    serving = env.database("DATABASE_URL")
    assert serving is not None
    settings.OWNER_DATABASE = env.database("MIGRATION_DATABASE_URL")
    settings.APP_DATABASE_ROLE = serving["USER"]
    chosen = connections["default"].settings_dict
    chosen.update({key: value for key, value in serving.items() if key != "OPTIONS"})
    chosen["OPTIONS"].update(serving["OPTIONS"])
