"""What tests of pages start from. Imports wait for the fixtures: Django loads its applications after this file."""

from datetime import UTC, date, datetime

import pytest

OPENED = date(2026, 11, 22)


@pytest.fixture
def business_day(db: None) -> date:
    """The lender's date is open: no page can be drawn without one."""
    from milepost.servicing.business_days.models import BusinessDay

    BusinessDay.objects.create(date=OPENED, state="OPEN", opened_at=datetime(2026, 11, 22, 6, tzinfo=UTC))
    return OPENED
