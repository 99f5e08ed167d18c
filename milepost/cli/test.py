"""`milepost test`: everything the tests need, then all of them."""

import os
import re
import subprocess
import sys
import time

import click

from milepost.cli import visitor

JOURNEYS = "tests/journeys"
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)")


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(words: tuple[str, ...]) -> None:
    """All tests; with words of pytest's own (a path, -k, -x), those alone."""
    started = time.monotonic()
    if visitor.chromium() is None and visitor.install_chromium() is None:
        click.echo(f"The browser tests are skipped: no Chromium here. {visitor.INSTALL}")
    if words:
        sys.exit(_pytest(*words)[0])
    # Fast tests share out over the processors; journeys follow in a process of their own, because a browser's event
    # loop stays in the main thread and Django's database layer refuses to work beside one.
    outcomes = [_pytest("-n", str(_processors()), "--dist", "loadfile", "--ignore", JOURNEYS), _pytest(JOURNEYS)]
    _close(outcomes, time.monotonic() - started)
    sys.exit(max(status for status, _ in outcomes))


def _pytest(*words: str) -> tuple[int, dict[str, int]]:
    """Run it, show what it says, and count."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *words], cwd=visitor.ROOT, text=True, stdout=subprocess.PIPE
    )
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        click.echo(line, nl=False)
        last = line if COUNTS.search(line) else last
    return process.wait(), {kind.rstrip("s"): int(count) for count, kind in COUNTS.findall(last)}


def _close(outcomes: list[tuple[int, dict[str, int]]], seconds: float) -> None:
    """One line over both runs, worded as pytest words its own."""
    totals: dict[str, int] = {}
    for _, counts in outcomes:
        for kind, count in counts.items():
            totals[kind] = totals.get(kind, 0) + count
    order = ("failed", "error", "passed", "skipped", "xfailed", "warning")
    words = ", ".join(f"{totals[kind]} {kind}" for kind in order if totals.get(kind)) or "no tests ran"
    good = all(status == 0 for status, _ in outcomes)
    click.secho(f"{f' {words} in {seconds:.2f}s ':=^80}", fg="green" if good else "red")


def _processors() -> int:
    return min(len(os.sched_getaffinity(0)), 8)
