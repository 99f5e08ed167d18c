"""Whatever is asked: an answer or an error, never a crash, within a second, and as the schemas say."""

import contextlib
import copy
import json
import time
from datetime import date
from typing import Any

from hypothesis import given, settings, strategies as st

from milepost.finance.calculations import KINDS, answer, json_lines, kind
from milepost.finance.calculations.answers import REFUSED
from milepost.finance.money import FinanceError
from tests.finance.calculations.weights import TABLES
from tests.support import json_schema

SLOWEST = 1.0
FORMS_REFUSED = {"wrong_type", "unknown_field", "unknown_choice", "invalid", "invalid_date"}
NAMES = st.sampled_from(list(KINDS))
FIGURES = st.sampled_from(
    [
        "0.00", "0.01", "1.00", "298.05", "9999999.99", "-1.00", "0", "1", "100", "10000", "8.9", "0.0000000001", "NaN",
        "1/12", "13/365", "600/1", "-1", "999999999/999999999", "1/999999999", "2024-02-29", "2026-01-31", "1900-01-01",
        "2899-12-31", "2099-12-31", "2023-02-29", "000000", "00000000", "MONTH", "NONE", "FLAT", "CONTRACT", "PCP",
        "LAST", "UPFRONT", "COMPOUND", "SIMPLE", "KEEP_INSTALMENT", "",
    ]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 700), st.integers(), st.floats(), st.text(max_size=12), FIGURES
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def judged(name: str, request: Any) -> dict[str, Any]:
    start = time.perf_counter()
    told = answer(name, request, TABLES)
    assert time.perf_counter() - start < SLOWEST
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    schema = REFUSED if "error" in told else kind(name).answer
    assert json_schema.valid(told, schema.schema()), told
    return told


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, part in inner for place in places(part, (*path, key))]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Any]:
    """A good request with one to three of its values changed or taken away."""
    name = draw(NAMES)
    request = copy.deepcopy(draw(st.sampled_from(list(kind(name).examples.values()))))
    for _ in range(draw(st.integers(1, 3))):
        here = places(request)
        if not here:
            break
        *steps, last = draw(st.sampled_from(here))
        place: Any = request
        for step in steps:
            place = place[step]
        if draw(st.booleans()) or isinstance(place, list):
            place[last] = draw(VALUES if draw(st.booleans()) else FIGURES | st.integers(-3, 700))
        else:
            del place[last]
    return name, request


@settings(max_examples=400, deadline=None)
@given(mutations())
def test_a_good_request_gone_wrong(case: tuple[str, Any]):
    name, request = case
    told = judged(name, request)
    if told.get("error", {}).get("code") in {
        "wrong_type",
        "unknown_field",
        "unknown_choice",
        "invalid",
        "invalid_date",
    }:
        assert not json_schema.valid(request, kind(name).request.schema()), told
    elif "error" not in told:
        assert json_schema.valid(request, kind(name).request.schema())


@settings(max_examples=150, deadline=None)
@given(NAMES, VALUES)
def test_anything_at_all(name: str, request: Any):
    assert "error" in judged(name, request)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_line(line: bytes):
    with contextlib.suppress(FinanceError):
        json_lines.read(line)


@settings(max_examples=150, deadline=None)
@given(
    credit=st.integers(1, 999_999_999),
    number=st.integers(1, 600),
    advance=st.integers(0, 5),
    convention=st.sampled_from(["NOMINAL", "EFFECTIVE", "FLAT"]),
    percent=st.decimals(0, 60, places=2),
    first=st.dates(min_value=date(2024, 2, 1), max_value=date(2024, 5, 31)),
    odd=st.sampled_from(["COMPOUND", "SIMPLE", "EQUAL"]),
    balloon=st.none() | st.integers(0, 1),
)
def test_any_schedule_adds_up(credit, number, advance, convention, percent, first, odd, balloon):
    request: dict[str, Any] = {
        "product": "LEASE_PURCHASE",
        "amount_of_credit": f"{credit // 100}.{credit % 100:02d}",
        "number_of_instalments": number,
        "rate": {"convention": convention, "annual_percent": str(percent)},
        "drawdown_date": "2024-01-31",
        "first_due_date": first.isoformat(),
        "odd_first_period": odd,
        "advance_instalments": advance,
    }
    if balloon is not None and credit > 3:
        third = credit // 3
        request["balloon"] = {"amount": f"{third // 100}.{third % 100:02d}", "month": number - advance + balloon}
    told = judged("schedule", request)
    if "error" not in told:
        assert told["rows"][-1]["balance"] == "0.00"
        assert sum(int(row["principal"].replace(".", "")) for row in told["rows"]) == credit
        assert all(not row["interest"].startswith("-") for row in told["rows"])
