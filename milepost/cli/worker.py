"""`milepost worker`: runs what pages and the close have queued, until SIGTERM."""

import click

from milepost.cli import setup


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs at the same time.")
@click.option("--until-idle", is_flag=True, help="Stop when nothing is waiting.")
def worker(concurrency: int, until_idle: bool) -> None:
    """Run the queue's jobs."""
    setup.installation()
    from milepost.plumbing import jobs

    jobs.run_worker(concurrency=concurrency, until_idle=until_idle)


command = worker
