"""Every worked case of `shared/vectors`, through the very interface: `request` in, every field of `response` out."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from milepost.finance.calculations import KINDS, NO_TABLES, Tables, answer
from tests.finance import vectors
from tests.finance.calculations.weights import PUBLISHED_SINCE
from tests.finance.test_bank_account import published_table


@cache
def tables() -> Tables:
    table = published_table()
    return Tables(table, PUBLISHED_SINCE) if table else NO_TABLES


def cases() -> Iterator[Any]:
    place = vectors.folder()
    if place is None:
        reason = "no shared/vectors beside this project: the project's own worked cases prove the same rules"
        yield pytest.param("", {}, {}, marks=pytest.mark.skip(reason=reason), id="no vectors")
        return
    for path in sorted(place.glob("*.json")):
        content = json.loads(path.read_text())
        for case in content.get("vectors", []):
            kind = case.get("kind", content.get("kind"))
            if kind in KINDS:  # ledger entries, files and columns are not requests
                yield pytest.param(kind, case["request"], case["response"], id=case["name"])


@pytest.mark.parametrize(("kind", "request_", "response"), list(cases()))
def test_the_answer_has_every_field_of_the_response(kind: str, request_: dict[str, Any], response: dict[str, Any]):
    if kind == "bank-account" and tables() is NO_TABLES:
        pytest.skip("no weight table in shared/data beside this project: it is the operator's to load")
    told = answer(kind, request_, tables())
    expected = dict(response)
    rows = {row["number"]: row for row in told.get("rows", [])}
    for row in expected.pop("rows", []):
        assert {name: rows[row["number"]][name] for name in row} == row
    assert {name: told.get(name) for name in expected} == expected, told
