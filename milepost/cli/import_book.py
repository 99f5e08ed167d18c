"""`milepost import BOOK`: a whole book goes in, and a reconciliation report comes out."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from milepost.cli import setup
from milepost.plumbing.actor import Actor

REJECTED, UNUSABLE = 3, 2
ACTOR = Actor.system("import")
FORMATS = ("abs-ee", "esma-annex5", "milepost")


@click.command()
@click.argument("book", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "form", type=click.Choice(FORMATS), help="What the file is.")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), help="A format of your own, as TOML.")
@click.option("--movements", type=click.Path(path_type=Path, dir_okay=False), help="The history, as CSV or CSV.gz.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day up to which the tape is the truth.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing but the report and the rejects.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the report and the rejects.")
def command(
    book: Path, form: str | None, mapping: Path | None, movements: Path | None, as_of: datetime | None, dry_run: bool,
    out: Path | None,
) -> None:  # fmt: skip
    """Take in a whole book from a tape.

    Nothing is dropped: each row is imported, updated, unchanged, or rejected with its line, column, value and reason
    in BOOK.rejects.csv, which can be corrected and imported. Exit status: 0, or 3 when rows were rejected, or 2 when
    a file cannot be used.
    """
    if (form is None) == (mapping is None):
        raise click.UsageError(
            f"Say what the file is: --format with one of {', '.join(FORMATS)}, or --mapping MY.toml."
        )
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.errors import Refusal
    from milepost.servicing.tapes.formats import mapping as formats
    from milepost.servicing.tapes.operations import import_book, reconcile
    from milepost.servicing.tapes.operations.order import Order

    try:
        chosen = formats.read(mapping) if mapping else formats.named(form or "")
        order = Order(book, chosen, movements, as_of.date() if as_of else None, dry_run, _folder(book, out))
        report = import_book.import_book(
            order=order, actor=ACTOR, at=clock.now(), on=_lenders_date(), watch=Watch(), clock=clock.now
        )
    except (Refusal, formats.FormatWrong) as error:
        _refuse(str(error))
    except KeyboardInterrupt:
        click.echo("\nStopped. What was taken in is kept; the same command goes on from there.", err=True)
        sys.exit(130)
    click.echo(reconcile.words(report))
    if not dry_run:
        _open_first_day(report.as_of)
    if report.rejected:
        sys.exit(REJECTED)


def _lenders_date() -> date:
    """The lender's date; in an installation that has none yet, the clock's, for a tape that does not say its own."""
    from milepost.plumbing import clock
    from milepost.servicing.business_days import queries

    try:
        return queries.today()
    except queries.NoBusinessDay:
        return clock.now().date()


def _open_first_day(as_of: date) -> None:
    """A lender who begins with a tape begins on the tape's day."""
    from milepost.plumbing import clock, formats
    from milepost.servicing.business_days import operations, queries

    try:
        queries.today()
    except queries.NoBusinessDay:
        operations.open_first_day(on=as_of, actor=ACTOR, at=clock.now())
        click.echo(f"The lender's first date is {formats.day(as_of)}, the tape's own.")


def _folder(book: Path, out: Path | None) -> Path:
    """Beside the book, or here where that folder cannot be written."""
    import os

    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _refuse(f"The folder {out} cannot be made: {error.strerror}. Name another with --out.")
        if not os.access(out, os.W_OK):
            _refuse(f"The folder {out} cannot be written to. Name another with --out.")
        return out
    return book.parent if os.access(book.parent, os.W_OK) else Path.cwd()


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(UNUSABLE)


class Watch:
    """A progress bar on standard error: a line drawn again and again; without a terminal, a line now and then."""

    WIDTH = 30

    def __init__(self) -> None:
        self.words = ""
        self.tenth = -1
        self.terminal = sys.stderr.isatty()

    def __call__(self, words: str, done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 1.0
        if words != self.words:
            if self.words and self.terminal:
                click.echo(err=True)
            self.words, self.tenth = words, -1
        if self.terminal:
            filled = int(share * self.WIDTH)
            drawn = "#" * filled + "-" * (self.WIDTH - filled)
            click.echo(f"\r{words:<34} [{drawn}] {share:>4.0%}", nl=False, err=True)
            if share == 1:
                click.echo(err=True)
                self.words = ""
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            click.echo(f"{words}: {share:.0%}", err=True)
