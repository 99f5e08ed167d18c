"""`milepost migrate`: tables, rights, cache table and static files, in one go. Harmless to repeat."""

import click

from milepost.cli import setup


@click.command()
def command() -> None:
    """Bring the database to this version, as the owner of its tables."""
    setup.installation(tables=False)
    setup.prepare(verbosity=1)
