"""`appropriation`: one payment over several agreements of one customer (s81)."""

from typing import Any

from milepost.finance.appropriation import appropriate
from milepost.finance.calculations.answers import ENGINE_FIELD, MONEY, UNDATED_RULE, Answer, Given, Named, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Field, MapOf, Object

MOST_AGREEMENTS = 100


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """In proportion to the sums due (rules: `finance.appropriation`)."""
    found = appropriate(request["payment"], request["due"])
    return {
        "allocated": {agreement: money(amount) for agreement, amount in found.allocated.items()},
        "unallocated": money(found.unallocated),
        "rule": "Consumer Credit Act 1974 s81(2)",
    }


KIND = Kind(
    name="appropriation",
    summary="How one payment is divided between agreements when the customer has not said.",
    request=Object(
        {
            "payment": Field(Amount(), "received"),
            "due": Field(MapOf(Amount(), least=1, most=MOST_AGREEMENTS), "each agreement and what is due on it"),
        }
    ),
    answer=Answer(
        {
            "allocated": Given(Named(MONEY), "what each receives; the remainder goes to the last"),
            "unallocated": Given(MONEY, "beyond all that is due"),
            "rule": UNDATED_RULE,
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={"Two agreements": {"payment": "300.00", "due": {"AGR1": "210.50", "AGR2": "189.99"}}},
    paths={},
)
