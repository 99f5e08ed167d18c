"""`end-of-term`: keep a PCP's car, hand it back, or part-exchange it."""

from typing import Any

from milepost.finance.calculations.answers import COUNT, ENGINE_FIELD, MONEY, SIGNED_MONEY, Answer, Given, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Field, Object, Percentage, Whole
from milepost.finance.end_of_term import choices

_MILES = Whole(0, 10_000_000)


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The three choices side by side (rules: `finance.end_of_term`)."""
    found = choices(**request)
    answer = {
        "allowed_miles": found.allowed_miles,
        "excess_miles": found.excess_miles,
        "excess_charge_if_returned": money(found.excess_charge_if_returned),
        "pay_to_keep": money(found.pay_to_keep),
    }
    if found.equity_if_part_exchanged is not None:
        answer["equity_if_part_exchanged"] = money(found.equity_if_part_exchanged)
    return answer


KIND = Kind(
    name="end-of-term",
    summary="The three choices at the end of a PCP.",
    request=Object(
        {
            "annual_allowance": Field(_MILES, "miles a year"),
            "months_held": Field(Whole(0, 600), "the allowance of part years is rounded down"),
            "odometer_delta": Field(_MILES, "miles driven"),
            "pence_per_mile": Field(Percentage(1_000, "pence"), "for each mile in excess; may have decimals"),
            "balloon": Field(Amount(), "the optional final payment"),
            "option_fee": Field(Amount(), "for buying"),
            "market_value": Field(Amount(), "what the car would fetch", optional=True),
        }
    ),
    answer=Answer(
        {
            "allowed_miles": Given(COUNT, "for the months held"),
            "excess_miles": Given(COUNT, "beyond those"),
            "excess_charge_if_returned": Given(MONEY, "for handing the car back, damage apart"),
            "pay_to_keep": Given(MONEY, "final payment and option fee"),
            "equity_if_part_exchanged": Given(
                SIGNED_MONEY, "market value less final payment; negative where returning is better", optional=True
            ),
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        "Driven further than allowed": {
            "annual_allowance": 8000,
            "months_held": 36,
            "odometer_delta": 25310,
            "pence_per_mile": "8.5",
            "balloon": "7200.00",
            "option_fee": "10.00",
            "market_value": "7900.00",
        }
    },
    paths={},
)
