"""Agreements that the tests tell their stories with."""

from datetime import date
from decimal import Decimal
from typing import Any

from milepost.finance.terms import Balloon, Fee, FeeKind, RateConvention, Terms, Timing

OPTION_FEE = Fee(FeeKind.OPTION_TO_PURCHASE, 10_00, Timing.LAST)
ACCEPTANCE_FEE = Fee(FeeKind.ACCEPTANCE, 150_00, 1)


def printed(amount_of_credit: int, number: int, instalment: int, **others: Any) -> Terms:
    """An agreement whose instalments are printed: CONTRACT."""
    return Terms(amount_of_credit, number, RateConvention.CONTRACT, instalment=instalment, **others)


def rated(amount_of_credit: int, number: int, convention: str, percent: str, **others: Any) -> Terms:
    """An agreement whose instalments follow from a rate."""
    return Terms(amount_of_credit, number, RateConvention(convention), Decimal(percent), **others)


def priya() -> Terms:
    """Priya Shah's PCP, printed: 47 of 363.30, then 9,850 and the option fee of 10; drawn 14 February 2025."""
    return printed(
        21_995_00,
        47,
        363_30,
        balloon=Balloon(9_850_00, 48),
        fees=(OPTION_FEE,),
        drawdown_date=date(2025, 2, 14),
        deposit=3_000_00,
        apr_percent=Decimal("7.9"),
    )


def family_car(**others: Any) -> Terms:
    """Hire purchase of 12,000 over 48 months at 298.05, drawn 10 June 2024."""
    return printed(12_000_00, 48, 298_05, drawdown_date=date(2024, 6, 10), apr_percent=Decimal("9.3"), **others)
