"""The worked example of each product's page in docs/products: one agreement, and one notice to settle it."""

from dataclasses import dataclass
from datetime import date

from milepost.finance.policy import Deferral
from milepost.finance.schedule import Terms
from milepost.finance.terms import Balloon
from tests.finance.agreements import ACCEPTANCE_FEE, OPTION_FEE, family_car, printed, priya, rated


@dataclass(frozen=True)
class Example:
    """An agreement, the day a notice to settle it arrives, and the lender's choice of settlement date."""

    terms: Terms
    apr_percent: str
    received_on: date
    deferral: Deferral


EXAMPLES = {
    "HIRE_PURCHASE": Example(
        family_car(fees=(ACCEPTANCE_FEE, OPTION_FEE), deposit=1_500_00), "10.0", date(2025, 12, 3), Deferral.MONTH
    ),
    "PCP": Example(priya(), "7.9", date(2026, 11, 22), Deferral.DAYS_30),
    "LEASE_PURCHASE": Example(
        rated(
            15_000_00, 36, "EFFECTIVE", "11.9", advance_instalments=3, balloon=Balloon(4_000_00, 34),
            drawdown_date=date(2025, 1, 10),
        ),
        "11.9", date(2026, 3, 2), Deferral.MONTH,
    ),
    "CONDITIONAL_SALE": Example(
        printed(9_000_00, 36, 290_00, drawdown_date=date(2024, 1, 31), part_exchange=2_000_00),
        "10.4", date(2025, 1, 2), Deferral.MONTH,
    ),
    "PERSONAL_LOAN": Example(
        rated(7_500_00, 60, "EFFECTIVE", "6.9", drawdown_date=date(2024, 3, 15)),
        "6.9", date(2026, 3, 1), Deferral.NONE,
    ),
}  # fmt: skip
