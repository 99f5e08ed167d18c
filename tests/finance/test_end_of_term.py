"""The end of a PCP, and hire, which has no end to buy at."""

from decimal import Decimal
from typing import Any

import pytest

from milepost.finance.end_of_term import choices
from milepost.finance.hire import InvoiceLine, rentals
from milepost.finance.money import FinanceError
from tests.finance import vectors

CAR: dict[str, Any] = {
    "annual_allowance": 10_000,
    "months_held": 48,
    "odometer_delta": 43_215,
    "pence_per_mile": Decimal("14.9"),
    "balloon": 4_296_59,
    "option_fee": 0,
    "market_value": 5_200_00,
}


def test_keep_return_or_part_exchange():
    end = choices(**CAR)
    assert (end.allowed_miles, end.excess_miles, end.excess_charge_if_returned) == (40_000, 3_215, 479_04)
    assert (end.pay_to_keep, end.equity_if_part_exchanged) == (4_296_59, 903_41)


def test_negative_equity_is_shown_plainly():
    end = choices(
        **{**CAR, "balloon": 10_000_00, "option_fee": 10_00, "market_value": 9_100_00, "odometer_delta": 21_990}
    )
    assert (end.excess_charge_if_returned, end.pay_to_keep, end.equity_if_part_exchanged) == (0, 10_010_00, -900_00)


def test_the_allowance_of_part_years_is_rounded_down():
    assert choices(**{**CAR, "annual_allowance": 10_001, "months_held": 31}).allowed_miles == 25_835


def test_half_a_penny_of_excess_goes_up():
    end = choices(**{**CAR, "odometer_delta": 40_005, "market_value": None})
    assert end.excess_charge_if_returned == 75  # 5 x 14.9 = 74.5
    assert end.equity_if_part_exchanged is None


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("annual_allowance", -1), ("odometer_delta", -1), ("odometer_delta", 10**9), ("months_held", 601),
        ("pence_per_mile", Decimal(-1)), ("pence_per_mile", Decimal("NaN")), ("balloon", -1), ("option_fee", -1),
        ("market_value", -1),
    ],
)  # fmt: skip
def test_absurd_figures_are_refused(change: str, value: Any):
    with pytest.raises(FinanceError) as refused:
        choices(**{**CAR, change: value})
    assert refused.value.field == change


HIRE: dict[str, Any] = {
    "net_rental": 249_99,
    "initial_multiple": 6,
    "further_rentals": 35,
    "vat_percent": Decimal(20),
    "documentation_fee_net": 150_00,
}


def test_vat_is_rounded_on_each_line():
    hire = rentals(**HIRE)
    assert (hire.initial, hire.monthly) == (InvoiceLine(1_499_94, 299_99), InvoiceLine(249_99, 50_00))
    assert hire.documentation_fee.gross == 180_00
    assert (hire.total_net, hire.total_vat, hire.total_gross) == (10_399_59, 2_079_99, 12_479_58)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("net_rental", 0), ("documentation_fee_net", -1), ("initial_multiple", -1), ("further_rentals", 601),
        ("vat_percent", Decimal(101)), ("vat_percent", Decimal("Infinity")), ("vat_percent", Decimal(-1)),
    ],
)  # fmt: skip
def test_absurd_hires_are_refused(change: str, value: Any):
    with pytest.raises(FinanceError) as refused:
        rentals(**{**HIRE, change: value})
    assert refused.value.field == change


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-end-of-term-and-hire.json", "end-of-term"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    figures: dict[str, Any] = {**request_, "pence_per_mile": Decimal(request_["pence_per_mile"])}
    for field in ("balloon", "option_fee", "market_value"):
        if field in request_:
            figures[field] = vectors.pence(request_[field])
    end = choices(**figures)
    for field, expected in answer.items():
        figure = getattr(end, field)
        assert (vectors.pounds(figure) if isinstance(expected, str) else figure) == expected


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-end-of-term-and-hire.json", "hire"))
def test_worked_hires(request_: dict[str, Any], answer: dict[str, Any]):
    hire = rentals(
        net_rental=vectors.pence(request_["net_rental"]),
        initial_multiple=request_["initial_multiple"],
        further_rentals=request_["further_rentals"],
        vat_percent=Decimal(request_["vat_percent"]),
        documentation_fee_net=vectors.pence(request_["documentation_fee_net"]),
    )
    for field, expected in answer.items():
        figure = getattr(hire, field)
        if isinstance(expected, dict):
            assert {part: vectors.pounds(getattr(figure, part)) for part in expected} == expected
        else:
            assert vectors.pounds(figure) == expected
