"""One payment for several agreements that the customer has not divided (CCA 1974 s81)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from milepost.finance.money import FinanceError, require_amount, round_half_up


@dataclass(frozen=True, slots=True)
class Appropriation:
    """What each agreement receives, and what is left once all are paid; minor units."""

    allocated: dict[str, int]
    unallocated: int


def appropriate(payment: int, due: Mapping[str, int]) -> Appropriation:
    """Divide a payment in proportion to the sums due, rounded half up, the remainder to the last agreement.

    No agreement receives more than is due on it. Where the customer says what the payment is for, that rules instead.
    Raises FinanceError for negative amounts or where no agreement is named.
    """
    require_amount(payment, "payment")
    if not due:
        raise FinanceError("missing", "due", "must name at least one agreement")
    for agreement, amount in due.items():
        require_amount(amount, f"due.{agreement}")
    total = sum(due.values())
    to_divide = left = min(payment, total)
    allocated = {}
    later = total
    for agreement, amount in due.items():
        later -= amount
        share = round_half_up(Fraction(to_divide * amount, total)) if total else 0
        # What the agreements after this one cannot take stays here, so the last is never given more than its due.
        allocated[agreement] = max(min(share, left), left - later)
        left -= allocated[agreement]
    return Appropriation(allocated, payment - to_divide)
