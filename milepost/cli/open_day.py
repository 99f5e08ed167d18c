"""`milepost open-day DATE`: the lender's first date."""

from datetime import datetime

import click

from milepost.cli import setup


@click.command()
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def command(day: datetime) -> None:
    """Open the installation's first business day."""
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.plumbing.errors import Refusal
    from milepost.servicing.business_days import operations

    try:
        operations.open_first_day(on=day.date(), actor=Actor.system("open-day"), at=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"The lender's date is {day:%-d %B %Y}.")
