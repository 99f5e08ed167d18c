"""Spreading one receipt over what an agreement owes (domain.md 8): the waterfall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from milepost.finance.money import FinanceError, require_amount

Name = TypeVar("Name", bound=str)


class Bucket(StrEnum):
    """A kind of sum that one agreement can owe."""

    ARREARS_INTEREST = "ARREARS_INTEREST"
    ARREARS_PRINCIPAL = "ARREARS_PRINCIPAL"
    INSTALMENT_INTEREST = "INSTALMENT_INTEREST"
    INSTALMENT_PRINCIPAL = "INSTALMENT_PRINCIPAL"
    DEFAULT_INTEREST = "DEFAULT_INTEREST"
    FEES = "FEES"


FEES_LAST: tuple[Bucket, ...] = tuple(Bucket)
"""The recommended order: oldest arrears first, fees last, so that a fee never creates a new missed payment."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each bucket receives (every bucket of the order is named, minor units) and what is left over."""

    allocated: dict[Bucket, int]
    unallocated: int


def allocate(payment: int, owed: Mapping[Bucket, int], order: Sequence[Bucket] = FEES_LAST) -> Allocation:
    """Fill the buckets in `order` until `payment` is used up; what is left over is the customer's credit.

    Minor units. Raises FinanceError for negative amounts, a bucket named twice, or one owed but not in the order.
    """
    return Allocation(*fill(payment, owed, order))


def fill(payment: int, owed: Mapping[Name, int], order: Sequence[Name]) -> tuple[dict[Name, int], int]:
    """The same for buckets of any names: what each of the order receives, and what is left over."""
    require_amount(payment, "payment")
    if len(set(order)) < len(order):
        raise FinanceError("repeated", "order", "names a bucket twice")
    for bucket, amount in owed.items():
        require_amount(amount, f"owed.{bucket}")
        if bucket not in order:
            raise FinanceError("missing", "order", f"does not say when {bucket} is paid")
    left = payment
    allocated = {}
    for bucket in order:
        allocated[bucket] = min(left, owed.get(bucket, 0))
        left -= allocated[bucket]
    return allocated, left
