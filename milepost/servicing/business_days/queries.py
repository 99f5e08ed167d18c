"""What day it is for the lender."""

from datetime import date

from django.db import connection

from milepost.servicing.business_days.states import DayState


class NoBusinessDay(Exception):
    """The installation has no open business day: `milepost open-day DATE` opens the first."""


def today() -> date:
    """The lender's date: of money, due dates and pages. Asked by delivery and passed down as `on`."""
    with connection.cursor() as cursor:  # by hand: every page asks, and the ORM would cost more than the statement
        cursor.execute("SELECT date FROM business_days_businessday WHERE state <> %s", [DayState.CLOSED])
        row = cursor.fetchone()
    if row is None:
        raise NoBusinessDay("No business day is open. Open the first with: milepost open-day YYYY-MM-DD")
    found: date = row[0]
    return found
