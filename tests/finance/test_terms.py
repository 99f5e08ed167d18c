"""Terms: checked when made, frozen as JSON, read back the same."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from milepost.finance.money import FinanceError
from milepost.finance.terms import Balloon, Fee, FeeKind, OddFirstPeriod, RateConvention, Terms, Timing

PLAIN: dict[str, Any] = {
    "amount_of_credit": 12_000_00,
    "number_of_instalments": 48,
    "rate_convention": RateConvention.NOMINAL,
    "annual_percent": Decimal("8.9"),
}
PRINTED: dict[str, Any] = {
    "amount_of_credit": 12_000_00,
    "number_of_instalments": 48,
    "rate_convention": RateConvention.CONTRACT,
    "instalment": 298_05,
}
FULL = Terms(
    amount_of_credit=21_000_00,
    number_of_instalments=48,
    rate_convention=RateConvention.CONTRACT,
    drawdown_date=date(2024, 3, 15),
    first_due_date=date(2024, 5, 1),
    due_day=1,
    balloon=Balloon(9_800_00, 49),
    fees=(
        Fee(FeeKind.ACCEPTANCE, 150_00, 1),
        Fee(FeeKind.OTHER, 35_00, Timing.UPFRONT),
        Fee(FeeKind.OPTION_TO_PURCHASE, 10_00, Timing.LAST),
    ),
    instalment=346_24,
    final_instalment=346_20,
    odd_first_period=OddFirstPeriod.COMPOUND,
    deposit=1_500_00,
    part_exchange=2_000_00,
    apr_percent=Decimal("8.9"),
)


@pytest.mark.parametrize("terms", [FULL, Terms(**PLAIN), Terms(**PRINTED)], ids=["full", "plain", "printed"])
def test_terms_are_read_back_as_they_were_frozen(terms: Terms):
    assert Terms.from_json(json.loads(json.dumps(terms.to_json()))) == terms


def test_frozen_terms_hold_text_whole_numbers_and_their_version():
    frozen = FULL.to_json()
    assert frozen["terms"] == 1
    assert (frozen["amount_of_credit"], frozen["apr_percent"], frozen["drawdown_date"]) == (
        2_100_000,
        "8.9",
        "2024-03-15",
    )
    assert frozen["fees"][2] == {"kind": "OPTION_TO_PURCHASE", "amount": 1_000, "timing": "LAST"}
    assert Terms(**PLAIN).to_json()["balloon"] is None


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"terms": 2}, "unknown_version", "terms"),
        ({"colour": "red"}, "unknown", "colour"),
        ({"amount_of_credit": None}, "missing", "amount_of_credit"),
        ({"amount_of_credit": "1200000"}, "wrong_type", "amount_of_credit"),
        ({"rate_convention": "GUESS"}, "invalid", "rate_convention"),
        ({"apr_percent": "nine"}, "invalid", "apr_percent"),
        ({"drawdown_date": "2024-02-30"}, "invalid", "drawdown_date"),
        ({"drawdown_date": 20240315}, "invalid", "drawdown_date"),
        ({"balloon": {"amount": 5}}, "invalid", "balloon"),
        ({"fees": [{"kind": "TIP", "amount": 5, "timing": 1}]}, "invalid", "fees"),
        ({"fees": [{"kind": "OTHER", "amount": 5, "timing": "SOON"}]}, "invalid", "fees"),
    ],
)
def test_frozen_terms_that_cannot_be_read(change: dict[str, Any], code: str, field: str):
    with pytest.raises(FinanceError) as refused:
        Terms.from_json({**FULL.to_json(), **change})
    assert (refused.value.code, refused.value.field) == (code, field)


ABSURD: list[tuple[dict[str, Any], str, str]] = [
    ({"amount_of_credit": 0}, "too_small", "amount_of_credit"),
    ({"amount_of_credit": -5}, "negative", "amount_of_credit"),
    ({"amount_of_credit": 10**12}, "too_large", "amount_of_credit"),
    ({"number_of_instalments": 0}, "out_of_range", "number_of_instalments"),
    ({"number_of_instalments": 601}, "out_of_range", "number_of_instalments"),
    ({"number_of_instalments": "48"}, "out_of_range", "number_of_instalments"),
    ({"advance_instalments": 48}, "out_of_range", "advance_instalments"),
    ({"advance_instalments": -1}, "out_of_range", "advance_instalments"),
    ({"balloon": Balloon(12_000_01, 48)}, "too_large", "balloon.amount"),
    ({"balloon": Balloon(0, 48)}, "too_small", "balloon.amount"),
    ({"balloon": Balloon(5_000_00, 47)}, "out_of_range", "balloon.month"),
    ({"balloon": Balloon(5_000_00, 50)}, "out_of_range", "balloon.month"),
    ({"balloon": Balloon(5_000_00, 48), "advance_instalments": 3}, "out_of_range", "balloon.month"),
    ({"annual_percent": None}, "missing", "annual_percent"),
    ({"annual_percent": Decimal(10**9)}, "too_large", "annual_percent"),
    ({"annual_percent": Decimal("NaN")}, "not_finite", "annual_percent"),
    ({"annual_percent": Decimal(-1)}, "negative", "annual_percent"),
    ({"apr_percent": Decimal(-1)}, "negative", "apr_percent"),
    ({"instalment": 298_05}, "not_allowed", "instalment"),
    ({"final_instalment": 298_05}, "not_allowed", "instalment"),
    ({"deposit": -1}, "negative", "deposit"),
    ({"part_exchange": -1}, "negative", "part_exchange"),
    ({"fees": (Fee(FeeKind.OTHER, -1, 1),)}, "negative", "fees"),
    ({"fees": (Fee(FeeKind.OTHER, 1, 0),)}, "out_of_range", "fees"),
    ({"fees": (Fee(FeeKind.OTHER, 1, 49),)}, "out_of_range", "fees"),
    ({"first_due_date": date(2025, 3, 1)}, "missing", "drawdown_date"),
    ({"drawdown_date": date(2025, 3, 1), "first_due_date": date(2025, 3, 1)}, "too_early", "first_due_date"),
    ({"drawdown_date": date(2025, 3, 1), "first_due_date": date(2025, 2, 1)}, "too_early", "first_due_date"),
    ({"drawdown_date": date(1066, 10, 14)}, "out_of_range", "drawdown_date"),
    ({"drawdown_date": date(9999, 12, 31)}, "out_of_range", "drawdown_date"),
    ({"drawdown_date": date(2025, 3, 1), "first_due_date": date(9999, 4, 1)}, "out_of_range", "first_due_date"),
    ({"due_day": 32}, "out_of_range", "due_day"),
    ({"drawdown_date": date(2025, 3, 1), "first_due_date": date(2025, 4, 1), "due_day": 7}, "contradiction", "due_day"),
]


@pytest.mark.parametrize(("change", "code", "field"), ABSURD)
def test_absurd_terms_are_refused_by_field(change: dict[str, Any], code: str, field: str):
    with pytest.raises(FinanceError) as refused:
        Terms(**{**PLAIN, **change})
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.message


@pytest.mark.parametrize("change", [{"instalment": None}, {"instalment": -1}, {"final_instalment": -1}])
def test_a_contract_prints_its_instalments(change: dict[str, Any]):
    with pytest.raises(FinanceError, match="instalment"):
        Terms(**{**PRINTED, **change})


def dated(drawdown: date, first_due: date | None = None, due_day: int | None = None) -> Terms:
    return Terms(**PLAIN, drawdown_date=drawdown, first_due_date=first_due, due_day=due_day)


@pytest.mark.parametrize(
    ("terms", "first_due", "day"),
    [
        (dated(date(2025, 2, 14)), date(2025, 3, 14), 14),
        (dated(date(2025, 1, 31)), date(2025, 2, 28), 31),
        (dated(date(2025, 1, 31), date(2025, 2, 28)), date(2025, 2, 28), 31),
        (dated(date(2025, 1, 17), date(2025, 2, 28)), date(2025, 2, 28), 28),
        (dated(date(2025, 1, 31), date(2025, 3, 15)), date(2025, 3, 15), 15),
        (dated(date(2025, 1, 31), date(2025, 4, 30)), date(2025, 4, 30), 31),
        (dated(date(2025, 1, 17), date(2025, 2, 28), 30), date(2025, 2, 28), 30),
        (dated(date(2025, 1, 17), due_day=25), date(2025, 2, 25), 25),
    ],
)
def test_the_due_day_is_the_first_due_dates_or_what_it_was_shortened_from(terms: Terms, first_due: date, day: int):
    assert (terms.first_due, terms.day_of_month) == (first_due, day)


def test_what_undated_and_contract_terms_cannot_say():
    with pytest.raises(FinanceError, match="drawdown_date"):
        _ = Terms(**PLAIN).first_due
    with pytest.raises(FinanceError, match="states no rate"):
        _ = Terms(**PRINTED).annual


def test_upfront_fees_are_apart():
    assert FULL.upfront_fees == 35_00
