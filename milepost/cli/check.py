"""`milepost check`: everything that can be said of the code without running the product."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import click

from milepost.cli.visitor import ROOT

NOWHERE = "postgresql://nobody:nothing@/nothing?host=/nonexistent"
"""For commands that ask for a database's address and must not use one."""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    words: tuple[str, ...]
    without_database: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    step: Step
    status: int
    said: str
    seconds: float


PYTHON = sys.executable
STEPS = (
    Step("types (mypy)", (PYTHON, "-m", "mypy"), without_database=True),
    Step("house rules, templates, routes", (PYTHON, "-m", "pytest", "tests/house", "--tb=short")),
    Step("lint (ruff)", (PYTHON, "-m", "ruff", "check", ".")),
    Step("layout (ruff format)", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Step("import contracts", (PYTHON, "-c", "from importlinter.cli import lint_imports_command as lint; lint()")),
    Step(
        "migrations up to date",
        (PYTHON, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"),
        without_database=True,
    ),
    Step("system checks", (PYTHON, "-m", "django", "check", "--fail-level", "WARNING"), without_database=True),
)


@click.command()
@click.option("--only", help="Only steps whose name contains this.")
def command(only: str | None) -> None:
    """Lint, types, import contracts, migrations, templates, house rules."""
    started = time.monotonic()
    steps = [step for step in STEPS if only is None or only in step.name]
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:  # longest first, two at a time
        for future in as_completed([pool.submit(_take, step) for step in steps]):
            outcome = future.result()
            _tell(outcome)
            if outcome.status:
                failed.append(outcome.step.name)
    seconds = time.monotonic() - started
    if failed:
        click.secho(f"{len(failed)} of {len(steps)} steps failed in {seconds:.1f} s: {', '.join(failed)}", fg="red")
        sys.exit(1)
    click.secho(f"All {len(steps)} steps passed in {seconds:.1f} s.", fg="green")


def _take(step: Step) -> Outcome:
    started = time.monotonic()
    answer = subprocess.run(
        step.words,
        cwd=ROOT,
        env=_environment(step),
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Outcome(step, answer.returncode, answer.stdout, time.monotonic() - started)


def _tell(outcome: Outcome) -> None:
    mark, colour = ("failed", "red") if outcome.status else ("passed", "green")
    click.echo(click.style(mark, fg=colour) + f"  {outcome.step.name} ({outcome.seconds:.1f} s)")
    if outcome.status:
        width = min(shutil.get_terminal_size().columns, 100)
        click.echo("-" * width + f"\n{outcome.said.rstrip()}\n" + "-" * width)


def _environment(step: Step) -> dict[str, str]:
    chosen = {"MILEPOST_MODE": "test", "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
    return {**os.environ, **chosen, **({"DATABASE_URL": NOWHERE} if step.without_database else {})}
