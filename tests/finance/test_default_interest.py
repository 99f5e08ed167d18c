"""Interest on what is missed and on default sums."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from milepost.finance.default_interest import DefaultInterest, charge
from milepost.finance.money import FinanceError
from milepost.finance.rates import annual_rate
from tests.finance import vectors

RATE = Fraction(89, 1000)
NOTICE_BAR = date(2026, 4, 10)  # a notice given on 13 March: the 29th day, 11 April, is the first to be charged for


@pytest.mark.parametrize(
    ("principal", "start", "end", "free_until", "charged"),
    [
        (298_05, date(2026, 3, 10), date(2026, 4, 17), None, DefaultInterest(38, 2_76)),
        (298_05, date(2028, 2, 10), date(2028, 3, 10), None, DefaultInterest(29, 2_11)),
        (25_00, date(2026, 3, 12), date(2026, 6, 30), NOTICE_BAR, DefaultInterest(81, 49)),
        (25_00, date(2026, 3, 12), date(2026, 4, 5), NOTICE_BAR, DefaultInterest(0, 0)),
        (25_00, date(2026, 3, 12), date(2026, 4, 11), NOTICE_BAR, DefaultInterest(1, 1)),
        (298_05, date(2026, 5, 1), date(2026, 5, 31), NOTICE_BAR, DefaultInterest(30, 2_18)),
    ],
)
def test_days_and_interest(principal: int, start: date, end: date, free_until: date | None, charged: DefaultInterest):
    assert charge(principal=principal, annual=RATE, start=start, end=end, interest_free_until=free_until) == charged


@pytest.mark.parametrize(("principal", "end"), [(-1, date(2026, 4, 1)), (1, date(2026, 2, 1))])
def test_what_cannot_be_charged(principal: int, end: date):
    with pytest.raises(FinanceError):
        charge(principal=principal, annual=RATE, start=date(2026, 3, 1), end=end)


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-default-interest.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    charged = charge(
        principal=vectors.pence(request_["principal"]),
        annual=annual_rate(Decimal(request_["annual_percent"])),
        start=date.fromisoformat(request_["start_date"]),
        end=date.fromisoformat(request_["end_date"]),
        interest_free_until=vectors.day(request_.get("interest_free_until")),
    )
    assert {"days": charged.days, "interest": vectors.pounds(charged.interest)} == answer
