"""Worked cases from the `shared/vectors` folder beside the project, where there is one; and their wording as ours.

They speak the interface of `calculations.md`: decimal strings, ISO dates, percentages. This file says how such a
request reads as the types of `milepost.finance`, and nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from milepost.finance.schedule import Balloon, Fee, FeeKind, OddFirstPeriod, RateConvention, Terms, Timing


def folder() -> Path | None:
    """The nearest `shared/vectors` beside a folder above this file."""
    for above in Path(__file__).resolve().parents:
        if (above.parent / "shared" / "vectors").is_dir():
            return above.parent / "shared" / "vectors"
    return None


def cases(file: str, kind: str | None = None) -> list[Any]:
    """The cases of one file (of one kind) as pytest parameters; one skipped parameter when the folder is absent."""
    place = folder()
    if place is None or not (place / file).is_file():
        reason = f"no shared/vectors/{file} beside this project: the project's own worked cases prove the same rules"
        return [pytest.param({}, {}, marks=pytest.mark.skip(reason=reason), id=f"no {file}")]
    content = json.loads((place / file).read_text())
    return [
        pytest.param(case["request"], case["response"], id=case["name"])
        for case in content["vectors"]
        if kind is None or case.get("kind", content["kind"]) == kind
    ]


def pence(text: str) -> int:
    """298.05 -> 29805."""
    return int(Decimal(text).scaleb(2))


def pounds(minor: int) -> str:
    """29805 -> 298.05."""
    return str(Decimal(minor).scaleb(-2).quantize(Decimal("0.01")))


def day(text: str | None) -> date | None:
    """ISO text or nothing."""
    return date.fromisoformat(text) if text else None


def terms(request: Mapping[str, Any]) -> Terms:
    """The agreement that a `schedule` or `settlement` request describes."""
    balloon = request.get("balloon")
    return Terms(
        amount_of_credit=pence(request["amount_of_credit"]),
        number_of_instalments=request["number_of_instalments"],
        rate_convention=RateConvention(request["rate"]["convention"]),
        annual_percent=Decimal(request["rate"]["annual_percent"]) if "annual_percent" in request["rate"] else None,
        drawdown_date=day(request.get("drawdown_date")),
        first_due_date=day(request.get("first_due_date")),
        advance_instalments=request.get("advance_instalments", 0),
        balloon=Balloon(pence(balloon["amount"]), balloon["month"]) if balloon else None,
        fees=tuple(_fees(request.get("fees", []))),
        instalment=pence(request["instalment"]) if "instalment" in request else None,
        final_instalment=pence(request["final_instalment"]) if "final_instalment" in request else None,
        odd_first_period=OddFirstPeriod(request.get("odd_first_period", "EQUAL")),
        deposit=pence(request.get("deposit", "0")),
    )


def _fees(rows: list[dict[str, Any]]) -> Iterator[Fee]:
    for row in rows:
        timing = row["with_instalment"]
        yield Fee(FeeKind(row["kind"]), pence(row["amount"]), Timing(timing) if isinstance(timing, str) else timing)
