"""The most a lender may claim when a customer pays early (CCA 1974 s95A): never asked for unless policy says so."""

from datetime import date

from milepost.finance import law
from milepost.finance.calendars import FOREVER
from milepost.finance.law import Provision
from milepost.finance.money import require_amount


def maximum(
    *,
    payment: int,
    other_payments_last_12_months: int,
    more_than_one_year_left: bool,
    interest_avoided: int,
    on: date = FOREVER,
) -> int:
    """The cap in minor units, rounded down, under the law of a date (default: the latest recorded).

    Nought unless the early payments of twelve months together exceed the threshold; then a percentage of this payment,
    lower where a year or less is left, and never more than the interest the customer would have paid. What is claimed
    must besides be fair and objectively justified, which no formula decides. Raises FinanceError for negative amounts.
    """
    for field, amount in (
        ("payment", payment),
        ("other_payments_last_12_months", other_payments_last_12_months),
        ("interest_avoided", interest_avoided),
    ):
        require_amount(amount, field)
    if payment + other_payments_last_12_months <= law.in_force(Provision.COMPENSATORY_THRESHOLD, on).whole:
        return 0
    longer, shorter = Provision.COMPENSATORY_SHARE, Provision.COMPENSATORY_SHARE_LAST_YEAR
    share = law.in_force(longer if more_than_one_year_left else shorter, on).value
    return min(int(payment * share), interest_avoided)
