"""Annual percentages as exact fractions, and their monthly equivalents."""

from decimal import Decimal, getcontext
from fractions import Fraction

import pytest

from milepost.finance.money import FinanceError
from milepost.finance.rates import annual_rate, decimal_of, effective_monthly, nominal_monthly


def test_a_percentage_is_an_exact_fraction():
    assert annual_rate("8.9") == Fraction(89, 1000)
    assert annual_rate(Decimal("6.6925")) == Fraction(66925, 1_000_000)
    assert annual_rate(0) == 0


@pytest.mark.parametrize(
    ("percent", "code"),
    [
        ("-0.1", "negative"), ("NaN", "not_finite"), ("Infinity", "not_finite"), ("-Infinity", "not_finite"),
        ("1000000000", "too_large"), ("nine", "wrong_type"), ("", "wrong_type"), (None, "wrong_type"),
    ],
)  # fmt: skip
def test_an_absurd_rate_is_refused_by_name(percent: str, code: str):
    with pytest.raises(FinanceError) as refused:
        annual_rate(percent, "apr_percent")
    assert (refused.value.code, refused.value.field) == (code, "apr_percent")


def test_a_nominal_rate_is_divided_by_twelve_exactly():
    assert nominal_monthly(Fraction(89, 1000)) == Fraction(89, 12_000)


def test_an_effective_rate_compounds_to_itself():
    monthly = effective_monthly(Fraction(99, 1000))
    assert abs((1 + monthly) ** 12 - Decimal("1.099")) < Decimal("1e-26")
    assert effective_monthly(Fraction(0)) == 0


def test_a_rate_that_is_no_root_is_found_exactly():
    assert effective_monthly(Fraction(101**12, 100**12) - 1) == Decimal("0.01")


def test_the_callers_decimal_context_is_left_alone():
    before = getcontext().copy()
    decimal_of(Fraction(1, 3))
    effective_monthly(Fraction(123, 4567))
    assert getcontext().prec == before.prec
    assert getcontext().flags == before.flags
