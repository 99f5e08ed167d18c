"""`voluntary-termination`: ending hire purchase or conditional sale by returning the car (s99, s100)."""

from typing import Any

from milepost.finance.calculations.answers import (
    COUNT,
    ENGINE_FIELD,
    MONEY,
    TRUTH,
    UNDATED_RULE,
    Answer,
    Given,
    OrNull,
    money,
)
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Field, ListOf, Object, Whole, refuse
from milepost.finance.terms import MOST_INSTALMENTS
from milepost.finance.voluntary_termination import terminate

MOST_OTHER_SUMS = 100
_COUNT = Whole(0, MOST_INSTALMENTS)


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """Where the two marks are and what ending now costs (rules: `finance.voluntary_termination`)."""
    if request["other_sums_paid"] > sum(request["other_sums"]):
        refuse("too_large", "other_sums_paid", f"must not exceed the other sums, {money(sum(request['other_sums']))}")
    found = terminate(**request)
    return {
        "total_amount_payable": money(found.total_amount_payable),
        "half": money(found.half),
        "third": money(found.third),
        "paid": money(found.paid),
        "sums_due_unpaid": money(found.sums_due_unpaid),
        "shortfall": money(found.shortfall),
        "amount_payable": money(found.amount_payable),
        "protected_goods": found.protected_goods,
        "first_instalment_at_which_half_is_reached": found.first_instalment_at_which_half_is_reached,
        "rule": "Consumer Credit Act 1974 s90, s99, s100",
    }


KIND = Kind(
    name="voluntary-termination",
    summary="What ending the agreement by returning the car costs, and whether the goods are protected.",
    request=Object(
        {
            "deposit": Field(Amount(), "paid at the start, a contribution included"),
            "part_exchange": Field(Amount(), "allowed for the old car, net"),
            "instalment": Field(Amount(), "each of them"),
            "number_of_instalments": Field(Whole(1, MOST_INSTALMENTS), "of the whole agreement"),
            "balloon": Field(Amount(), "the final payment", optional=True),
            "other_sums": Field(
                ListOf(Amount(), most=MOST_OTHER_SUMS), "fees and whatever else is part of the total price"
            ),
            "instalments_paid": Field(_COUNT, "in full, in cleared money"),
            "instalments_due_unpaid": Field(_COUNT, "fallen due and not paid"),
            "other_sums_paid": Field(Amount(), "of the other sums"),
            "damage_claim": Field(Amount(), "for want of reasonable care", optional=True),
            "installation_charge": Field(Amount(), "part of the total price, counted in full", optional=True),
        }
    ),
    answer=Answer(
        {
            "total_amount_payable": Given(MONEY, "the total price, deposit and final payment included"),
            "half": Given(MONEY, "the half rule's mark"),
            "third": Given(MONEY, "the least that protects the goods"),
            "paid": Given(MONEY, "so far"),
            "sums_due_unpaid": Given(MONEY, "fallen due and not paid"),
            "shortfall": Given(MONEY, "missing to the half once those are paid"),
            "amount_payable": Given(MONEY, "what ending now costs"),
            "protected_goods": Given(TRUTH, "whether a third is paid"),
            "first_instalment_at_which_half_is_reached": Given(
                OrNull(COUNT), "0 where the deposit reaches it, null where the instalments never do"
            ),
            "rule": UNDATED_RULE,
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        "A PCP before the half": {
            "deposit": "2000.00",
            "part_exchange": "1500.00",
            "instalment": "240.00",
            "number_of_instalments": 36,
            "balloon": "7200.00",
            "other_sums": ["10.00"],
            "instalments_paid": 18,
            "instalments_due_unpaid": 1,
            "other_sums_paid": "0.00",
        }
    },
    paths={},
    notes="What is paid beyond the half is not refunded.",
    rules="""\
- Half is half of the total price, half up; a third is rounded up. An installation charge counts in full and the share
  is taken of the rest.
- `other_sums_paid` above the sum of `other_sums` is refused.
""",
)
