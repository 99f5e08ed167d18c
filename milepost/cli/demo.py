"""`milepost demo`: a lender with invented customers, served on this machine by the production server."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click

from milepost.cli import serve, setup

OPENS_ON = "2026-11-22"
PATIENCE = 3
"""Seconds a web worker may take to stop; the server needs them only when it is told to stop soon after it began."""


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=setup.ROOT / ".milepost" / "demo",
    envvar="MILEPOST_DATA", show_default=".milepost/demo", help="Everything the demo keeps is in this folder.",
)  # fmt: skip
@click.option("--reset", is_flag=True, help="Forget everything and start afresh.")
@click.option(
    "--agreements",
    default=200,
    show_default=True,
    type=click.IntRange(1),
    help="How many agreements the invented book has.",
)
@click.option(
    "--book", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A tape of your own instead."
)
@click.option("--movements", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its movements.")
@click.option("--format", "tape_format", default="milepost", show_default=True, help="What the tape is.")
@click.option(
    "--lender", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A lender.toml of your own."
)
def command(
    port: int, data: Path, reset: bool, agreements: int, book: Path | None, movements: Path | None, tape_format: str,
    lender: Path | None,
) -> None:  # fmt: skip
    """A lender with invented customers on this machine, to look at."""
    if os.environ.get("MILEPOST_MODE", "demo") != "demo" or os.environ.get("MILEPOST_HOST"):
        raise click.ClickException(
            "The demo does not run with production settings: unset MILEPOST_MODE and MILEPOST_HOST."
        )
    for stop in (signal.SIGTERM, signal.SIGINT):  # a script's background job is born with SIGINT ignored
        signal.signal(stop, _interrupt)
    if lender:
        os.environ["MILEPOST_LENDER"] = str(lender.resolve())
    folder = data.resolve()
    claim(folder)
    with only_one(folder):
        refuse_taken_port(port)
        if reset:
            forget_files(folder)
        try:
            prepare(folder, port, reset=reset)
            fill(folder, agreements, book, movements, tape_format)
            run(folder, port)
        except KeyboardInterrupt:
            click.echo("\nStopped.")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave the database running
            setup.stop_database(folder)


def prepare(folder: Path, port: int, *, reset: bool) -> None:
    """The database and the tables; nothing left of before when it is a reset."""
    os.environ.update(MILEPOST_PORT=str(port), MILEPOST_SECRET_KEY=secret_key(folder))
    click.echo(f"Everything is kept in {folder}")
    setup.database(folder, mode="demo")
    setup.django()
    from milepost.config import database_roles

    if os.environ.get("MILEPOST_OUTSIDE_DATABASE"):
        if database_roles.holds_a_real_book():
            raise click.ClickException("DATABASE_URL holds a lender's own book: the demo does not touch it.")
        if reset:
            database_roles.drop_everything()
    setup.bring_up_to_date()
    setup.collect_static()


def fill(folder: Path, agreements: int, book: Path | None, movements: Path | None, tape_format: str) -> None:
    """The lender's first date, a book and its people: only what is missing, so that a start cut short goes on here."""
    from milepost.cli.import_book import Watch
    from milepost.demo import opening

    if opening.is_filled():
        return
    if book is None:
        opening.fill_with_invented_book(folder / "book", agreements, Watch())
        return
    from milepost.servicing.tapes.operations import reconcile

    report = opening.fill_with_tape(book, movements, tape_format, folder, Watch())
    click.echo(reconcile.words(report))


def run(folder: Path, port: int) -> None:
    """Serve until told to stop, or until a part ends by itself."""
    refuse_taken_port(port)  # again: the server shares its port, so a second one would not be refused by the system
    site, worker = serve.start(port=port, patience=PATIENCE), start_worker()
    try:
        wait_for_site(port, site)
        greet(port)
        while site.poll() is None:
            time.sleep(0.5)
            if setup.revive_database(folder):
                click.echo("The database had ended, and has been started again.")
            if worker.poll() is not None:  # it ends when the database goes away, and comes back with it
                time.sleep(2)
                worker = start_worker()
        raise click.ClickException("The site ended by itself; the lines above say why.")
    finally:
        end([site, worker])


def greet(port: int) -> None:
    """Where to go and as whom."""
    from milepost.demo import people

    click.echo(f"\n  The site:      http://localhost:{port}/")
    click.echo(f"  Messages sent: http://localhost:{port}/demo/outbox   (your sign-in code arrives here)\n")
    for line in people.table():
        click.echo(f"  {line}")
    click.echo("\n  Everyone here is invented. Ctrl-C stops it.\n")


def claim(folder: Path) -> None:
    """Make the folder ours, or refuse one that holds somebody else's files."""
    if folder.exists() and not (folder / setup.MARK).exists() and any(folder.iterdir()):
        raise click.ClickException(
            f"{folder} is not a demo's data folder: it holds other files. Choose another with --data."
        )
    if folder.exists() and folder.stat().st_uid != os.getuid():
        raise click.ClickException(f"{folder} belongs to another user. Choose another folder with --data.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / setup.MARK).touch()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two demos in one folder would share a database: the second is refused. The lock dies with its process."""
    with (folder / setup.MARK).open("r+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(
                f"A demo is running in {folder} already. Stop it, or choose another --data."
            ) from None
        yield


def refuse_taken_port(port: int) -> None:
    """A clear sentence beats a server that dies after everything else has started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken ({error.strerror}). Stop what uses it, or choose another with --port."
            ) from None


def forget_files(folder: Path) -> None:
    """A fresh start: the database is stopped and everything but the mark removed."""
    setup.stop_database(folder)
    for path in folder.iterdir():
        if path.name == setup.MARK:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def secret_key(folder: Path) -> str:
    """The demo's own secret, made once."""
    path = folder / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def start_worker() -> subprocess.Popen[bytes]:
    """The worker that sends codes, as a child process."""
    return serve.child([sys.executable, "-m", "milepost", "worker"])


def wait_for_site(port: int, site: subprocess.Popen[bytes]) -> None:
    """Until the site answers."""
    for _ in range(300):
        if site.poll() is not None:
            raise click.ClickException("The site does not start; the lines above say why.")
        try:
            with urlopen(f"http://localhost:{port}/health/live", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(f"The site does not answer on port {port}.")


def end(children: list[subprocess.Popen[bytes]]) -> None:
    """Stop the children, politely and then not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE + 5
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
