"""The lender's own choices, as dated versions: whatever the law leaves open is a field here, never a constant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from milepost.finance.allocation import FEES_LAST, Bucket
from milepost.finance.money import FinanceError, require_amount
from milepost.finance.rates import annual_rate


class Deferral(StrEnum):
    """How far the settlement date lies beyond notice + 28 days, where the term exceeds a year (SI 2004/1483)."""

    MONTH = "MONTH"
    DAYS_30 = "DAYS_30"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class LenderPolicy:
    """One version of the lender's choices, in force from `effective_from` until the next version's date.

    Amounts in minor units; `default_interest_percent` is a year's, nought for none.
    Working days are those of the lender's own calendar.
    """

    version: int
    effective_from: date
    settlement_deferral: Deferral = Deferral.NONE
    settlement_choice_days: int = 182
    """How far ahead a customer may choose the day on which she settles."""
    allocation_order: tuple[Bucket, ...] = FEES_LAST
    arrears_grace_days: int = 0
    returned_payment_fee: int = 0
    late_payment_fee: int = 0
    default_fees_monthly_cap: int = 0
    default_interest_percent: Decimal = Decimal(0)
    advance_notice_working_days: int = 10
    representation_attempts: int = 2
    default_notice_service_days: int = 0
    claims_compensatory_amount: bool = False
    charges_excess_mileage_on_termination: bool = False

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read one version, as a settings file holds it.

        Dates may be dates or ISO text; `version` and `effective_from` are required, the rest have defaults that favour
        the customer. Raises FinanceError whose `field` is the key at fault.
        """
        known = {field.name: field.type for field in fields(cls)}
        for key in mapping:
            if key not in known:
                raise FinanceError("unknown", key, "is not a policy; check its spelling")
        for key in ("version", "effective_from"):
            if key not in mapping:
                raise FinanceError("missing", key, "every version of the policy needs it")
        return cls(**{key: _read(key, known[key], value) for key, value in mapping.items()})


def _read(key: str, kind: Any, value: Any) -> Any:
    """One value of a settings file as the type its field declares."""
    try:
        if kind is date:
            return value if type(value) is date else date.fromisoformat(value)
        if kind is Deferral:
            return Deferral(value)
        if kind == tuple[Bucket, ...]:
            return _order(key, value)
        if kind is Decimal:
            if type(value) not in (str, int, Decimal):  # a binary fraction is no exact rate
                raise FinanceError("wrong_type", key, 'must be a decimal text, such as "8.9"')
            annual_rate(value, key)
            return Decimal(value)
    except FinanceError:
        raise
    except (TypeError, ValueError) as error:
        raise FinanceError("invalid", key, f"cannot be {value!r}") from error
    if type(value) is not kind:
        raise FinanceError("wrong_type", key, f"must be {'true or false' if kind is bool else 'a whole number'}")
    if kind is int:
        require_amount(value, key)
    return value


def _order(key: str, names: Iterable[str]) -> tuple[Bucket, ...]:
    """An allocation order must name every bucket once: money without a place would vanish from the waterfall."""
    order = tuple(Bucket(name) for name in names)
    if sorted(order) != sorted(Bucket):
        raise FinanceError("invalid", key, f"must name each of {', '.join(Bucket)} once")
    return order


def in_force(policies: Iterable[LenderPolicy], on: date) -> LenderPolicy:
    """The version in force on a date: the latest that had begun. Raises FinanceError when none had."""
    begun = [policy for policy in policies if policy.effective_from <= on]
    if not begun:
        raise FinanceError("missing", "effective_from", f"no policy is in force on {on}")
    return max(begun, key=lambda policy: (policy.effective_from, policy.version))
