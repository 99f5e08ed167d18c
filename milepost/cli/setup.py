"""What a command does before it touches Django: choose the database, then load the applications."""

import atexit
import os
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent.parent
MARK = "milepost-demo"
"""The file that says that a folder holds an embedded installation of ours."""
KEEPER = "database-keeper"
"""The file with the number of the process that will stop the folder's embedded PostgreSQL."""


def django() -> None:
    """Load the applications with the settings of this environment; an unsafe one ends here with its reasons."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    import django as framework
    from django.core.exceptions import ImproperlyConfigured

    try:
        framework.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from error


def database(folder: Path, *, mode: str, durable: bool = True, stop_at_exit: bool = False) -> None:
    """Use DATABASE_URL where it is set, else start (or attach to) the embedded PostgreSQL in this folder.

    `stop_at_exit`: a server that this command started ends with it.
    """
    os.environ.setdefault("MILEPOST_MODE", mode)
    os.environ.setdefault("MILEPOST_DATA", str(folder))
    if os.environ.get("DATABASE_URL"):
        os.environ.setdefault("MILEPOST_OUTSIDE_DATABASE", "1")
        return
    from milepost.config.embedded_postgres import EmbeddedPostgres, PostgresUnavailable

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).touch()
    try:
        server = EmbeddedPostgres(folder / "postgres", durable)
        launched = server.start()
    except PostgresUnavailable as error:
        raise click.ClickException(str(error)) from error
    if _is_ours_to_stop(folder / KEEPER, launched) and stop_at_exit:
        atexit.register(server.stop)
    os.environ.update(server.environment())


def _is_ours_to_stop(keeper: Path, launched: bool) -> bool:
    """Whoever started the server stops it; who finds it left behind by a command that was killed takes its place."""
    if not launched and keeper.exists() and Path("/proc", keeper.read_text().strip() or "none").exists():
        return False
    keeper.write_text(str(os.getpid()))
    return True


def installation(*, tables: bool = True) -> None:
    """For commands on an installation: its environment where DATABASE_URL is set, else the demo's data folder.

    An embedded database is brought up to date first; an outside one is the operator's to migrate.
    """
    if os.environ.get("DATABASE_URL"):
        django()
        return
    database(Path(os.environ.get("MILEPOST_DATA", ROOT / ".milepost" / "demo")), mode="demo", stop_at_exit=True)
    django()
    if tables:
        bring_up_to_date()


def stop_database(folder: Path) -> None:
    """Stop the embedded PostgreSQL of this folder, where there is one; an outside database is not ours to stop."""
    if os.environ.get("MILEPOST_OUTSIDE_DATABASE") or not (folder / "postgres").exists():
        return
    from milepost.config.embedded_postgres import EmbeddedPostgres

    EmbeddedPostgres(folder / "postgres").stop()


def revive_database(folder: Path) -> bool:
    """Start the embedded PostgreSQL of this folder again if it has ended; whether it had."""
    if os.environ.get("MILEPOST_OUTSIDE_DATABASE") or not (folder / "postgres").exists():
        return False
    from milepost.config.embedded_postgres import EmbeddedPostgres, PostgresUnavailable

    server = EmbeddedPostgres(folder / "postgres")
    try:
        return server.has_ended and server.start()
    except PostgresUnavailable as error:
        raise click.ClickException(str(error)) from error


def prepare(*, verbosity: int) -> None:
    """Migrate, make the cache's table and collect the static files."""
    from django.core.management import call_command

    from milepost.config import database_roles

    call_command("migrate", interactive=False, verbosity=verbosity)
    with database_roles.as_owner():
        database_roles.grant()
        call_command("createcachetable", verbosity=0)
    collect_static()


def collect_static() -> None:
    """Gather the static files under their hashed names, where the server finds them."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def bring_up_to_date() -> None:
    """Prepare where migrations are missing; a moment where none are."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        prepare(verbosity=0)
