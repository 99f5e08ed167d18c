"""`default-interest`: simple interest on a sum in default."""

from typing import Any

from milepost.finance.calculations.answers import COUNT, ENGINE_FIELD, MONEY, UNDATED_RULE, Answer, Given, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Day, Field, Object, Percentage
from milepost.finance.default_interest import charge
from milepost.finance.rates import annual_rate


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The chargeable days and their interest (rules: `finance.default_interest`)."""
    found = charge(
        principal=request["principal"],
        annual=annual_rate(request["annual_percent"]),
        start=request["start_date"],
        end=request["end_date"],
        interest_free_until=request.get("interest_free_until"),
    )
    return {
        "days": found.days,
        "interest": money(found.interest),
        "rule": "Consumer Credit Act 1974 s86E, s86F: simple interest; actual/365",
    }


KIND = Kind(
    name="default-interest",
    summary="Simple interest on a missed instalment or a default sum.",
    request=Object(
        {
            "principal": Field(Amount(), "the sum in default"),
            "annual_percent": Field(Percentage(), "the contract's rate"),
            "start_date": Field(Day(), "not counted itself"),
            "end_date": Field(Day(), "counted"),
            "interest_free_until": Field(Day(), "the last day that may not be charged for", optional=True),
        }
    ),
    answer=Answer(
        {
            "days": Given(COUNT, "charged for"),
            "interest": Given(MONEY, "actual/365, half up"),
            "rule": UNDATED_RULE,
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        "A default sum within and beyond its 28 days": {
            "principal": "30.00",
            "annual_percent": "9.9",
            "start_date": "2026-02-03",
            "end_date": "2026-07-31",
            "interest_free_until": "2026-03-05",
        }
    },
    paths={},
)
