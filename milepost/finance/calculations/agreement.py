"""A credit agreement as requests describe it -> Terms. Shared by `schedule`, `settlement` and `partial-settlement`."""

from collections.abc import Mapping
from typing import Any

from milepost.finance.calculations.fields import (
    Amount,
    Choice,
    Day,
    Field,
    ListOf,
    Object,
    Percentage,
    Whole,
    WholeOr,
    refuse,
)
from milepost.finance.products import PRODUCTS
from milepost.finance.products.protocol import Product
from milepost.finance.terms import (
    MOST_INSTALMENTS,
    Balloon,
    Fee,
    FeeKind,
    OddFirstPeriod,
    RateConvention,
    Terms,
    Timing,
)

CREDIT = [code for code in PRODUCTS if PRODUCTS[code].rights.early_settlement_rebate]
MOST_FEES = 20

FIELDS: dict[str, Field] = {
    "product": Field(Choice(*CREDIT), "the type of agreement"),
    "amount_of_credit": Field(Amount(least=1), "what is borrowed, after deposit and part-exchange"),
    "number_of_instalments": Field(Whole(1, MOST_INSTALMENTS), "advance ones included, the balloon never"),
    "rate": Field(
        Object(
            {
                "convention": Field(
                    Choice(*RateConvention),
                    "nominal: a twelfth a month; effective: the twelfth root; flat: on the credit for the whole term; "
                    "contract: the printed payments rule",
                ),
                "annual_percent": Field(Percentage(), "a year; needed unless CONTRACT", optional=True),
            }
        ),
        "what the agreement's rate means",
    ),
    "drawdown_date": Field(Day(), "the day of the advance; without it every period is an equal month", optional=True),
    "first_due_date": Field(
        Day(), "of the first instalment not paid in advance; default: a month after the drawdown", optional=True
    ),
    "advance_instalments": Field(
        Whole(0, MOST_INSTALMENTS - 1), "how many are paid on the drawdown date; default 0", optional=True
    ),
    "balloon": Field(
        Object(
            {
                "amount": Field(Amount(least=1), "the final payment, never adjusted"),
                "month": Field(
                    Whole(1, MOST_INSTALMENTS + 1), "months after the drawdown: the last instalment's, or the next"
                ),
            }
        ),
        "a final payment",
        optional=True,
    ),
    "fees": Field(
        ListOf(
            Object(
                {
                    "kind": Field(Choice(*FeeKind), "what it is for"),
                    "amount": Field(Amount(), "outside the balance, inside the APR"),
                    "with_instalment": Field(
                        WholeOr(Whole(1, MOST_INSTALMENTS), Choice(*Timing)),
                        "an instalment's number, before the first, or with the last row",
                    ),
                }
            ),
            most=MOST_FEES,
        ),
        "fees of the agreement",
        optional=True,
    ),
    "instalment": Field(Amount(least=1), "as printed; for CONTRACT, and for no other rate", optional=True),
    "final_instalment": Field(Amount(least=1), "as printed, where it differs; CONTRACT only", optional=True),
    "odd_first_period": Field(
        Choice(*OddFirstPeriod),
        "how interest runs when the first due date is not a month after the drawdown; default EQUAL",
        optional=True,
    ),
    "deposit": Field(Amount(), "paid by the customer at the start", optional=True),
}

PATHS = {"annual_percent": "rate.annual_percent"}


def read(request: Mapping[str, Any]) -> tuple[Product, Terms]:
    """The product and terms of a request. Raises FinanceError where they contradict each other."""
    product = PRODUCTS[request["product"]]
    balloon = request.get("balloon")
    terms = Terms(
        amount_of_credit=request["amount_of_credit"],
        number_of_instalments=request["number_of_instalments"],
        rate_convention=RateConvention(request["rate"]["convention"]),
        annual_percent=request["rate"].get("annual_percent"),
        drawdown_date=request.get("drawdown_date"),
        first_due_date=request.get("first_due_date"),
        advance_instalments=request.get("advance_instalments", 0),
        balloon=Balloon(balloon["amount"], balloon["month"]) if balloon else None,
        fees=tuple(_fee(place, row, request) for place, row in enumerate(request.get("fees", []))),
        instalment=request.get("instalment"),
        final_instalment=request.get("final_instalment"),
        odd_first_period=OddFirstPeriod(request.get("odd_first_period", OddFirstPeriod.EQUAL)),
        deposit=request.get("deposit", 0),
    )
    product.check(terms)
    return product, terms


def _fee(place: int, row: Mapping[str, Any], request: Mapping[str, Any]) -> Fee:
    timing = row["with_instalment"]
    if isinstance(timing, str):
        return Fee(FeeKind(row["kind"]), row["amount"], Timing(timing))
    number = request["number_of_instalments"]
    if timing > number:
        refuse("out_of_range", f"fees[{place}].with_instalment", f"must be one of the {number} instalments")
    return Fee(FeeKind(row["kind"]), row["amount"], timing)
