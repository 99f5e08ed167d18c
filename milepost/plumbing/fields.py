"""Column types of our own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Whole = models.BigIntegerField[int | str, int]
else:  # Django's own fields cannot be subscripted
    Whole = models.BigIntegerField


class PenceField(Whole):
    """An amount of money in minor units of the lender's currency (pence, cents). Never null, never a fraction."""

    description = "Amount in minor units"

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "milepost.plumbing.fields.PenceField", args, kwargs
