"""`milepost serve`: the production server, as measured in docs/operating."""

import os
import subprocess
import sys

import click

from milepost.cli import setup

MORTAL = """
import ctypes, os, sys
library = ctypes.CDLL(None)
if hasattr(library, "prctl"):
    library.prctl(1, 15)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs another program that Linux ends (PR_SET_PDEATHSIG, SIGTERM) when its parent dies, however that dies."""


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen; a proxy stands in front.")
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=os.cpu_count() or 2, show_default="one a core")
def command(address: str, port: int, workers: int) -> None:
    """Serve the site with the production server."""
    os.environ.setdefault("MILEPOST_PORT", str(port))
    setup.django()
    refuse_what_is_unsafe()
    os.execv(sys.executable, server(address=address, port=port, workers=workers, patience=30))


def refuse_what_is_unsafe() -> None:
    """Said here in a sentence, before the server's workers would say it in many lines each."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from milepost.config import database_roles
    from milepost.plumbing import lender

    try:
        lender.current()
        database_roles.refuse_demo_over_a_real_book()
        database_roles.refuse_unsafe_role()
    except (ImproperlyConfigured, lender.LenderFileWrong) as error:
        raise click.ClickException(str(error)) from error
    except OperationalError as error:
        raise click.ClickException(f"DATABASE_URL cannot be reached: {error}") from error
    except ProgrammingError as error:
        raise click.ClickException("The database has no tables yet: run `milepost migrate` first.") from error


def server(*, address: str, port: int, workers: int, patience: int) -> list[str]:
    """The command line of granian. `patience`: seconds a worker may take to finish when it is told to stop."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", address, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--respawn-failed-workers",
        "--workers-kill-timeout", str(patience), "--log-level", "warning", "milepost.config.wsgi:application",
    ]  # fmt: skip


def start(*, port: int, workers: int = 2, patience: int = 3) -> subprocess.Popen[bytes]:
    """The server as a child process, on loopback. It ends with its parent, even when that is killed."""
    command_line = server(address="127.0.0.1", port=port, workers=workers, patience=patience)
    return child(command_line)


def child(command_line: list[str]) -> subprocess.Popen[bytes]:
    """A process of its own that serves: it never learns the owner's password, and it ends with its parent."""
    environment = {name: value for name, value in os.environ.items() if name != "MIGRATION_DATABASE_URL"}
    return subprocess.Popen([sys.executable, "-c", MORTAL, *command_line], env=environment, start_new_session=True)
