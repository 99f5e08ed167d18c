"""`hire`: the rentals of personal contract hire, with VAT on each line."""

from typing import Any

from milepost.finance.calculations.answers import ENGINE_FIELD, MONEY, Answer, Given, money
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Field, Object, Percentage, Whole
from milepost.finance.hire import InvoiceLine, rentals
from milepost.finance.terms import MOST_INSTALMENTS

_COUNT = Whole(0, MOST_INSTALMENTS)
_LINE = Answer({"net": Given(MONEY, "before VAT"), "vat": Given(MONEY, "half up"), "gross": Given(MONEY, "both")})


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """Each kind of invoice line once, and all of them together (rules: `finance.hire`)."""
    found = rentals(**request)
    return {
        "initial": _line(found.initial),
        "monthly": _line(found.monthly),
        "documentation_fee": _line(found.documentation_fee),
        "total_net": money(found.total_net),
        "total_vat": money(found.total_vat),
        "total_gross": money(found.total_gross),
    }


def _line(line: InvoiceLine) -> dict[str, str]:
    return {"net": money(line.net), "vat": money(line.vat), "gross": money(line.gross)}


KIND = Kind(
    name="hire",
    summary="The rentals of personal contract hire, with VAT.",
    request=Object(
        {
            "net_rental": Field(Amount(least=1), "a month, before VAT"),
            "initial_multiple": Field(_COUNT, "months of rent in the initial rental"),
            "further_rentals": Field(_COUNT, "monthly rentals after it"),
            "vat_percent": Field(Percentage(100), "on every line"),
            "documentation_fee_net": Field(Amount(), "before VAT"),
        }
    ),
    answer=Answer(
        {
            "initial": Given(_LINE, "the initial rental"),
            "monthly": Given(_LINE, "each further rental"),
            "documentation_fee": Given(_LINE, "once"),
            "total_net": Given(MONEY, "of all lines"),
            "total_vat": Given(MONEY, "of all lines, each rounded by itself"),
            "total_gross": Given(MONEY, "everything the customer pays"),
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        "Three months' rent, then 23 rentals": {
            "net_rental": "219.45",
            "initial_multiple": 3,
            "further_rentals": 23,
            "vat_percent": "20",
            "documentation_fee_net": "125.00",
        }
    },
    paths={},
)
