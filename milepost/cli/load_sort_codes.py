"""`milepost load-sort-codes`: the weight table that `calculate bank-account` checks accounts with."""

from datetime import datetime
from pathlib import Path

import click

from milepost.cli import sort_codes
from milepost.finance.bank_account import WeightTable
from milepost.finance.money import FinanceError

_FILE = click.Path(path_type=Path, dir_okay=False)
LARGEST_FILE = 5_000_000


@click.command()
@click.argument("weights", type=_FILE, metavar="VALACDOS.TXT")
@click.argument("substitutions", type=_FILE, metavar="SCSUBTAB.TXT")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day the table applies from.")
@click.option("--data", type=click.Path(file_okay=False), help="The data folder (default: MILEPOST_DATA).")
def command(weights: Path, substitutions: Path, effective: datetime, data: str | None) -> None:
    """Check the two published files and keep them in the data folder, under their date.

    A file with a line that cannot be read is refused with the line's number, and nothing is written.
    """
    texts = _text(weights), _text(substitutions)
    try:
        table = WeightTable.parse(*texts)
        table.require_order()
    except FinanceError as error:
        name = substitutions if error.field.startswith("substitutions") else weights
        line = error.field.partition(", ")[2]
        raise click.ClickException(
            f"{name}{', ' + line if line else ''}: {error.message}. Nothing is loaded."
        ) from error
    try:
        path = sort_codes.keep(sort_codes.folder(data), effective.date(), *texts)
    except OSError as error:
        raise click.ClickException(f"The table cannot be written to {error.filename}: {error.strerror}.") from error
    click.echo(
        f"{len(table.rows)} rows and {len(table.substitutions)} substitutions, effective {effective:%Y-%m-%d}: {path}"
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise click.ClickException(f"{path} is larger than {LARGEST_FILE:,} bytes: no published table is.")
        return path.read_bytes().decode("ascii")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise click.ClickException(f"{path}, line {line}: holds something other than plain text.") from error
