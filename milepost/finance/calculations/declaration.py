"""What a kind of calculation is: its request, its answer, the function between them, and an example."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from milepost.finance.bank_account import WeightTable
from milepost.finance.calculations.answers import Answer
from milepost.finance.calculations.fields import Object
from milepost.finance.calculations.forms import ByField, ByName


@dataclass(frozen=True)
class Tables:
    """Data that an operator loads, handed in by the caller: the sort-code weights and the day they apply from."""

    weights: WeightTable | None = None
    weights_since: date | None = None


NO_TABLES = Tables()


@dataclass(frozen=True)
class Kind:
    """One kind. `compute` takes what `request` read and gives what `answer` declares.

    `paths` says under which path of the request a field of finance stands, for its refusals. `examples` are requests.
    `rules` are what a reader needs to derive an answer by hand, for the reference page.
    """

    name: str
    summary: str
    request: Object | ByField | ByName
    answer: Answer
    compute: Callable[[dict[str, Any], Tables], dict[str, Any]]
    examples: Mapping[str, dict[str, Any]]
    paths: Mapping[str, str]
    notes: str = ""
    rules: str = ""
