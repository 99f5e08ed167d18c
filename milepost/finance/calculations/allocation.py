"""`allocation`: one receipt over what one agreement owes."""

from typing import Any

from milepost.finance.allocation import fill
from milepost.finance.calculations.answers import ENGINE_FIELD, MONEY, Answer, Given, Named, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Field, ListOf, MapOf, Name, Object

MOST_BUCKETS = 100


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """Bucket after bucket until nothing is left (rules: `finance.allocation`)."""
    allocated, unallocated = fill(request["payment"], request["owed"], request["order"])
    return {
        "allocated": {bucket: money(amount) for bucket, amount in allocated.items()},
        "unallocated": money(unallocated),
    }


KIND = Kind(
    name="allocation",
    summary="How one receipt is spread over what an agreement owes.",
    request=Object(
        {
            "payment": Field(Amount(), "received"),
            "owed": Field(MapOf(Amount(), most=MOST_BUCKETS), "each bucket's name and what it owes"),
            "order": Field(ListOf(Name(), most=MOST_BUCKETS), "the buckets as they are filled, each once"),
        }
    ),
    answer=Answer(
        {
            "allocated": Given(Named(MONEY), "what each bucket of the order receives"),
            "unallocated": Given(MONEY, "left over: the customer's credit"),
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        "Fees last": {
            "payment": "250.00",
            "owed": {"arrears_interest": "20.40", "arrears_principal": "214.60", "fees": "25.00"},
            "order": ["arrears_interest", "arrears_principal", "fees"],
        }
    },
    paths={},
)
