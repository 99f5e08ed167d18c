"""The bank holidays of England and Wales, 1979 to 2100: by rule, with the days that were proclaimed or moved.

For calculations that must do without a library. A lender's own calendar is its choice and comes from its settings.
Sources: Banking and Financial Dealings Act 1971, Schedule 1; the royal proclamations listed here.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from milepost.finance.calendars import WorkingDays

FIRST_YEAR, LAST_YEAR = 1979, 2100

_PROCLAIMED = (
    date(1981, 7, 29),  # wedding of the Prince of Wales
    date(1999, 12, 31),  # eve of the year 2000
    date(2002, 6, 3),  # Golden Jubilee
    date(2011, 4, 29),  # wedding of Prince William
    date(2012, 6, 5),  # Diamond Jubilee
    date(2022, 6, 3),  # Platinum Jubilee
    date(2022, 9, 19),  # state funeral of Queen Elizabeth II
    date(2023, 5, 8),  # coronation
)
_EARLY_MAY_MOVED = {1995: date(1995, 5, 8), 2020: date(2020, 5, 8)}  # fifty and seventy-five years of VE Day
_SPRING_MOVED = {2002: date(2002, 6, 4), 2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}  # the jubilees
_SATURDAY = 5


def easter_sunday(year: int) -> date:
    """By the Gregorian rule of 1583."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def of_year(year: int) -> Iterator[date]:
    """The days of one year on which banks are shut, Saturdays and Sundays apart."""
    easter = easter_sunday(year)
    yield from _substituted(date(year, 1, 1))
    yield easter - timedelta(days=2)
    yield easter + timedelta(days=1)
    yield _EARLY_MAY_MOVED.get(year) or _monday_from(date(year, 5, 1))
    yield _SPRING_MOVED.get(year) or _monday_from(date(year, 5, 25))
    yield _monday_from(date(year, 8, 25))
    yield from _substituted(date(year, 12, 25), date(year, 12, 26))
    yield from (day for day in _PROCLAIMED if day.year == year)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _substituted(*days: date) -> Iterator[date]:
    """Each day; one that falls on a weekend gives the next weekday that is not one of them already."""
    taken = {day for day in days if day.weekday() < _SATURDAY}
    yield from sorted(taken)
    for day in days:
        if day.weekday() >= _SATURDAY:
            while day.weekday() >= _SATURDAY or day in taken:
                day += timedelta(days=1)
            taken.add(day)
            yield day


ENGLAND_AND_WALES = WorkingDays(frozenset(day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in of_year(year)))
