"""A rate that was wrong: the schedule again, at the right rate from a date on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from milepost.finance.schedule import Schedule, build
from milepost.finance.terms import Balloon, OddFirstPeriod, RateConvention, Terms


def corrected(terms: Terms, schedule: Schedule, rates: Mapping[date, Decimal]) -> Schedule:
    """The whole schedule as signed, with each correction (a percentage a year, from a date on) applied by its date.

    A rate counts from the first period that begins on or after its date: the rows before are left as they are, those
    from there on are level again over the same term, with the same dates, fees and balloon. A rate is an effective one
    where the agreement's is, otherwise a nominal one. Raises FinanceError for a rate that no schedule can have.
    """
    for on, percent in sorted(rates.items()):
        row = _first_row(schedule, on)
        if row < terms.number_of_instalments:
            schedule = _from_row(terms, schedule, row, percent)
    return schedule


def _first_row(schedule: Schedule, on: date) -> int:
    row = schedule.advance
    while row < len(schedule) and (schedule.due(row - 1) if row else schedule.drawdown_date) < on:
        row += 1
    return row


def _from_row(terms: Terms, schedule: Schedule, row: int, percent: Decimal) -> Schedule:
    left = terms.number_of_instalments - row
    balloon = terms.balloon
    if balloon:
        balloon = Balloon(balloon.amount, left + balloon.month - terms.last_instalment_month)
    at_start = row == schedule.advance
    effective = terms.rate_convention is RateConvention.EFFECTIVE
    rest = build(
        Terms(
            amount_of_credit=schedule.balance_after(row - 1),
            number_of_instalments=left,
            rate_convention=RateConvention.EFFECTIVE if effective else RateConvention.NOMINAL,
            annual_percent=percent,
            drawdown_date=schedule.drawdown_date if at_start else schedule.due(row - 1),
            first_due_date=schedule.due(row),
            due_day=schedule.due_day,
            balloon=balloon,
            odd_first_period=terms.odd_first_period if at_start else OddFirstPeriod.EQUAL,
            rounding=terms.rounding,
        )
    )
    return replace(
        schedule,
        principal=schedule.principal[:row] + rest.principal,
        interest=schedule.interest[:row] + rest.interest,
    )
