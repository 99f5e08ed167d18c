"""`apr-tolerance`: which printed APRs comply, for a true one."""

from datetime import date
from decimal import Decimal
from typing import Any

from milepost.finance import apr, law
from milepost.finance.calculations.answers import ENGINE_FIELD, NUMBER, RULE, Answer, Given, number
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Field, Object, Percentage


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The lowest and highest figure that may be printed, under the latest law recorded."""
    percent: Decimal = request["apr_percent"]
    lowest, highest = apr.permitted(percent, date.max)
    return {
        "lowest_permitted": number(_one_decimal(lowest)),
        "highest_permitted": number(_one_decimal(highest)),
        "rule": law.in_force(law.Provision.APR_MAY_EXCEED_BY, date.max).named,
    }


def _one_decimal(percent: Decimal) -> Decimal:
    """With one decimal at least; more where the request had more."""
    exponent = percent.as_tuple().exponent
    return percent if isinstance(exponent, int) and exponent <= -1 else percent.quantize(Decimal("0.1"))


KIND = Kind(
    name="apr-tolerance",
    summary="The range within which a printed APR complies.",
    request=Object({"apr_percent": Field(Percentage(), "the true APR")}),
    answer=Answer(
        {
            "lowest_permitted": Given(NUMBER, "the least that may be printed"),
            "highest_permitted": Given(NUMBER, "the most that may be printed"),
            "rule": RULE,
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={"For a true APR of 9.3 %": {"apr_percent": "9.3"}},
    paths={},
)
