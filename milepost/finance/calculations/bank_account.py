"""`bank-account`: whether a sort code and an account number can belong together."""

from typing import Any

from milepost.finance.bank_account import check
from milepost.finance.calculations.answers import DATE, ENGINE_FIELD, TEXT, TRUTH, Answer, Given, OrNull, day
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Digits, Field, Object


def compute(request: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """The modulus check by the table handed in (rules: `finance.bank_account`)."""
    found = check(request["sort_code"], request["account_number"], tables.weights)
    return {
        "valid": found.valid,
        "verified": found.verified,
        "reason": found.reason,
        "weights_since": day(tables.weights_since) if tables.weights_since else None,
    }


KIND = Kind(
    name="bank-account",
    summary="The UK modulus check. A pass does not prove that the account exists.",
    request=Object(
        {
            "sort_code": Field(Digits(6, "089999"), "without dashes"),
            "account_number": Field(Digits(8, "66374958"), "a shorter one with noughts in front"),
        }
    ),
    answer=Answer(
        {
            "valid": Given(TRUTH, "nothing speaks against the pair"),
            "verified": Given(TRUTH, "a rule of the table was applied"),
            "reason": Given(TEXT, "which, in English"),
            "weights_since": Given(OrNull(DATE), "the day from which the loaded table applies"),
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={"No table loaded": {"sort_code": "100500", "account_number": "00000018"}},
    paths={},
    notes="The operator loads the table: `milepost load-sort-codes valacdos.txt scsubtab.txt --effective 2026-06-20`.",
)
