"""The commands of `milepost`, by name: one is imported when it is wanted, so that start-up stays short."""

import os
from importlib import import_module
from pathlib import Path

import click

from milepost.cli.order import COMMANDS


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command | None = getattr(import_module(f"milepost.cli.{module}"), "command", None)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(name="milepost", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(file_okay=False), help="The data folder of an embedded installation.")
@click.option("--lender", type=click.Path(dir_okay=False), help="A lender.toml of your own.")
def group(data: str | None, lender: str | None) -> None:
    """Milepost: customer portal and servicing system for vehicle finance lenders."""
    for name, value in (("MILEPOST_DATA", data), ("MILEPOST_LENDER", lender)):
        if value:
            os.environ[name] = str(Path(value).resolve())
