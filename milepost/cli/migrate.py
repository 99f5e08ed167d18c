"""`milepost migrate`: tables, rights, cache table and static files, in one go. Harmless to repeat."""

import click

from milepost.cli import setup


@click.command()
def command() -> None:
    """Bring the database to this version, as the owner of its tables."""
    setup.installation(tables=False)
    from django.core.exceptions import ImproperlyConfigured

    from milepost.config import database_roles

    try:
        database_roles.refuse_demo_over_a_real_book()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from error
    setup.prepare(verbosity=1)
