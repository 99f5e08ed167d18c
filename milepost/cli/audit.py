"""`milepost audit`: seal the log of what was done, prove that nobody has changed it, and give out the proof's end."""

import re

import click

from milepost.cli import setup

HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@click.group()
def command() -> None:
    """Seal the log of what was done, and prove that nobody has changed it."""


@command.command()
def seal() -> None:
    """Seal what has been written since the last block; the worker does it by itself every three minutes."""
    setup.installation()
    from milepost.plumbing import clock
    from milepost.servicing.audit import operations, queries

    rows = operations.seal_settled(at=clock.now())
    head = queries.head()
    click.echo(f"{rows:,} rows sealed." + (f" The last block is {head.number:,}." if head else ""))


@command.command()
@click.option("--head", "kept", metavar="NUMBER:HASH", help="A head that you kept: it must be in the chain.")
def verify(kept: str | None) -> None:
    """Prove every block, the chain and every sealed row. Ends with 1 and names the first fault, if there is one."""
    words = HEAD.fullmatch(kept.strip()) if kept else None
    if kept and not words:
        raise click.UsageError("Give --head as `milepost audit head` printed it: a number, a colon, 64 digits.")
    setup.installation()
    from milepost.servicing.audit import queries

    head = queries.Head(int(words[1]), words[2]) if words else None
    proof = queries.prove(head)
    click.echo(f"{proof.blocks:,} blocks and {proof.rows:,} sealed rows looked at.")
    if proof.waiting and proof.waiting_since:
        click.echo(
            f"{proof.waiting:,} rows wait for a block, the oldest since {proof.waiting_since:%Y-%m-%d %H:%M} UTC."
        )
    if proof.fault:
        raise click.ClickException(f"The log is not as it was written. {str(proof.fault).capitalize()}.")
    click.echo("The log is as it was written.")


@command.command()
def head() -> None:
    """Print the last block's number and hash, to be kept where nobody who can change the database can change it."""
    setup.installation()
    from milepost.servicing.audit import queries

    found = queries.head()
    if found is None:
        raise click.ClickException("Nothing has been sealed yet: run `milepost audit seal`.")
    click.echo(str(found))
