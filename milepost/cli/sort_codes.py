"""Where the operator's sort-code tables are kept: one file for each effective date, in the data folder."""

import json
import os
from datetime import date
from pathlib import Path

from milepost.finance.bank_account import WeightTable
from milepost.finance.money import FinanceError

ROOT = Path(__file__).resolve().parent.parent.parent


class Unreadable(Exception):
    """A table of the data folder cannot be read: load it again."""


def folder(data: str | None) -> Path:
    """The tables of a data folder: the one named, else MILEPOST_DATA, else the demo's."""
    return Path(data or os.environ.get("MILEPOST_DATA") or ROOT / ".milepost" / "demo") / "sort-codes"


def keep(place: Path, effective: date, weights: str, substitutions: str) -> Path:
    """Write a table that has been checked; one of the same date is replaced whole."""
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{effective.isoformat()}.json"
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps({"weights": weights, "substitutions": substitutions}))
    draft.replace(path)
    return path


def in_force(place: Path, on: date) -> tuple[WeightTable, date] | None:
    """The latest table that applies on a date, or the first to come where none does yet; None where none is loaded."""
    dated = {}
    for path in place.glob("*.json"):
        try:
            dated[date.fromisoformat(path.stem)] = path
        except ValueError:
            continue  # not one of ours
    if not dated:
        return None
    since = max((day for day in dated if day <= on), default=min(dated))
    try:
        content = json.loads(dated[since].read_text())
        return WeightTable.parse(content["weights"], content["substitutions"]), since
    except (OSError, ValueError, KeyError, TypeError, FinanceError) as error:
        raise Unreadable(f"{dated[since]} cannot be read: load the table of {since} again") from error
