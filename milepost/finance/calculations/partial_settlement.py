"""`partial-settlement`: paying part of the debt early, with the term or the instalment kept."""

from typing import Any

from milepost.finance.calculations import agreement
from milepost.finance.calculations.answers import COUNT, ENGINE_FIELD, MONEY, SIGNED_MONEY, Answer, Given, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Choice, Field, Object, Whole
from milepost.finance.partial_settlement import Keeping, settle_in_part
from milepost.finance.terms import MOST_INSTALMENTS

REQUEST = Object(
    agreement.FIELDS
    | {
        "instalments_paid": Field(Whole(1, MOST_INSTALMENTS), "the payment is made on this instalment's day, after it"),
        "partial_payment": Field(Amount(least=1), "paid besides the instalment"),
        "mode": Field(Choice(*Keeping), "what stays as it was"),
    }
)


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The agreement afterwards (rules: `finance.partial_settlement`)."""
    product, terms = agreement.read(request)
    found = settle_in_part(
        terms=terms,
        schedule=product.schedule(terms),
        instalments_paid=request["instalments_paid"],
        payment=request["partial_payment"],
        keeping=Keeping(request["mode"]),
    )
    return {
        "balance_before": money(found.balance_before),
        "balance_after": money(found.balance_after),
        "new_instalment": money(found.new_instalment),
        "remaining_instalments": found.remaining_instalments,
        "final_instalment": money(found.final_instalment),
        "remaining_total": money(found.remaining_total),
        "interest_saved": money(found.interest_saved),
    }


KIND = Kind(
    name="partial-settlement",
    summary="What changes when a customer pays part of the debt early.",
    request=REQUEST,
    answer=Answer(
        {
            "balance_before": Given(MONEY, "principal owed after the instalment"),
            "balance_after": Given(MONEY, "and after the payment"),
            "new_instalment": Given(MONEY, "each instalment to come"),
            "remaining_instalments": Given(COUNT, "how many, the last included, the balloon not"),
            "final_instalment": Given(
                SIGNED_MONEY, "the last instalment alone; negative only where a balloon shares its row"
            ),
            "remaining_total": Given(MONEY, "all there is to pay from now on, fees left out"),
            "interest_saved": Given(
                SIGNED_MONEY,
                "what the payment spares beyond its own amount; rounding may make a tiny payment spare less",
            ),
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        mode: {
            "product": "HIRE_PURCHASE",
            "amount_of_credit": "9000.00",
            "number_of_instalments": 36,
            "rate": {"convention": "NOMINAL", "annual_percent": "8.4"},
            "instalments_paid": 12,
            "partial_payment": "1500.00",
            "mode": mode,
        }
        for mode in map(str, Keeping)
    },
    paths=agreement.PATHS,
    notes="With a balloon the instalment cannot be kept: the balloon's date is fixed.",
    rules="""\
- Interest goes on at i as under `schedule`, the implied rate where the contract is FLAT or CONTRACT. Every period left
  is one month.
- KEEP_TERM: the instalment is worked out anew, from the balance after the payment over the instalments left.
  KEEP_INSTALMENT: it stays until the balance with its month's interest is no more; that is the last.
- `interest_saved` is the interest that was still to come, less that which now is.
- No number of a dated law enters into this, so there is no `rule`. The agreement itself is as under `schedule`.
""",
)
