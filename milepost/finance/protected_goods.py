"""When a share of the total price was paid in cleared money (CCA 1974 s90: one third protects the goods).

A returned payment can un-protect them, so the first and the last crossing are both told (domain.md 5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from milepost.finance.calendars import FOREVER
from milepost.finance.money import require_amount


@dataclass(frozen=True, slots=True)
class Crossing:
    """Whether a mark is reached, since when, and when it first was; FOREVER where it is not or never was."""

    is_reached: bool
    since: date
    first_reached: date


def crossing(movements: Iterable[tuple[date, int]], mark: int) -> Crossing:
    """Follow cleared money against a mark in minor units.

    `movements` are (value date, amount) in any order; amounts are negative where a payment was returned. What happens
    on one day counts together, at that day's end. Raises FinanceError for a negative mark.
    """
    require_amount(mark, "mark")
    by_day: dict[date, int] = {}
    for day, amount in movements:
        by_day[day] = by_day.get(day, 0) + amount
    paid = 0
    since = first = FOREVER
    for day in sorted(by_day):
        paid += by_day[day]
        if paid < mark:
            since = FOREVER
        elif since == FOREVER:
            since = day
            first = min(first, day)
    return Crossing(paid >= mark, since, first)
