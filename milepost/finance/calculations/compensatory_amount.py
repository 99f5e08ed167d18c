"""`compensatory-amount`: the most that a lender may claim for an early payment (s95A)."""

from datetime import date
from typing import Any

from milepost.finance import law
from milepost.finance.calculations.answers import ENGINE_FIELD, MONEY, RULE, Answer, Given, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Field, Object, Truth
from milepost.finance.compensatory_amount import maximum


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The cap under the latest law recorded (rules: `finance.compensatory_amount`)."""
    return {
        "maximum": money(maximum(**request)),
        "rule": law.in_force(law.Provision.COMPENSATORY_SHARE, date.max).named,
    }


KIND = Kind(
    name="compensatory-amount",
    summary="The most that a lender may claim when a customer pays early (CCA 1974 s95A).",
    request=Object(
        {
            "payment": Field(Amount(), "the early payment"),
            "other_payments_last_12_months": Field(Amount(), "other early payments of the last twelve months"),
            "more_than_one_year_left": Field(Truth(), "between this payment and the end of the agreement"),
            "interest_avoided": Field(Amount(), "what the customer would have paid in interest"),
        }
    ),
    answer=Answer({"maximum": Given(MONEY, "the cap; rounded down"), "rule": RULE, "engine": ENGINE_FIELD}),
    compute=compute,
    examples={
        "More than a year left": {
            "payment": "9500.00",
            "other_payments_last_12_months": "0.00",
            "more_than_one_year_left": True,
            "interest_avoided": "640.00",
        }
    },
    paths={},
    rules="""\
- Nought unless this and the other early payments together exceed 8,000.00. Above that 1 % of this payment, or 0.5 %
  where a year or less is left, rounded down to the penny, and never more than the interest avoided.
""",
)
