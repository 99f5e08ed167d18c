"""`milepost generate-book`: an invented book of any size, in Milepost's own format."""

import os
from datetime import datetime
from pathlib import Path

import click

from milepost.cli import setup


@click.command()
@click.option("--agreements", type=click.IntRange(1, 100_000_000), default=200, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same book.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-11-22",
    show_default=True,
    help="The day the book is of.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("book"), show_default=True,
    help="The folder for book.csv and movements.csv.gz.",
)  # fmt: skip
@click.option("--cast/--no-cast", default=True, help="With or without the demo's people, whose agreements come first.")
def command(agreements: int, seed: int, as_of: datetime, out: Path, cast: bool) -> None:
    """Write an invented book of any size in Milepost's own format. Everyone in it is invented."""
    os.environ.setdefault("MILEPOST_MODE", "demo")  # invention needs no database and no secrets
    setup.django()
    from milepost.cli.import_book import Watch
    from milepost.demo import book

    files = book.invent(out, agreements=agreements, seed=seed, as_of=as_of.date(), cast=cast, watch=Watch())
    click.echo(f"{files.agreements:,} agreements in {files.book}, {files.payments:,} payments in {files.movements}.")
    click.echo(
        f"Take it in with: milepost import {files.book} --format milepost --movements {files.movements} "
        f"--as-of {as_of:%Y-%m-%d}"
    )
