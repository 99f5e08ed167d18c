"""`milepost bench NAME`: one figure, measured against something else in the same run by a file of benchmarks/."""

import json
import os
import platform
import sys
from importlib import import_module
from typing import Any

import click

from milepost.cli import setup

BENCHES = {
    "import": "import_book",
    "ledger": "ledger",
    "overview": "overview",
    "quotes": "quotes",
    "schedules": "schedules",
}


@click.command()
@click.argument("name", type=click.Choice(list(BENCHES)))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--agreements", type=int, help="A book of another size, for a quick look.")
def command(name: str, as_json: bool, agreements: int | None) -> None:
    """Measure one figure, as a ratio within one run."""
    sys.path.insert(0, str(setup.ROOT))
    bench = import_module(f"benchmarks.{BENCHES[name]}")
    result = {"bench": name, "machine": machine(), "figures": bench.run(agreements=agreements)}
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(f"{name} on {result['machine']['cores']} cores, Python {result['machine']['python']}")
    for line in table(result["figures"]):
        click.echo(line)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}


def figure(
    name: str, unit: str, value: float, reference: str = "", reference_value: float | None = None,
    target: str = "", met: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One figure as it is printed; `ratio` is value over reference."""
    ratio = value / reference_value if reference_value else None
    return {
        "figure": name, "unit": unit, "value": round(value, 3), "reference": reference,
        "reference_value": None if reference_value is None else round(reference_value, 3),
        "ratio": None if ratio is None else round(ratio, 3), "target": target, "met": met,
    }  # fmt: skip


def table(figures: list[dict[str, Any]]) -> list[str]:
    """The figures in columns."""
    heads = ("figure", "value", "unit", "reference", "reference_value", "ratio", "target", "met")
    rows = [heads, *(tuple("" if row[head] is None else str(row[head]) for head in heads) for row in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
