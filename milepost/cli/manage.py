"""`milepost manage …`: Django's own commands, in this installation."""

import click

from milepost.cli import setup


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(words: tuple[str, ...]) -> None:
    """Pass a command through to Django."""
    setup.installation(tables=False)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["milepost manage", *words])
