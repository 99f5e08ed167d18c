"""The days on which banks are shut, by rule; and the same days by a library that people keep up to date."""

from datetime import date

import holidays
import pytest

from milepost.finance.bank_holidays import ENGLAND_AND_WALES, FIRST_YEAR, LAST_YEAR, easter_sunday, of_year


@pytest.mark.parametrize("day", ["1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2026-04-05", "2038-04-25"])
def test_easter(day: str):
    assert easter_sunday(int(day[:4])).isoformat() == day


def test_a_year_with_christmas_on_a_saturday():
    assert [day.isoformat() for day in of_year(2027)] == [
        "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
    ]  # fmt: skip


def test_christmas_on_a_friday_moves_boxing_day_to_the_monday():
    assert sorted(of_year(2026))[-2:] == [date(2026, 12, 25), date(2026, 12, 28)]
    assert sorted(of_year(2022))[-2:] == [date(2022, 12, 26), date(2022, 12, 27)]  # Christmas on a Sunday


def test_what_was_proclaimed_and_moved():
    assert {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)} <= set(of_year(2022))
    assert date(2020, 5, 8) in set(of_year(2020))
    assert date(2020, 5, 4) not in set(of_year(2020))


def test_every_year_agrees_with_the_library():
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    theirs = holidays.country_holidays("GB", subdiv="ENG", years=years)
    assert {day for day in theirs if day.weekday() < 5} == ENGLAND_AND_WALES.holidays
